from incidentops.core.finding import Location, Pointer
from incidentops.core.source import Document


def test_a_document_asks_for_a_place_only_when_it_is_asked():
    asked = []

    def locate(pointer: Pointer) -> Location:
        asked.append(pointer)
        return Location("x", 3, 4)

    document = Document("x", b"title: y\n", {"title": "y"}, locate)
    assert asked == []
    assert document.at("timeline", 3, "at") == Location("x", 3, 4)
    assert asked == [("timeline", 3, "at")]

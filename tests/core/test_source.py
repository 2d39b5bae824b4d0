from incidentops.core.finding import Location, Pointer
from incidentops.core.source import Document, blob


def test_a_document_asks_for_a_place_only_when_it_is_asked():
    asked = []

    def locate(pointer: Pointer) -> Location:
        asked.append(pointer)
        return Location("x", 3, 4)

    document = Document("x", b"title: y\n", {"title": "y"}, locate)
    assert asked == []
    assert document.at("timeline", 3, "at") == Location("x", 3, 4)
    assert asked == [("timeline", 3, "at")]


def test_a_document_has_the_object_id_of_git_and_its_text_without_a_byte_order_mark():
    document = Document("x", b"\xef\xbb\xbfa: \xc3\xa9\n", {"a": "é"}, lambda _: Location("x"))
    assert "a: é\n" == document.text
    assert blob(document.content) == document.blob
    assert "ce013625030ba8dba906f756967f9e9ca394464a" == blob(b"hello\n")  # git hash-object

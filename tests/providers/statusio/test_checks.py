"""What doctor says of the status page."""

from collections.abc import Mapping

from incidentops.core.errors import BadConfiguration
from incidentops.providers.base import CheckStatus
from incidentops.providers.statusio.checks import checks
from make import a_handbook

COMPONENTS = [
    {"_id": "c1", "name": "API", "containers": [{"_id": "k1", "name": "Europe"}]},
    {"_id": "c2", "name": "\x1b[31mWeb", "containers": [{"_id": "k1", "name": "Europe"}]},
]


class FakePage:
    page = "p1"

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def get(self, path: str, **query: str | int) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def post(self, path: str, body: Mapping[str, object]) -> object:
        raise AssertionError("a check writes nothing")


def examined(answer: object, **services: list[str]) -> list[tuple[str, bool, str, str]]:
    named = {key: {"name": key.title(), "statusio": pairs} for key, pairs in services.items()}
    found = checks(FakePage(answer), a_handbook(services=named or {"web": {"name": "Web"}}))
    return [(check.name, check.status is CheckStatus.OK, check.message, check.hint) for check in found]


def test_everything_well_in_three_lines():
    assert [(what, well) for what, well, _, _ in examined(COMPONENTS, api=["c1-k1"], web=["c1-k1", "c2-k1"])] == [
        ("statusio credentials", True), ("statusio page", True), ("statusio services", True),
    ]  # fmt: skip


def test_every_wrong_pair_is_a_line_with_its_key_and_what_there_is():
    wrong = [found for found in examined(COMPONENTS, api=["c1-k9"], web=["c2-k1", "x-y"]) if not found[1]]
    assert [said for _, _, said, _ in wrong] == [
        "services.api.statusio names 'c1-k9', which is not on the page 'p1'",
        "services.web.statusio names 'x-y', which is not on the page 'p1'",
    ]
    assert wrong[0][3] == "the page has: c2-k1 (\\x1b[31mWeb / Europe), c1-k1 (API / Europe)"


def test_a_page_with_many_pairs_is_not_listed_whole():
    many = [{"_id": f"c{n}", "name": f"C{n}", "containers": [{"_id": "k", "name": "K"}]} for n in range(30)]
    assert examined(many, api=["x-y"])[2][3].endswith(" ...")


def test_no_service_on_the_page_is_not_well():
    assert examined(COMPONENTS)[-1][1:3] == (
        False,
        "no service has a place on the page, so no public message can be sent",
    )


def test_trouble_is_said_and_never_raised():
    error = BadConfiguration("STATUSIO_API_ID and STATUSIO_API_KEY are not accepted", "copy both")
    assert examined(error) == [
        ("statusio page", False, "STATUSIO_API_ID and STATUSIO_API_KEY are not accepted", "copy both")
    ]


def test_an_answer_that_is_not_understood_is_said():
    assert "cannot be read" in examined({"x": 1})[0][2]

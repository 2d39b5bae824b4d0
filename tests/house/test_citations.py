"""What comments and pages refer to is in this repository."""

import re

import pytest

from house.code import tracked
from house.test_tracked import lines_with
from paths import ROOT

# Put together from pieces, so that this file does not find itself.
ELSEWHERE = re.compile(
    "|".join(
        (
            r"\bfac" + r"ts/", r"\bnev" + r"er\.md", r"\.\./sha" + r"red", r'"sha' + r'red"', r"\bSTY" + r"LE\b",
            r"\bDES" + r"IGN\b", r"\bRUL" + r"ES\b(?! =)",
        )
    )
)  # fmt: skip
PAGE = re.compile(r"\b(docs/[\w/-]+\.md)(?:: ([\w .-]*\w))?")


def test_nothing_refers_to_notes_that_are_not_here():
    assert [] == lines_with(ELSEWHERE)


CITING = [path for path in tracked() if path.suffix == ".py" and PAGE.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_that_code_cites_is_there_and_has_the_heading(path):
    for page, heading in PAGE.findall(path.read_text(encoding="utf-8")):
        assert (ROOT / page).is_file(), page
        headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert not heading or heading in headings, f"{page}: {heading}"

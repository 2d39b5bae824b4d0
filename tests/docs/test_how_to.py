"""The how-to guides: each is listed in the index, under its reader."""

import re

from paths import ROOT

FOLDER = ROOT / "docs" / "how-to"


def test_the_index_lists_every_guide_with_its_title():
    listed = dict(
        re.findall(r"^- \[(.+)\]\((\w+/[\w-]+\.md)\)$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    )
    titles = {
        guide.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# "): str(guide.relative_to(FOLDER))
        for guide in FOLDER.glob("*/*.md")
    }
    assert titles == listed

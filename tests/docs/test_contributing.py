"""CONTRIBUTING names the folders and files that exist."""

import re

from house.code import PACKAGE
from paths import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_map_shows_every_folder_of_the_package():
    shown = [
        name
        for cell in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", TEXT, re.MULTILINE)
        for name in cell.strip("`").split("`, `")
    ]
    folders = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    assert sorted(folders) == sorted(shown)


def test_the_map_names_every_folder_inside_a_folder():
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", TEXT, re.MULTILINE)
    named = {f"{folder}/{inner}" for folder, cell in rows for inner in re.findall(r"`(\w+)`", cell)}
    folders = {f"{path.parts[-3]}/{path.parts[-2]}" for path in PACKAGE.glob("*/*/__init__.py")}
    services = {folder for folder in folders if folder.startswith(("providers/", "sandbox/"))}
    assert set() == folders - services - named


def test_the_modules_that_a_new_rule_or_provider_touches_exist():
    named = re.findall(r"`((?:rules|providers|cli)/[\w/]+(?:\.py)?)`", TEXT)
    assert named
    assert [] == [name for name in named if not (PACKAGE / name).exists()]

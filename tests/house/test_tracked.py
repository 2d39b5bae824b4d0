"""What must not be in the repository: names of registries, paths of one machine, unfinished work."""

import re

from house.code import tracked
from paths import ROOT

# Put together from pieces, so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(("py" + r"pi\.org", "pythonhos" + r"ted\.org", "registry" + r"\.npmjs", "deb" + r"\.debian\.org"))
)
MACHINE = re.compile(
    r"(?:^|[^A-Za-z0-9_.])/(?:" + "|".join(("ro" + "ot", "ho" + "me", "wo" + "rk", "fa" + "rm")) + r")/[a-z]"
)
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def test_no_file_names_a_package_registry():
    assert [] == lines_with(REGISTRIES)


def test_no_file_names_a_path_of_one_machine():
    assert [] == lines_with(MACHINE)


def test_nothing_says_of_itself_that_it_is_unfinished():
    assert [] == lines_with(UNFINISHED)

"""Where our text begins and ends in a description that people edit too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan.resource import ResourceName
from incidentops.providers.gitlab import markers

NAME = ResourceName("2026-11-21-registry-503", "gitlab", "issue")
OTHER = ResourceName("2026-11-21-registry-503", "gitlab", "review")
BLOCK = markers.wrapped(NAME, "ours")
lines = st.lists(
    st.sampled_from(("text", "", "  ", markers.END, "<!-- x -->", "- list")) | st.text(max_size=6), max_size=5
)
people = lines.map("\n".join).map(lambda text: text.replace("\r", ""))


def test_the_marker_names_record_and_resource():
    assert "<!-- incidentops:begin 2026-11-21-registry-503 gitlab.issue -->" == markers.begin(NAME)


def test_a_marker_cannot_be_broken_out_of():
    hostile = ResourceName("x -->\n/close", "gitlab", "action", "a b>")
    assert "<!-- incidentops:begin x_--__/close gitlab.action/a_b_ -->" == markers.begin(hostile)


def test_a_marker_of_one_resource_is_not_that_of_another():
    assert "" == markers.ours(OTHER, BLOCK)
    assert (markers.begin(NAME),) == markers.marks(BLOCK)


@pytest.mark.parametrize("line", ["> {}", "`{}`", "x {}", "{} x", "    {}"])
def test_a_marker_counts_only_on_a_line_of_its_own(line):
    assert () == markers.marks(line.format(markers.begin(NAME)))


@given(people.filter(lambda text: markers.begin(NAME) not in text), people)
def test_replacing_our_part_keeps_every_line_of_others(before, after):
    text = "\n".join(part for part in (before, BLOCK, after) if part)
    changed = markers.spliced(NAME, text, markers.wrapped(NAME, "new"))
    assert markers.wrapped(NAME, "new") == markers.ours(NAME, changed)
    assert text.replace(BLOCK, "").rstrip() == changed.replace(markers.wrapped(NAME, "new"), "").rstrip()


@given(people, people)
def test_replacing_our_part_by_itself_changes_nothing(before, after):
    text = f"{before}\n{BLOCK}\n{after}".rstrip()
    assert text == markers.spliced(NAME, text, BLOCK)


def test_windows_line_ends_do_not_matter():
    assert BLOCK == markers.ours(NAME, BLOCK.replace("\n", "\r\n"))


def test_without_an_end_everything_is_kept_as_peoples_text():
    broken = f"above\n{markers.begin(NAME)}\nours\nbelow"
    assert "" == markers.ours(NAME, broken)
    assert f"above\n{BLOCK}\nours\nbelow" == markers.spliced(NAME, broken, BLOCK)


def test_without_a_beginning_our_part_comes_first():
    assert f"{BLOCK}\n\nhello" == markers.spliced(NAME, "hello", BLOCK)
    assert BLOCK == markers.spliced(NAME, "  ", BLOCK)

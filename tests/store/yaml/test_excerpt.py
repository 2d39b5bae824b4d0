"""The lines of one node, as somebody wrote them."""

import pytest

from incidentops.store.yaml.excerpt import indented, written

TEXT = """\
kind: incident
# about the services
services: [a]  # behind
timeline:
    - {at: x, by: ana}
    # not about it

    # about the second
    # and more
    - at: y   # when
      # inside
      publish: |
        One

        # two
    # at the end
review:
  owner: ana
"""


def test_an_item_comes_with_its_comments_at_the_left_edge():
    assert written(TEXT, ("timeline", 1)) == (
        "# about the second", "# and more",
        "- at: y   # when", "  # inside", "  publish: |", "    One", "", "    # two",
    )  # fmt: skip


def test_a_member_comes_with_its_comments():
    assert written(TEXT, ("services",)) == ("# about the services", "services: [a]  # behind")
    assert written(TEXT, ("review", "owner")) == ("owner: ana",)


def test_comments_that_are_known_there_stay_here():
    assert written(TEXT, ("timeline", 1), {"# about the second"})[0] == "# and more"
    assert written(TEXT, ("timeline", 1), {"# and more"})[0] == "- at: y   # when"


def test_what_looks_like_a_comment_in_a_text_is_none():
    assert written(TEXT, ("review",)) == ("# at the end", "review:", "  owner: ana")
    assert written(TEXT.replace("    # at the end\n", ""), ("review",)) == ("review:", "  owner: ana")


def test_the_first_node_comes_alone():
    assert written("# head\n" + TEXT, ("kind",)) == ("kind: incident",)
    assert written(TEXT, ("timeline", 0)) == ("- {at: x, by: ana}",)


def test_line_ends_and_a_byte_order_mark_do_not_come_along():
    other = "\ufeff" + TEXT.replace("\n", "\r\n")
    assert written(other, ("timeline", 1)) == written(TEXT, ("timeline", 1))


def test_a_file_may_end_without_a_line_break():
    assert written(TEXT.removesuffix("\n"), ("review",)) == written(TEXT, ("review",))


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("a: [{b: c}]\n", ("a", 0)),
        ("a: {b: c}\n", ("a", "b")),
        ("a:\n- - b\n", ("a", 0, 0)),
        ("a:\n-\n  b: c\n", ("a", 0)),
        ("? a\n: b\n", ("a",)),
        ('a:\n  b: "one\n two"\n', ("a", "b")),
        ("a: b\n", ("c",)),
        ("a: b\n", ("c", "d")),
    ],
)
def test_what_has_no_lines_of_its_own_is_nothing(text, pointer):
    assert written(text, pointer) is None


def test_lines_are_moved_to_a_column_and_empty_ones_stay_empty():
    assert indented(("- a: |", "", "    b"), 2) == ["  - a: |", "", "      b"]

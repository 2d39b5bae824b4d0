import pytest

from incidentops.store.yaml.splice import Layout, Splice

TEXT = """a: b  # one
c:
  - d: |
      text

  # two
e: {f: [g]}  # three
h: |+
  kept

i: >-
  folded
  text
"""


def shown(*pointer: str | int) -> str:
    layout = Layout(TEXT)
    node = layout.find(pointer)
    return TEXT[node.start_mark.index : layout.end(node)]


def test_a_node_ends_where_its_last_character_does():
    assert shown("a") == "b"
    assert shown("c") == "- d: |\n      text"
    assert shown("e") == "{f: [g]}"
    assert shown("e", "f", 0) == "g"
    assert shown("h") == "|+\n  kept\n"
    assert shown("i") == ">-\n  folded\n  text"
    assert shown() == TEXT.removesuffix("\n")


@pytest.mark.parametrize("pointer", [("x",), ("a", "x"), ("c", 1), ("c", "d"), ("e", "f", 0, 0)])
def test_what_is_not_there_is_not_found(pointer):
    assert Layout(TEXT).find(pointer) is None


def test_a_splice_changes_nothing_else():
    assert Splice(1, 2, "--").apply("abc") == "a--c"


def test_lines_go_below_a_node_and_above_the_comments_that_follow():
    layout = Layout(TEXT)
    assert "a: b  # one\nnew\nc:" in layout.lines_after(layout.find(("a",)), ["new"]).apply(TEXT)
    assert "      text\nnew\n\n  # two" in layout.lines_after(layout.find(("c",)), ["new"]).apply(TEXT)
    assert "  kept\n\nnew\ni:" in layout.lines_after(layout.find(("h",)), ["new"]).apply(TEXT)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_end_as_the_others_do(end):
    text = f"a: b{end}c: d"
    layout = Layout(text)
    assert layout.lines_after(layout.find(("a",)), ["x", "y"]).apply(text) == f"a: b{end}x{end}y{end}c: d"
    assert layout.lines_after(layout.find(("c",)), ["x", "y"]).apply(text) == f"{text}{end}x{end}y{end}"


def test_a_part_goes_into_a_flow_collection_behind_as_many_as_asked_for():
    text = "a: []\nb: [c , ]\nd: {e: f}\n"
    layout = Layout(text)
    assert layout.within_flow(layout.find(("a",)), "x", 0).apply(text).startswith("a: [x]\n")
    assert "b: [c, x , ]" in layout.within_flow(layout.find(("b",)), "x", 1).apply(text)
    assert "b: [x, c , ]" in layout.within_flow(layout.find(("b",)), "x", 0).apply(text)
    assert "d: {e: f, x: y}" in layout.within_flow(layout.find(("d",)), "x: y", 1).apply(text)


def test_lines_go_above_a_node_and_below_its_comments():
    text = "a:\n  # about b\n  - b\n"
    layout = Layout(text)
    assert layout.lines_before(layout.find(("a",)), ["  - x"]).apply(text) == "a:\n  # about b\n  - x\n  - b\n"


def test_a_value_is_replaced_and_its_comment_stays():
    text = "a: b  # one\nc:\n  - d\ne: f\n"
    layout = Layout(text)
    root = layout.find(())
    assert layout.instead(root, "a", ["x"]).apply(text).startswith("a: x  # one\n")
    assert "\nc: [x]\ne:" in layout.instead(root, "c", ["[x]"]).apply(text)
    assert (layout.alone(root, "a"), layout.alone(root, "e")) == (False, True)


def test_a_comment_between_key_and_list_stays_and_so_do_blanks():
    text = "c:  # two\n  - d\ne:   f\n"
    layout = Layout(text)
    assert layout.instead(layout.find(()), "c", ["[x]"]).apply(text) == "c:  # two\n  [x]\ne:   f\n"
    assert layout.instead(layout.find(()), "e", ["x"]).apply(text).endswith("e:   x\n")

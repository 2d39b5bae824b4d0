"""What people write, on its way out. The sandbox reads text as GitLab does: it decides what is inert."""

import html as html_module
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from incidentops.render import escape
from incidentops.sandbox.gitlab.text import extract, mentions, references

NASTY = (
    "/close", "/CLOSE", "\r/close", "/assign @ana", "\n\r/label ~bug", "@ana", "@all", "@acme/production", "#12",
    "!3", "&4", "~bug", "%1", "$5", "^alert#1", "acme/production#12", "GL-12", "[issue:12]",
    "https://gitlab.example/a/b/-/issues/1", "https://gitlab.example/a/b/issues/1",
    "https://dash.example/d?from=1&to=2", "<!-- incidentops:end -->", "<details>", "</details>",
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://x.example/y.png)", "| a | b |",
    "|---|---|", "```", "~~~", "````", "`code @ana #12`", "``", "`", "- item", "* item", "+ item", "1. one", "2) two",
    "# head", "===", "---", "> quote", ">>>", "    indented", "**bold**", "_soft_", "snake_case_name", "\\", "\\@ana",
    "&commat;ana", "&#64;ana", "&lt;", "::include{file=x}", "[[_TOC_]]", "[^1]", ":tada:", "$`x`$", "=1+1",
    "12% of users", "a!b", "\u202e", "\u2066", "\u200b", "\x00", "\x1b[31m", "\u2028/close", "\ud800",
    "mail ana@example.com", "\t/close", "\xa0/close",
)  # fmt: skip
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=12), max_size=8).flatmap(
    lambda parts: st.sampled_from(("", " ", "\n", "\n\n", "\r\n")).map(lambda glue: glue.join(parts))
)
RENDERER = MarkdownIt("commonmark").enable("table")


def inert(markdown: str) -> bool:
    """Whether GitLab would run, mention and refer to nothing, however the text is read."""
    commands = extract(markdown)[1]
    lines = markdown.replace("\r", "").split("\n")
    return not (commands or mentions(markdown) or references(markdown) or any(line.startswith("/") for line in lines))


def words(text: str) -> list[str]:
    """The words a reader sees; bullets are drawn, not written."""
    bare = re.sub(r"(?m)^[ ]*[-*+] +(?=\S)", "", re.sub(r"(?m)^\s+", "", escape.plain(text)))
    return bare.replace("`", "").split()


def shown(markdown: str) -> list[str]:
    """The words of the rendered text."""
    rendered = RENDERER.render(markdown).replace("<br />", " ")
    return html_module.unescape(re.sub(r"<[^>]*>", "", rendered)).replace("`", "").split()


@given(texts)
def test_prose_for_gitlab_runs_nothing_and_reaches_nobody(text):
    assert inert(escape.markdown(text))


@given(texts)
def test_prose_for_gitlab_is_inert_between_our_own_lines(text):
    assert inert(f"### Impact\n\n{escape.markdown(text)}\n\n### Timeline\n")


@given(texts)
def test_prose_for_gitlab_shows_the_words_that_were_written(text):
    assert words(text) == shown(escape.markdown(text))


@given(texts)
def test_prose_for_gitlab_has_no_html_and_no_picture(text):
    allowed = re.compile(r"</?(?:p|ul|li|code)>|<br />|</?a(?: href=\"https?://[^\"<>]*\")?>", re.IGNORECASE)
    assert "<" not in allowed.sub("", RENDERER.render(escape.markdown(text)))


@given(texts)
def test_prose_for_gitlab_is_as_gitlab_stores_it(text):
    stored, _ = extract(escape.markdown(text))
    assert escape.markdown(text).rstrip() == stored


@given(texts)
def test_no_line_of_prose_is_a_marker_of_ours(text):
    assert not any(line.strip().startswith("<!--") for line in escape.markdown(text).split("\n"))


@given(texts)
def test_a_cell_stays_one_cell(text):
    table = f"| a | b |\n|---|---|\n| {escape.markdown_cell(text)} | end |\n"
    rendered = RENDERER.render(table)
    assert (2, 2) == (rendered.count("<td>"), rendered.count("<th>"))
    assert inert(table)


@given(texts)
def test_a_cell_is_inert_at_the_start_of_a_line(text):
    cell = escape.markdown_cell(text)
    assert "\n" not in cell
    assert inert(cell)


@given(texts)
def test_a_title_is_one_line_that_refers_to_nothing(text):
    title = escape.markdown_line(text)
    assert len(title) <= 255
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", title)
    assert not mentions(title)
    assert not references(title)


@given(texts)
def test_a_fence_cannot_be_left(text):
    rendered = RENDERER.render(escape.markdown_fence(text) + "\n\nafter\n")
    assert rendered.startswith("<pre><code>")
    assert rendered.endswith("</code></pre>\n<p>after</p>\n")
    assert inert(escape.markdown_fence(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b\u2028b", "a  b"),
        ("a\u202eb", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("a\r\nb", "a\nb"),
        ("a\u200db", "a\u200db"),
    ],
)
def test_what_cannot_be_seen_is_a_blank_or_left_out(text, shown):
    assert shown == escape.plain(text)


@given(texts)
def test_html_has_no_tag_and_gives_the_text_back(text):
    safe = escape.html(text)
    assert not set("<>\"'") & set(safe)
    assert escape.plain(text) == html_module.unescape(safe)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12% of pushes failed", "12% of pushes failed"),
        ("Use `kubectl get pods`, not snake_case", "Use `kubectl get pods`, not snake_case"),
        ("See https://dash.example/d/registry?from=1&to=2.", "See <https://dash.example/d/registry?from=1&to=2>."),
        ("See https://gitlab.example/a/b/-/issues/7 too", "See `https://gitlab.example/a/b/-/issues/7` too"),
        ("one\ntwo\n\nthree", "one\\\ntwo\n\nthree"),
        ("why:\n- a #1\n- b", "why:\n- a \\#1\n- b"),
        ("/close", "\\/close"),
        ("/tmp/x is full", "\\/tmp/x is full"),
        ("ask @ana about #12 and GL-12", "ask \\@ana about \\#12 and `GL-12`"),
        ("1. not a list", "1\\. not a list"),
        ("<!-- incidentops:end -->", "&lt;\\!-- incidentops:end -->"),
    ],
)
def test_prose_stays_readable(text, expected):
    assert expected == escape.markdown(text)


def test_a_long_title_is_cut():
    assert "a" * 254 + "…" == escape.markdown_line("a" * 300)


def test_a_title_that_refers_is_the_same_to_the_eye():
    assert "Fails since \u2060#\u206012 by @\u2060ana".replace("\u2060", "") == escape.markdown_line(
        "Fails since #12 by @ana"
    ).replace("\u2060", "")

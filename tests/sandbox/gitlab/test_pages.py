"""GitLab's pages. That no text becomes an element is in tests/sandbox/test_pages.py."""

import re

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from incidentops.sandbox.gitlab.pages import rendered


@pytest.mark.parametrize(("state", "titles"), [("opened", ["Two"]), ("closed", ["One"]), ("all", ["Two", "One"])])
def test_the_list_shows_the_issues_of_a_state_newest_first(gitlab, state, titles):
    one, _ = gitlab.issue("One"), gitlab.issue("Two")
    gitlab.edit(one["iid"], state_event="close")
    page = requests.get(f"{gitlab.box.url}/acme/production/-/issues", params={"state": state}).text
    assert titles == [title for title in sorted(("One", "Two"), key=page.find) if f">{title}</a>" in page]


def test_a_missing_issue_is_answered_with_404(gitlab):
    assert 404 == requests.get(f"{gitlab.box.url}/acme/production/-/issues/9").status_code


def test_labels_have_their_colours(gitlab):
    assert "background:#c91c00" in requests.get(f"{gitlab.box.url}/labels.css").text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** `code`", "<p><strong>bold</strong> <code>code</code></p>\n"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("<!-- marker -->\n\ntext", "\n<p>text</p>\n"),
        ("a <!-- marker --> b", "<p>a  b</p>\n"),
        ("<details><summary>x</summary>\n\ny\n\n</details>", "<details><summary>x</summary>\n<p>y</p>\n</details>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
    ],
)
def test_markdown_becomes_html_and_html_becomes_text(text, html):
    assert html == rendered(text)


def test_an_image_is_never_fetched():
    assert "example.org" not in rendered("![a](https://example.org/x.png)")


@given(st.text(alphabet="<>!-/ abdetilsumrycp\"'=&#`[]()\n", max_size=80))
def test_no_text_makes_an_element_that_markdown_does_not_have(text):
    known = "p|strong|em|code|pre|ul|ol|li|h[1-6]|blockquote|hr|br|a|details|summary|img|table|s"
    for tag in re.findall(r"</?([a-zA-Z][^\s>/]*)", str(rendered(text))):
        assert re.fullmatch(known, tag)

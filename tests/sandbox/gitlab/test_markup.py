import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.sandbox.gitlab.markup import rendered


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

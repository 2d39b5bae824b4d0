"""GitLab's Markdown as a page shows it: raw HTML is shown as text, comments vanish, folding works. Pure."""

import re
from html import escape

from markdown_it import MarkdownIt
from markupsafe import Markup

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FOLDING = re.compile(r"&lt;(/?(?:details|summary))&gt;")


def rendered(text: str) -> Markup:
    """The HTML of a description or a comment. Nothing in the text becomes an element but Markdown's own and folding."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    inner = [child for block in tokens for child in block.children or ()]
    for token in [*tokens, *inner]:
        if token.type in ("html_block", "html_inline"):
            token.content = _harmless(token.content)
        if token.type == "image":
            token.attrs = {"src": "", "alt": ""}
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - all HTML in it was made here


def _harmless(html: str) -> str:
    """Escape raw HTML; comments go, `<details>` and `<summary>` without attributes stay."""
    return _FOLDING.sub(r"<\1>", escape(_COMMENT.sub("", html)))

"""What templates print is escaped, unless it was made as Markdown."""

from incidentops.providers.gitlab import markdown
from incidentops.providers.gitlab.markdown import Markdown


def test_a_value_in_a_template_is_escaped():
    shown = markdown.render(
        "action.md.j2",
        {
            "title": "/close @ana #1 <b> | x\nnext",
            "file": "x.yaml",
            "near_miss": False,
            "row": type("Row", (), {"severity": "S1", "owner": "", "due": "", "state": ""}),
            "evidence": Markdown("as **it** is"),
            "wont_do": "",
            "services": "",
        },
    )
    assert "Corrective action of the incident: \\/close \\@ana \\#1 &lt;b> \\| x next" in shown
    assert "as **it** is" in shown


def test_a_quote_stays_a_quote_over_empty_lines():
    assert "> one\n>\n> two" == markdown.quote("one\n\n\ntwo")


def test_indented_text_belongs_to_the_item_above():
    assert "  a\n\n  b" == markdown.indented(Markdown("a\n\nb"))


def test_a_cell_is_one_line():
    assert "a \\| b" == markdown.cell("a |\n b")


def test_prose_keeps_its_paragraphs():
    assert "a\n\nb" == markdown.prose("a\n\nb")

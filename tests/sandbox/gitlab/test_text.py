import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.sandbox.gitlab.text import QuickAction, Reference, extract, mentions, normalise, references

RUNS = {
    "alone": "/close",
    "second line of a paragraph": "It broke\n/close",
    "in the middle": "It broke\n/close\nbadly",
    "upper case": "/CLOSE",
    "blanks behind": "/close \t ",
    "after a blank line and a carriage return": "It broke\n\n\r/close",
    "after a heading": "# It broke\n/close",
    "after a comment": "<!-- marker -->\n/close",
    "after a list and a blank line": "- one\n\n/close",
    "after a quote and a blank line": "> one\n\n/close",
    "inside details with blank lines": "<details>\n\n/close\n\n</details>",
    "after a fence that the text closed": "```\nlog\n```\n/close\n```",
}
INERT = {
    "backslash": "\\/close",
    "blank in front": " /close",
    "entity": "&#47;close",
    "zero-width space": "\u200b/close",
    "code": "`/close`",
    "code over lines": "`one\n/close\ntwo`",
    "fence": "```\n/close\n```",
    "longer fence around a shorter one": "````\n```\n/close\n```\n````",
    "indented code": "    /close",
    "list item": "- /close",
    "quote": "> /close",
    "lazy line of a list": "- one\n/close",
    "lazy line of a quote": "> one\n/close",
    "table cell": "|a|\n|-|\n|/close|",
    "HTML block": "<div>\n/close\n</div>",
    "a path": "/srv/x is full",
    "a longer word": "/closer",
}


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS)
def test_a_quick_action_runs(text):
    stored, commands = extract(text)
    assert (QuickAction("close", ""),) == commands
    assert "/close" not in stored.lower()


@pytest.mark.parametrize("text", INERT.values(), ids=INERT)
def test_what_looks_like_a_quick_action_stays_text(text):
    assert (text, ()) == extract(text)


@pytest.mark.parametrize(
    ("text", "stored", "commands"),
    [
        ("hello\n/close\nworld", "hello\nworld", [("close", "")]),
        ('/label ~a ~"b c"\n/assign @ana\n', "", [("label", '~a ~"b c"'), ("assign", "@ana")]),
        ("one\n\n/title  New name \n\ntwo", "one\n\n\ntwo", [("title", "New name")]),
        ("one\r\ntwo \t\r\n\r\n", "one\ntwo", []),
    ],
)
def test_what_is_stored_and_what_runs(text, stored, commands):
    assert (stored, tuple(QuickAction(*command) for command in commands)) == extract(text)


@given(st.text(alphabet="/close \n\r`>-#|<~x", max_size=60))
def test_what_was_taken_out_once_does_not_run_again(text):
    stored, _ = extract(text)
    assert "\r" not in stored
    assert stored == stored.rstrip()


@given(st.text(max_size=200))
def test_a_text_without_a_slash_is_only_normalised(text):
    clean = text.replace("/", "")
    assert (normalise(clean), ()) == extract(clean)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thanks @ana and @bo, @ana!", ("ana", "bo")),
        ("@acme/group and @all.", ("acme/group", "all")),
        ("\\@ana `@bo` mail@cem.example", ()),
        ("```\n@ana\n```\n\n    @bo", ()),
        ("<!-- @ana -->", ()),
        ("see <!-- @ana --> me", ()),
        ("&#64;ana", ("ana",)),
        ("<div>@ana</div>", ("ana",)),
        ("| a |\n|---|\n| @ana |", ("ana",)),
    ],
)
def test_who_is_mentioned(text, names):
    assert names == mentions(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see #12, !3", [("", "Issue", 12), ("", "MergeRequest", 3)]),
        ("acme/production#4", [("acme/production", "Issue", 4)]),
        ("http://h:1/acme/production/-/issues/9", [("http://h:1/acme/production", "Issue", 9)]),
        ("[x](http://h/a/-/merge_requests/8)", [("http://h/a", "MergeRequest", 8)]),
        ("\\#12 `#13` x#14 &#39; #15x", []),
    ],
)
def test_what_is_referred_to(text, found):
    assert tuple(Reference(*one) for one in found) == references(text)

"""Variables are declared, and nothing else is read."""

from incidentops.core.variable import Variable, VariableValues, values_of

URL = Variable("X_URL", "where it is", required=True, instead="CI_URL", default="https://x.example")
NAME = Variable("X_NAME", "who", required=True)
TOKEN = Variable("X_TOKEN", "the token", secret=True, required=True)
FAMILY = Variable("CI_*", "the pipeline's")
ALL = (URL, NAME, TOKEN, FAMILY)


def test_a_value_stands_for_itself_else_another_variable_else_the_default():
    assert "https://a" == values_of({"X_URL": "https://a", "CI_URL": "https://b"}, ALL).text(URL)
    assert "https://b" == values_of({"X_URL": "", "CI_URL": "https://b"}, ALL).text(URL)
    assert "https://x.example" == values_of({}, ALL).text(URL)


def test_a_family_covers_every_name_that_begins_alike():
    assert [True, False] == [FAMILY.covers(name) for name in ("CI_JOB_ID", "CIRCLE")]
    assert [True, False] == [URL.covers(name) for name in ("X_URL", "X_URL_2")]
    assert [True, False] == [variable.family for variable in (FAMILY, URL)]


def test_what_is_not_declared_is_not_read():
    values = values_of({"X_NAME": "a", "HOME": "/root"}, ALL)
    assert ({"X_NAME": "a"}, {}) == (values.texts, values.tokens)


def test_a_secret_is_one_at_once():
    values = values_of({"X_TOKEN": "hush"}, ALL)
    assert ("hush", "") == (values.secret(TOKEN).reveal(), values.text(TOKEN))
    assert "hush" not in repr(values) + str(values.tokens)
    assert not VariableValues().secret(TOKEN)


def test_the_first_required_variable_without_a_value_is_named():
    assert "X_NAME is not set" == values_of({}, ALL).missing(ALL)
    assert "X_TOKEN is not set" == values_of({"X_NAME": "a"}, ALL).missing(ALL)
    assert "" == values_of({"X_NAME": "a", "X_TOKEN": "t"}, ALL).missing(ALL)

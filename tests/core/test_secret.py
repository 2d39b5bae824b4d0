import pytest

from incidentops.core.secret import Secret


def test_a_secret_does_not_print_itself():
    secret = Secret("glpat-abc")
    assert secret.reveal() == "glpat-abc"
    for shown in (str(secret), repr(secret), f"{secret}", f"{[secret]}"):
        assert "glpat" not in shown


def test_a_secret_is_taken_out_of_a_text():
    assert Secret("abc").redact("x abc y abc") == "x [redacted] y [redacted]"
    assert Secret("").redact("x") == "x"


@pytest.mark.parametrize(("value", "there"), [("abc", True), ("", False)])
def test_an_empty_secret_is_none(value, there):
    assert bool(Secret(value)) is there

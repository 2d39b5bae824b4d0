import pytest

from incidentops.core import errors


def test_an_error_carries_what_to_say_and_what_to_do():
    error = errors.WrongUse("no such record: 'x'", "see `incident list`")
    assert (error.message, error.hint, str(error)) == (
        "no such record: 'x'",
        "see `incident list`",
        "no such record: 'x'",
    )
    assert errors.Failed("x").hint == ""


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.IncidentError, 4),
        (errors.WrongUse, 2),
        (errors.BadConfiguration, 2),
        (errors.Refused, 5),
        (errors.Failed, 4),
        (errors.Unknown, 4),
    ],
)
def test_each_kind_of_error_has_its_exit_code(kind, code):
    assert kind("x").exit_code == code

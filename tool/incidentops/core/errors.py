"""The few exceptions: for what cannot go on. A bad record is never one of them, it is a finding."""


class IncidentError(Exception):
    """Something a person must know. `hint` says what to do; `exit_code` is one of docs/reference/exit-codes.md."""

    exit_code = 4

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class WrongUse(IncidentError):
    """The command cannot be carried out as it was typed."""

    exit_code = 2


class BadConfiguration(IncidentError):
    """A variable or a key of the handbook is missing or wrong; the message names it."""

    exit_code = 2


class Refused(IncidentError):
    """Carrying on would be unsafe, or is not what was approved."""

    exit_code = 5


class Failed(IncidentError):
    """A service refused, or could not be reached, and nothing was changed by the call.

    `outage` says that the whole service is out of reach for us (network, credentials, 5xx after retries), so that
    nothing else need be tried there in this run.
    """

    def __init__(self, message: str, hint: str = "", *, outage: bool = False) -> None:
        super().__init__(message, hint)
        self.outage = outage


class Unknown(IncidentError):
    """A service may or may not have done what it was asked: only a look-up, or a person, can tell."""

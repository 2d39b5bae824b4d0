"""A secret that does not print itself."""

from msgspec import Struct

_SHOWN = "[redacted]"


class Secret(Struct, frozen=True):
    """A token. Only `reveal` gives it away; str, repr, format and tracebacks do not."""

    _value: str

    def reveal(self) -> str:
        """Return the token itself, for the one place that sends it."""
        return self._value

    def redact(self, text: str) -> str:
        """Return the text with every occurrence of the token taken out."""
        return text.replace(self._value, _SHOWN) if self._value else text

    def __bool__(self) -> bool:
        return bool(self._value)

    def __str__(self) -> str:
        return _SHOWN

    def __repr__(self) -> str:
        return f"Secret({_SHOWN})"

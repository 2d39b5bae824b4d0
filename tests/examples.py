"""How many examples a property gets that is dearer, or more in need of them, than others."""

from hypothesis import settings

_USUAL = 60
"""What most properties get where nothing else is asked for."""


def examples(number: int) -> int:
    """So many where others have 60, and in step with them where the profile (`conftest`) asks for fewer or more."""
    return max(2, number * settings().max_examples // _USUAL)

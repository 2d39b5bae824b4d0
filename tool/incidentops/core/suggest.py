"""The word that was probably meant: what to suggest for one that is not known, and when there is but one answer."""

from collections.abc import Iterable
from difflib import get_close_matches

SURE = 0.8
"""How alike two words are when one may be put in the place of the other. Below it they are only worth a question."""

_ASK = 0.6
_LONGEST = 64


def similar(word: str, known: Iterable[str], alike: float = _ASK) -> tuple[str, ...]:
    """Return the known words that are like a word, nearest first; case, hyphens and blanks do not count.

    A word that differs in nothing else is the only one.
    """
    if len(word) > _LONGEST:
        return ()
    by_sound: dict[str, list[str]] = {}
    for name in known:
        by_sound.setdefault(_sound(name), []).append(name)
    same = by_sound.get(_sound(word))
    found = [same] if same else [by_sound[sound] for sound in get_close_matches(_sound(word), by_sound, cutoff=alike)]
    return tuple(name for names in found for name in names)


def the_one(word: str, known: Iterable[str]) -> str:
    """Return the only known word that a word can have meant; empty when there is none, or a choice."""
    found = similar(word, known, SURE)
    return found[0] if len(found) == 1 else ""


def _sound(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")

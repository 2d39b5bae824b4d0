"""What must not reach customers (COM003): references, mentions, internal addresses and hosts, names of people.

Renderers turn references into links and titles of confidential issues, so they are looked for as those read them.
Each text is screened first; most need nothing more.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from msgspec import Struct

from incidentops.model.handbook import Handbook, TrackerProject

Leak = tuple[str, str]
"""What was found, and what kind of thing it is."""

Screen = Callable[[str], Callable[[str], object]]
"""Makes of a pattern what tells whether a text has a match of it. It may be quicker than `re`, never blinder."""

_WORD = re.compile(r"\w+")
_SIGNS = r"[#!&@:]|[0-9]\.[0-9]"
_SUSPICIOUS = re.compile(_SIGNS)
# Where a sign means something else: in a URL, in a character entity, in a mail address. Every expression here is
# linear in the length of the text, whoever wrote it.
_HARMLESS = re.compile(
    r"https?://[\w.~:/?#\[\]@!$&'*+;=%-]+|&(?:\#[0-9]+|\#x[0-9a-f]+|[a-z][a-z0-9]*);",
    re.IGNORECASE,
)
_IN_MAIL = r"[\w.+-]*@[a-z0-9-]+\.[a-z]"
_REFERENCE = re.compile(rf"[#!&][0-9]+(?!\w|{_IN_MAIL})", re.IGNORECASE)
_PROJECT_BEFORE = re.compile(r"[\w./-]*\Z")
_MENTION = re.compile(r"(?<!\w)@\w[\w.-]*")
_IPV4 = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\.?[0-9])")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(?![\w:])", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*")


class PublicText(Struct, frozen=True):
    """What the handbook says must stay inside, prepared once a run. Names by their first word, all of it folded.

    `striking` and `naming` take the first look at a folded text: whether it has a sign, a host or the first word of a
    name, and whether it has the latter.
    """

    names: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]
    hosts: tuple[str, ...]
    projects: tuple[tuple[str, re.Pattern[str]], ...]
    striking: Callable[[str], object]
    naming: Callable[[str], object]

    def suspects(self, text: str) -> bool:
        """Whether it is worth looking closer at a text: quick, and never wrong about one that has a leak."""
        return bool(self.striking(_folded(text)))

    def may_name(self, text: str) -> bool:
        """Whether it is worth looking closer for names of people, in the same way."""
        return bool(self.naming(_folded(text)))

    def leaks(self, text: str) -> Iterator[Leak]:
        """Return everything in a text that must not reach customers."""
        folded = _folded(text)
        if _SUSPICIOUS.search(folded):
            yield from _references(text)
            yield from _addresses(text)
        yield from self._hosts(folded, text)
        yield from self._addresses_inside(folded, text)
        yield from self._people(folded)

    def names_in(self, text: str) -> Iterator[str]:
        """Return the full names of people in a text, in any case."""
        for name, _ in self._people(_folded(text)):
            yield name

    def _people(self, folded: str) -> Iterator[Leak]:
        for word in sorted(self.names.keys() & set(_WORD.findall(folded))):
            for name, pattern in self.names[word]:
                if pattern.search(folded):
                    yield name, "the name of a person"

    def _hosts(self, folded: str, text: str) -> Iterator[Leak]:
        if any(suffix in folded for suffix in self.hosts):
            for match in _HOST.finditer(text):
                host = match[0].lower()
                if any(_ends_in(host, suffix) for suffix in self.hosts):
                    yield match[0], "an internal host"

    def _addresses_inside(self, folded: str, text: str) -> Iterator[Leak]:
        for host, pattern in self.projects:
            if host in folded:
                for match in pattern.finditer(text):
                    yield match[0], "a link into an internal project"


def by_re(pattern: str) -> Callable[[str], object]:
    """Look by Python's own engine."""
    return re.compile(pattern).search


def public_text(handbook: Handbook, screen: Screen = by_re) -> PublicText:
    """Prepare what the handbook says about people, hosts and projects."""
    names: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
    for person in handbook.people.values():
        words = _folded(person.name).split()
        first = _WORD.findall(_folded(person.name))
        if len(words) > 1 and first:  # first names and keys alone are no names
            pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)")
            names[first[0]] = (*names.get(first[0], ()), (person.name, pattern))
    projects = tuple(_project_patterns(handbook))
    hosts = tuple(host.strip().lower().rstrip(".") for host in handbook.private_hosts)
    inside = [re.escape(host) for host in (*hosts, *(host for host, _ in projects))]
    naming = rf"(?:^|[^a-z0-9])(?:{'|'.join(sorted(names))})(?:[^a-z0-9]|$)"
    return PublicText(names, hosts, projects, screen("|".join((_SIGNS, *inside, naming))), screen(naming))


def _folded(text: str) -> str:
    """Case and the several spellings of one letter do not count."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _references(text: str) -> Iterator[Leak]:
    """References and mentions as an issue tracker reads them; entities are looked at as what they stand for, too."""
    plain = _HARMLESS.sub(" ", text)
    if "&" in text and ";" in text:
        plain += "\n" + _HARMLESS.sub(" ", html.unescape(text))
    for match in _REFERENCE.finditer(plain):
        before = _PROJECT_BEFORE.search(plain, max(0, match.start() - 60), match.start())
        yield (before[0] if before else "") + match[0], "a reference"
    for match in _MENTION.finditer(plain):
        yield match[0].rstrip(".-"), "a mention"


def _addresses(text: str) -> Iterator[Leak]:
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            if _is_internal(match[0]):
                yield match[0], "an address that is not global"


def _is_internal(word: str) -> bool:
    """Whether it is an address, and one that means nothing, or too much, outside."""
    if ":" in word:
        plain = word.rstrip(".")
        if plain.endswith(":") and not plain.endswith("::"):
            plain = plain[:-1]
        if not plain.strip(":"):
            return False  # `::` alone is punctuation
    else:
        plain = ".".join(str(int(part)) for part in word.split("."))
    try:
        return not ip_address(plain).is_global
    except ValueError:
        return False


def _ends_in(host: str, suffix: str) -> bool:
    """Whether a host stands below a suffix such as `.internal`, or is one such as `localhost`, or stands below it."""
    if suffix.startswith("."):
        return len(host) > len(suffix) and host.endswith(suffix)
    return host == suffix or host.endswith("." + suffix)


def _project_patterns(handbook: Handbook) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield how an address inside each internal project looks, after the host that every such text has."""
    for tracker in handbook.private_projects:
        host = urlsplit(tracker.url).hostname
        if host:
            yield host.lower(), _project_pattern(tracker, host)


def _project_pattern(tracker: TrackerProject, host: str) -> re.Pattern[str]:
    base = re.escape(urlsplit(tracker.url).path.rstrip("/"))
    project = tracker.project.strip("/")
    paths = [f"{base}/+(?:api/v4/)?projects/{re.escape(project)}"]
    if not project.isdigit():
        encoded = re.escape(quote(project, safe=""))
        paths = [f"{base}/+{re.escape(project)}", f"{base}/+api/v4/projects/(?:{encoded}|{re.escape(project)})"]
    end = r"(?:\.git\b|(?!\.?[\w-]))"
    pattern = rf"(?<![\w.-]){re.escape(host)}(?::[0-9]+)?(?:{'|'.join(paths)}){end}[^\s<>\"')\]]*"
    return re.compile(pattern, re.IGNORECASE)

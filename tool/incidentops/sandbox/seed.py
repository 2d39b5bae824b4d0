"""The contents of a fresh sandbox: one project, its people and labels, one status page. All of it is invented."""

from typing import Any

from msgspec import Struct

PROJECT_ID = 1217
"""The id that gitlab-ci-local gives to every project, so that a pipeline needs no settings."""
PROJECT = "acme/production"
GROUP_ID = 77
BOT = "incident-bot"

TOKEN = "sandbox-token"  # noqa: S105 - the public token of a server on loopback
EXPIRED_TOKEN = "sandbox-expired"  # noqa: S105
READ_TOKEN = "sandbox-read"  # noqa: S105

STATUSIO_PAGE = "5f1e0c0ffee0c0ffee0c0de1"
STATUSIO_ID = "sandbox-id"
STATUSIO_KEY = "sandbox-key"

GUEST, DEVELOPER, MAINTAINER = 10, 30, 40
"""Access levels as GitLab numbers them (docs/services.md: Tokens)."""


class SandboxPerson(Struct, frozen=True):
    """A user of the sandbox. `level` is the access level in the project; 0 is no access."""

    username: str
    name: str
    level: int = DEVELOPER
    bot: bool = False


_PEOPLE = (
    SandboxPerson(BOT, "Incident Bot", MAINTAINER, bot=True),
    SandboxPerson("ana", "Ana Alvarez"),
    SandboxPerson("bo", "Bo Berg"),
    SandboxPerson("cem", "Cem Celik"),
    SandboxPerson("dee", "Dee Dube"),
    SandboxPerson("eli", "Eli Engel"),
    SandboxPerson("fay", "Fay Fong"),
    SandboxPerson("gus", "Gus Guest", GUEST),
    SandboxPerson("out", "Olga Outside", 0),
)

GROUP_LABELS = (
    ("severity::1", "#c91c00", "Inherited: highest severity"),
    ("severity::2", "#dc7900", "Inherited: high severity"),
    ("group::on-call", "#428bca", "Inherited: owned by the people on call"),
)
"""Labels of the parent group: the project uses them and cannot change them."""

_CONTAINER = "Google Compute Engine"
_SERVICES = ("Website", "API", "Git Operations", "Container Registry", "Pages", "CI/CD", "Background Processing")


class Component(Struct, frozen=True):
    """One component of the status page with its one container; both ids are 24 hex digits, always the same."""

    id: str
    name: str
    container: str
    container_name: str = _CONTAINER

    @property
    def pair(self) -> str:
        """The form of a handbook: `<component>-<container>`."""
        return f"{self.id}-{self.container}"


COMPONENTS = tuple(Component(f"5f1ec0{n:018x}", name, f"5f1eca{n:018x}") for n, name in enumerate(_SERVICES, 1))
PAIRS = {component.name: component.pair for component in COMPONENTS}
"""Component name to the pair that a handbook names under `services.<key>.statusio`."""


class Seed(Struct, frozen=True):
    """What a sandbox starts with: the path of the project, and more users than the usual ones."""

    project: str = PROJECT
    users: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The namespace of the project."""
        return self.project.rpartition("/")[0]

    @property
    def people(self) -> tuple[SandboxPerson, ...]:
        """The usual and the added users, each once."""
        people = {person.username: person for person in _PEOPLE}
        for name in self.users:
            people.setdefault(name, SandboxPerson(name, name.replace("-", " ").replace("_", " ").title()))
        return tuple(people.values())

    def tokens(self) -> dict[str, tuple[str, str]]:
        """Token to (username, scope). Every person has one, `sandbox-<username>`, so that a test can act as them."""
        own = {f"sandbox-{person.username}": (person.username, "api") for person in self.people}
        return own | {TOKEN: (BOT, "api"), READ_TOKEN: (BOT, "read_api"), EXPIRED_TOKEN: (BOT, "expired")}

    def environment(self, url: str) -> dict[str, str]:
        """The variables that point the tool at a sandbox that listens on `url`."""
        return {
            "INCIDENT_GITLAB_URL": url,
            "INCIDENT_GITLAB_TOKEN": TOKEN,
            "INCIDENT_GITLAB_PROJECT": self.project,
            "STATUSIO_API_URL": f"{url}/statusio/v2",
            "STATUSIO_API_ID": STATUSIO_ID,
            "STATUSIO_API_KEY": STATUSIO_KEY,
        }

    def describe(self, url: str) -> dict[str, Any]:
        """Everything a handbook for this sandbox needs, as the JSON of `/sandbox/seed.json`."""
        return {
            "url": url,
            "environment": self.environment(url),
            "gitlab": {"url": url, "project": self.project, "project_id": PROJECT_ID, "bot": BOT},
            "tokens": {"api": TOKEN, "read": READ_TOKEN, "expired": EXPIRED_TOKEN},
            "users": [person.username for person in self.people],
            "group_labels": [name for name, _, _ in GROUP_LABELS],
            "statusio": {
                "page": STATUSIO_PAGE,
                "components": [
                    {"name": item.name, "component": item.id, "container": item.container, "pair": item.pair}
                    for item in COMPONENTS
                ],
            },
        }

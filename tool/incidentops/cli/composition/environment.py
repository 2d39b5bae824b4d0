"""The composition root: the environment is read here, once, and tokens become secrets at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from incidentops.cli.composition import clock
from incidentops.core.errors import WrongUse
from incidentops.core.pauses import Pauses
from incidentops.core.secret import Secret
from incidentops.core.text import quoted

_READ = (
    "INCIDENT_GITLAB_URL", "INCIDENT_GITLAB_TOKEN", "INCIDENT_GITLAB_PROJECT",
    "STATUSIO_API_URL", "STATUSIO_API_ID", "STATUSIO_API_KEY",
    "INCIDENT_NOW", "GITLAB_USER_LOGIN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says (an empty value is the same as none), and how this run waits."""

    now: datetime
    gitlab_url: str
    gitlab_token: Secret
    gitlab_project: str
    statusio_url: str
    statusio_id: Secret
    statusio_key: Secret
    user: str
    ci: Mapping[str, str] = field(repr=False)
    pauses: Pauses = clock.REAL_PAUSES

    @property
    def base(self) -> str | None:
        """What the merge request of this pipeline is compared with (docs/services.md: Pipelines and reports).

        None outside of a merge request. In a merged-results pipeline the commit already has the target's,
        so it is the target that counts.
        """
        ci = self.ci
        return ci.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") or ci.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every token, so that whatever prints foreign text can take them out."""
        return tuple(s for s in (self.gitlab_token, self.statusio_id, self.statusio_key) if s)


def settings() -> Settings:
    """Read the environment, nothing but the variables that docs/reference/environment.md names."""
    known = {name: value for name, value in os.environ.items() if name in _READ or name.startswith("CI_")}
    return replace(settings_from(known), pauses=clock.pauses())


def variables_set() -> frozenset[str]:
    """Return the names of our variables that have a value; the values stay where they are."""
    return frozenset(name for name in _READ if os.environ.get(name))


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment means."""
    get = environment.get
    return Settings(
        now=clock.now(environment),
        gitlab_url=(get("INCIDENT_GITLAB_URL") or get("CI_SERVER_URL") or "").rstrip("/"),
        gitlab_token=Secret(get("INCIDENT_GITLAB_TOKEN", "")),
        gitlab_project=get("INCIDENT_GITLAB_PROJECT") or "",
        statusio_url=(get("STATUSIO_API_URL") or "https://api.status.io/v2").rstrip("/"),
        statusio_id=Secret(get("STATUSIO_API_ID", "")),
        statusio_key=Secret(get("STATUSIO_API_KEY", "")),
        user=get("GITLAB_USER_LOGIN", ""),
        ci={name: value for name, value in environment.items() if name.startswith("CI_")},
    )


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for commands that the demo runs: ours without any variable that the tool reads."""
    kept = {n: v for n, v in os.environ.items() if n not in _READ and not n.startswith(("CI_", "GIT_"))}
    return {**kept, **changes}


def repository_root(start: Path | None = None) -> Path:
    """Return the incident repository that a folder is in: the nearest one upwards with `incidents/`."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "incidents").is_dir():
            return folder
    raise WrongUse(
        f"there is no folder incidents/ in {quoted(here, 200)} or above it",
        "run it inside an incident repository, or make one with: incident init DIR",
    )

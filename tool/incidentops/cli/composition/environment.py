"""The composition root: the environment is read here, once, and tokens become secrets at once.

What is read is what is declared: by each provider for itself, by the clock, and here for the pipeline.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from incidentops.cli.composition import clock
from incidentops.core.errors import WrongUse
from incidentops.core.pauses import Pauses
from incidentops.core.secret import Secret
from incidentops.core.text import quoted
from incidentops.core.variable import RepositoryHost, Variable, VariableValues, values_of
from incidentops.providers import registry

PIPELINE = Variable(
    "CI_*", "the predefined variables of a pipeline: the server, the project, the branches, the pipeline and the job"
)


def declared() -> tuple[Variable, ...]:
    """Return every variable that is read, each declared where it is used."""
    return (*registry.variables(), clock.NOW, PIPELINE)


class Settings(Struct, frozen=True, dict=True):
    """What the environment says (an empty value is the same as none), and how this run waits."""

    now: datetime
    values: VariableValues
    pauses: Pauses = clock.REAL_PAUSES

    @cached_property
    def ci(self) -> Mapping[str, str]:
        """The variables of the pipeline."""
        return {name: value for name, value in self.values.texts.items() if PIPELINE.covers(name)}

    @property
    def host(self) -> RepositoryHost:
        """Where the repository is, and who we are there."""
        return registry.host(self.values)

    @property
    def base(self) -> str | None:
        """What the merge request of this pipeline is compared with; None outside of one.

        In a merged-results pipeline the commit already has the target's, so it is the target that counts.
        """
        ci = self.ci
        return ci.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") or ci.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every token, so that whatever prints foreign text can take them out."""
        return tuple(self.values.tokens.values())

    def redacted(self, text: str) -> str:
        """Return a text without any token, as the last guard before it is printed or written."""
        for secret in self.secrets:
            text = secret.redact(text)
        return text


def settings() -> Settings:
    """Read the environment, nothing but the variables that are declared."""
    return replace(settings_from(os.environ), pauses=clock.pauses())


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment means."""
    values = values_of(environment, declared())
    return Settings(clock.now(values), values)


def variables_set() -> frozenset[str]:
    """Return the names of declared variables that have a value; the values stay where they are."""
    return frozenset(variable.name for variable in declared() if os.environ.get(variable.name))


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for commands that the demo runs: ours without any variable that the tool reads."""
    ours = declared()
    rest = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") and not any(variable.covers(name) for variable in ours)
    }
    return {**rest, **changes}


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

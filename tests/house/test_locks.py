"""The two locks: complete, because nothing is resolved when they are installed, and of one mind."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import requires
from importlib.util import find_spec

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from house.code import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Pin:
    """One package of a lock: its version, and the files that may be it."""

    version: str
    hashes: frozenset[str]


def locked(name: str) -> dict[str, Pin]:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n .*)*)", text, re.MULTILINE)
    return {package: Pin(version, frozenset(re.findall(r"--hash=(\S+)", rest))) for package, version, rest in found}


OVERRIDDEN = {Requirement(line).name for line in PROJECT["tool"]["uv"]["override-dependencies"]}  # left out on purpose
FULL, RUN = locked("requirements.lock"), locked("requirements-run.lock")


def declared(*groups: str) -> list[str]:
    """What pyproject.toml asks for, with all extras, and the dependency groups named."""
    extras = [line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra]
    return [*PROJECT["project"]["dependencies"], *extras, *(line for name in groups for line in group(name))]


def group(name: str) -> Iterable[str]:
    for line in PROJECT["dependency-groups"][name]:
        yield from group(line["include-group"]) if isinstance(line, dict) else [line]


def needed(roots: Iterable[str]) -> set[str]:
    """All packages that these need on this machine, by the metadata of what is installed."""
    waiting, seen = list(roots), set()
    while waiting:
        line = waiting.pop()
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        if (
            (name, extras := frozenset(requirement.extras)) in seen
            or name in OVERRIDDEN
            or not wanted(requirement, {""})
        ):
            continue
        seen.add((name, extras))
        inner = (Requirement(inner) for inner in requires(name) or [])
        waiting += [unmarked(one) for one in inner if wanted(one, {"", *extras})]
    return {name for name, _ in seen}


def wanted(requirement: Requirement, extras: set[str]) -> bool:
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)


def unmarked(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}"


def test_the_run_time_lock_is_a_part_of_the_full_one_with_the_same_versions_and_hashes():
    assert RUN
    assert {name: FULL.get(name) for name in RUN} == RUN


@pytest.mark.skipif(find_spec("mypy") is None, reason="needs what is locked, not the oldest versions (make min)")
@pytest.mark.parametrize(("lock", "groups"), [(FULL, ("dev",)), (RUN, ("build",))], ids=["full", "run"])
def test_a_lock_has_all_that_is_needed(lock, groups):
    assert set() == needed(declared(*groups)) - set(lock)


def test_the_run_time_lock_has_nothing_for_developers_alone():
    assert set() == {"mypy", "playwright", "pytest", "ruff"} & set(RUN)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-run.lock"])
def test_every_line_of_a_lock_is_a_package_with_its_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    requirements = re.findall(r"^\S.*(?:\n .*)*", text, re.MULTILINE)
    assert [] == [one.splitlines()[0] for one in requirements if "==" not in one or "--hash=sha256:" not in one]
    assert [] == re.findall(r"^\s*--(?!hash=).*", text, re.MULTILINE), "no index, no folder of wheels"

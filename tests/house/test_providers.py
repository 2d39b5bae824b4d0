"""A provider owns everything of its own: no other module names a service, and none imports one."""

import ast
import json
import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import PurePosixPath

from house.code import PACKAGE, Module, modules
from incidentops.cli.composition.environment import declared
from incidentops.providers.registry import ORDER
from incidentops.sandbox.seed import Seed
from paths import ROOT

# `status.io` and `Status.io` are the name `statusio` as people write it.
NAMED = re.compile("|".join("[.]?".join(name) for name in ORDER), re.IGNORECASE)

ALLOWED = {
    "__init__.py": "what the program is, in one line",
    "cli/commands/read/validate.py": "an example with the report format `gitlab`",
    "cli/commands/sandbox/demo.py": "starts the sandbox, whose options name its services",
    "cli/commands/sandbox/sandbox.py": "starts the sandbox, whose options name its services",
    "cli/commands/services/adopt.py": "examples of resource names in its help",
    "cli/commands/setup/init.py": "asks where the new repository and its issues are",
    "cli/demo/environment.py": "looks at the sandbox's services over HTTP",
    "cli/demo/scenario.py": "the handbook and the words of the demo",
    "cli/main.py": "the help that is shown before anything is loaded",
    "cli/support/report_formats.py": "the report format `gitlab`",
    "flows/setup/init.py": "the starter is a repository on GitLab, with its pipeline file",
    "providers/registry.py": "the one list of providers",
    "rules/secrets.py": "the shapes of tokens, of many services",
    "sandbox/app.py": "the one list of the sandbox's services, and the options that they have",
    "sandbox/seed.py": "what a fresh sandbox holds at each service",
}
"""Modules that name a service all the same, and why they must."""


def home(module: Module) -> str:
    """The provider whose folder a module lies in; nothing when it lies in none."""
    parts = PurePosixPath(module.name).parts
    return parts[1] if parts[0] in ("providers", "sandbox") and len(parts) > 2 and parts[1] in ORDER else ""


def others(module: Module) -> Iterator[str]:
    """The services that a module names and is not the folder of."""
    for match in NAMED.finditer(module.text):
        name = match[0].lower().replace(".", "")
        if name != home(module):
            yield name


def test_no_service_is_named_outside_of_its_folder_and_the_registry():
    assert {} == {m.name: sorted(set(others(m))) for m in modules() if m.name not in ALLOWED and any(others(m))}


def test_an_exception_that_is_not_needed_any_more_goes():
    needed = {module.name for module in modules() if any(others(module))}
    assert set() == ALLOWED.keys() - needed


def test_every_folder_of_a_provider_is_in_the_registry_and_in_the_contract():
    folders = {path.parent.name for path in (PACKAGE / "providers").glob("*/__init__.py")}
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    apart = contracts["importlinter:contract:providers-apart"]["modules"].split()
    assert folders == set(ORDER) == {name.rpartition(".")[2] for name in apart}


def test_every_provider_has_the_parts_that_the_registry_loads():
    for name in ORDER:
        there = {path.name for path in (PACKAGE / "providers" / name).iterdir()}
        assert {"variables.py", "provider.py", "client.py", "handbook.json"} <= there
        assert {"section"} <= json.loads((PACKAGE / "providers" / name / "handbook.json").read_text()).keys()


def test_a_variable_is_written_down_in_one_place():
    """Other modules name it through its declaration; the sandbox, which shares no code, prints it."""
    places: dict[object, list[str]] = {variable.name: [] for variable in declared() if not variable.family}
    for module in modules():
        for node in ast.walk(module.tree) if not module.name.startswith(("sandbox/", "cli/demo/")) else ():
            if isinstance(node, ast.Constant) and node.value in places:
                places[node.value].append(module.name)
    assert {} == {name: found for name, found in places.items() if len(found) != 1}


def test_the_sandbox_prints_variables_that_are_declared():
    known = {variable.name for variable in declared()}
    assert Seed().environment("http://127.0.0.1").keys() <= known

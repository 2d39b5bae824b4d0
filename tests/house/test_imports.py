"""What a command costs before it does anything."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions

import pytest

from house.code import Module, modules
from paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SHOW = "import sys; print('\\n'.join(sorted({name.partition('.')[0] for name in sys.modules})))"
HELP = "from incidentops.cli import main; from incidentops.cli.support.exits import guarded; guarded(main.main, ['-h'])"
VALIDATE = (
    "from incidentops.cli.main import main; main(['validate', '--no-cache', '--jobs', '1'], standalone_mode=False)"
)
OURS = "import sys; print('\\n'.join(sorted(name for name in sys.modules if name.startswith('incidentops'))))"


def loaded(code: str, show: str = SHOW) -> set[str]:
    program = f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    {code}\n{show}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    names = {name for name in done.stdout.split() if not name.startswith("_sysconfigdata")}
    return names - set(sys.stdlib_module_names)


def test_help_imports_nothing_but_click():
    assert {"click", "incidentops"} == loaded(HELP) - loaded("pass")


def test_help_loads_no_command():
    names = {name.removeprefix("incidentops").strip(".") for name in loaded(HELP, OURS)}
    assert {"", "cli", "cli.main", "cli.support", "cli.support.exits", "core", "core.errors", "core.text"} == names


def test_a_check_loads_the_readers_of_yaml_and_no_git():
    """PyYAML for the places of findings, of which our own records have some. GitPython takes a quarter of a second."""
    names = (loaded(VALIDATE) - loaded("pass")) & set(packages_distributions()) - {"typing_extensions"}
    assert {"click", "msgspec", "jsonschema_rs", "yaml_rs", "yaml"} == names
    assert not any(name.startswith("incidentops.store.git") for name in loaded(VALIDATE, OURS))


@pytest.mark.parametrize("part", ["core", "model", "rules", "plan"])
def test_what_decides_loads_no_library_but_that_of_the_values(part):
    """And msgspec loads typing_extensions where it is installed."""
    package = f"incidentops.{part}"
    code = (
        f"import importlib, pkgutil, {package} as p; "
        f"[importlib.import_module(m.name) for m in pkgutil.walk_packages(p.__path__, '{package}.')]"
    )
    assert loaded(code) - loaded("pass") <= {"incidentops", "msgspec", "typing_extensions"}


ELSEWHERE = """
import importlib, os, multiprocessing.context, pkgutil, signal, socket, sys
import incidentops

def names():
    found = pkgutil.walk_packages(incidentops.__path__, "incidentops.")
    return sorted(module.name for module in found if "__main__" not in module.name)

def load():
    for name in names():
        importlib.import_module(name)

load()  # the libraries of others are theirs to worry about: they stay loaded
for name in [name for name in sys.modules if name.partition(".")[0] == "incidentops"]:
    del sys.modules[name]
for name in ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for module, gone in (
    (os, "O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK fchmod fork geteuid getuid sched_getaffinity"),
    (multiprocessing.context, "ForkProcess"),
    (signal, "SIGALRM SIGHUP SIGKILL SIGPIPE SIGUSR1 pthread_sigmask"),
    (socket, "AF_UNIX"),
):
    for name in gone.split():
        vars(module).pop(name, None)
load()
"""


def test_every_module_can_be_imported_where_the_system_has_less():
    """Windows, above all: there the command says in a sentence that it does not run."""
    done = subprocess.run([sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("arguments", [["validate"], ["declare", "--help"], ["demo"]], ids=" ".join)
def test_on_windows_every_command_says_that_it_does_not_run_there(arguments):
    code = "import os; from incidentops.cli.support.exits import guarded; from incidentops.cli.main import main"
    code += "; os.name = 'nt'"
    code += f"; raise SystemExit(guarded(main, {arguments}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    expected = "error: incidentops does not run on Windows\n  hint: it runs on Linux and macOS, and in WSL\n"
    assert (2, "", expected) == (done.returncode, done.stdout, done.stderr)


def test_the_c_parser_of_pyyaml_is_there():
    """Without it the careful reader would take another parser, five times as slow."""
    import yaml

    assert yaml.__with_libyaml__


def test_every_library_that_is_imported_is_a_declared_dependency():
    """What another library happens to bring along can be gone tomorrow, and is on no fresh machine for sure.

    What an extra brings may be imported by the part of the same name alone.
    """
    extras = PROJECT["optional-dependencies"]
    by_part = {part: names({*PROJECT["dependencies"], *extras.get(part, [])}) for part in ("", *extras)}
    distributions = packages_distributions()
    missing = {
        f"{module.name}: {library}"
        for module in modules()
        for library in imported(module)
        if not by_part.get(module.name.partition("/")[0], by_part[""])
        & {normal(name) for name in distributions.get(library, [])}
    }
    assert set() == missing


def names(requirements: Iterable[str]) -> set[str]:
    return {normal(re.split(r"[^A-Za-z0-9._-]", requirement)[0]) for requirement in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(module: Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    # `_typeshed` exists for type checkers alone.
    return found - set(sys.stdlib_module_names) - {"incidentops", "_typeshed"}


LATE = {
    "cli/commands/": "a command that has nothing to do, or is used wrongly, has answered before they are loaded",
    "cli/main.py": "the table of commands loads none",
    "cli/support/": "the parts of options and reports that nearly nobody asks for",
    "flows/validate/processes.py": "most runs need no second process",
    "flows/validate/repository.py": "a run that compares nothing does without git",
    "flows/validate/validate.py": "a run without news does without model and rules",
    "render/findings.py": "text for people does without the catalogue, which brings every rule",
    "store/git/run.py": "GitPython takes a quarter of a second, and looks for git when it is imported",
    "store/schema/": "jsonschema-rs for who checks a file, jsonschema for who checks a schema",
    "store/yaml/": "the careful reader and ruamel.yaml, for the few files that need them",
}
"""Where something is imported inside a function, and why it must not load sooner."""


def imports_late(module: Module) -> bool:
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(isinstance(inner, ast.Import | ast.ImportFrom) for node in functions for inner in ast.walk(node))


def test_values_are_made_with_msgspec():
    """A dataclass takes half a millisecond to define, a hundred of them half of what a command needs to start."""
    imports = [(module.name, node) for module in modules() for node in ast.walk(module.tree)]
    assert [] == [name for name, node in imports if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"]


def test_a_module_imports_at_its_top_unless_there_is_a_reason_not_to():
    late = {module.name for module in modules() if imports_late(module)}
    assert set() == {name for name in late if not name.startswith(tuple(LATE))}
    assert [] == [place for place in LATE if not any(name.startswith(place) for name in late)]

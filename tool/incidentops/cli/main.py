"""`incident`: loads a command when it is used, so that `incident --help` imports nothing but click."""

import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING

import click
from click.exceptions import NoSuchCommand

from incidentops import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from incidentops.core.pauses import Pauses

SECTIONS = {
    ("Write", "write"): {
        "declare": "Declare an incident",
        "near-miss": "Report a near miss",
        "update": "Add an entry to the timeline",
        "engage": "Take over a role, or hand it over",
        "release": "Give a role back",
        "page": "Record that a role is paged",
        "resolve": "Resolve the incident",
    },
    ("Check and read", "read"): {
        "validate": "Check records against the schema and the rules",
        "fix": "Fix findings that have a single correct answer",
        "explain": "Show the documentation of a rule",
        "show": "Show an incident, now or at an earlier time",
        "list": "List incidents",
        "review": "Print the incident review (RCA)",
    },
    ("Carry out", "services"): {
        "plan": "Show what reconcile would do",
        "reconcile": "Bring GitLab and the status page in line with the records",
        "adopt": "Record in the ledger which object belongs to a record",
        "doctor": "Check the setup: variables, git, handbook, services",
    },
    ("Set up", "setup"): {
        "init": "Create a repository for incidents",
        "schema": "Write the schemas that editors use",
        "completion": "Print the completion script for a shell",
        "merge-driver": "Merge two versions of one record (called by git)",
    },
    ("Try", "sandbox"): {
        "sandbox": "Run a local GitLab and Status.io to try things",
        "demo": "Run one incident from declaration to review",
    },
}
"""Every command and its line in `--help`, by the title and the package of its section; so help loads no command."""

COMMANDS = {name: summary for commands in SECTIONS.values() for name, summary in commands.items()}


class LazyGroup(click.Group):
    """A group of commands, each the object `command` of its module, loaded when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        for (_, package), commands in SECTIONS.items():
            if cmd_name in commands:
                name = cmd_name.replace("-", "_")
                command: click.Command = importlib.import_module(f"incidentops.cli.commands.{package}.{name}").command
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands in sections, from the table alone."""
        for (title, _), commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Complete the names from the table alone; options as usual."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=summary) for name, summary in COMMANDS.items() if name.startswith(incomplete)
        ]
        return names + (click.Command.shell_complete(self, ctx, incomplete) if incomplete.startswith("-") else [])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Raises NoSuchCommand with similar names, and BadConfiguration on Windows."""
        if os.name == "nt":
            from incidentops.core.errors import BadConfiguration

            raise BadConfiguration("incidentops does not run on Windows", "it runs on Linux and macOS, and in WSL")
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="incident")
def main() -> None:
    """Incidents as code on GitLab.

    An incident is one YAML file, written by the people on call and merged by merge request. These commands
    write it, check it, and bring GitLab and the status page in line with it.
    """


def run(pauses: "Pauses | None" = None) -> None:
    """Run the command line as a process: every outcome has its exit code, and no failure shows a traceback.

    Without `pauses` it waits by the real clock.
    """
    from incidentops.cli.support.exits import guarded, print_any_character

    print_any_character()
    code = guarded(main, pauses=pauses)
    gc.freeze()  # or Python would look for garbage twice before it ends, for 10 ms
    sys.exit(code)

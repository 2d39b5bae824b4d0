"""`incident`: loads a command when it is used, so that `incident --help` imports nothing but click."""

import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

from incidentops import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from incidentops.core.pauses import Pauses

COMMANDS = {
    "init": "Make a repository for incidents in a folder",
    "declare": "Declare an incident",
    "near-miss": "Report what could have become an incident",
    "update": "Add to the timeline: state, status, severity, a public text, a note",
    "engage": "Take over a role, or hand it to somebody",
    "release": "Give a role back",
    "page": "Write down that a role is to be paged",
    "resolve": "Resolve the incident",
    "validate": "Judge records by the schema and the handbook",
    "fix": "Repair what has one right answer, after showing it",
    "explain": "Tell why a rule exists and how to satisfy it",
    "show": "Show an incident as it stands, or stood at a moment",
    "list": "List incidents",
    "review": "Print the incident review (RCA) of a record",
    "plan": "Show what reconcile would do",
    "reconcile": "Make GitLab and the status page agree with the records",
    "adopt": "Tell the ledger which issue or status page incident belongs to a record",
    "doctor": "Check variables, tokens, project and status page",
    "schema": "Tell editors the words of the handbook",
    "completion": "Print what a shell needs to complete commands",
    "merge-driver": "Join two branches of one record (git calls it)",
    "sandbox": "Serve a GitLab and a Status.io to try things on",
    "demo": "Play one incident from nothing to the review",
}
"""Every command and the line that `--help` says of it; kept here so that help loads no command."""

_SECTIONS = {
    "Write": ("init", "declare", "near-miss", "update", "engage", "release", "page", "resolve"),
    "Judge and read": ("validate", "fix", "explain", "show", "list", "review"),
    "Carry out": ("plan", "reconcile", "adopt", "doctor", "merge-driver"),
    "Set up": ("schema", "completion"),
    "Try": ("sandbox", "demo"),
}


class LazyGroup(click.Group):
    """A group of commands, each the object `command` of `incidentops.cli.commands.<name>`, loaded when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"incidentops.cli.commands.{cmd_name.replace('-', '_')}")
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"incidentops.cli.commands.{cmd_name} has no click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands in sections, from the table alone."""
        for title, names in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name]) for name in names])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Complete the names from the table alone; options as usual."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=told) for name, told in COMMANDS.items() if name.startswith(incomplete)]
        return names + (click.Command.shell_complete(self, ctx, incomplete) if incomplete.startswith("-") else [])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and suggest near names for one that does not exist. Raises BadConfiguration on Windows."""
        if os.name == "nt":
            from incidentops.core.errors import BadConfiguration

            raise BadConfiguration("incidentops does not run on Windows", "it runs on Linux and macOS, and in WSL")
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=2)
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="incident")
def main() -> None:
    """Incidents as code on GitLab.

    An incident is one YAML file, written by the people on call and landed by merge request. These commands
    write it, judge it, and make GitLab and the status page agree with it.
    """


def run(pauses: "Pauses | None" = None) -> None:
    """Run the command line as a process: every end has its exit code, and no failure shows a traceback.

    Without `pauses` it waits by the real clock.
    """
    from incidentops.cli.support.exits import guarded

    sys.exit(guarded(main, pauses=pauses))

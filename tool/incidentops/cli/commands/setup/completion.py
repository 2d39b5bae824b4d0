"""`incident completion`: the completion script for a shell."""

import click
from click.shell_completion import shell_complete

from incidentops.cli.main import main

_EXAMPLES = """\b
Examples:
  incident completion bash > ~/.local/share/bash-completion/completions/incident
  incident completion zsh > "${fpath[1]}/_incident"
  incident completion fish > ~/.config/fish/completions/incident.fish
"""


@click.command(epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the script that completes commands, options, ids, services and people in a shell.

    Write it to the shell's folder for completions and open a new shell. bash must be 4.4 or newer.
    """
    return shell_complete(main, {}, "incident", "_INCIDENT_COMPLETE", f"{shell}_source")

"""`incident completion`: what a shell needs to complete commands, options, ids, services and people."""

import click
from click.shell_completion import get_completion_class

from incidentops.cli.support.exits import Exit
from incidentops.core.errors import Failed

VARIABLE = "_INCIDENT_COMPLETE"
_EXAMPLES = """\b
Examples:
  incident completion bash > ~/.local/share/bash-completion/completions/incident
  incident completion zsh > "${fpath[1]}/_incident"
  incident completion fish > ~/.config/fish/completions/incident.fish
"""


@click.command("completion", epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the script by which a shell completes commands, options, ids of records, services and people.

    Open a new shell after you have put it where the shell looks for it. bash: 4.4 or newer.
    """
    from incidentops.cli.main import main

    found = get_completion_class(shell)
    if found is None:
        raise Failed(f"there is no completion for {shell}", "bash, zsh and fish have one")
    click.echo(found(main, {}, "incident", VARIABLE).source())
    return Exit.DONE

"""`incident sandbox`: a local GitLab, Status.io and status page, to try everything without an account."""

import importlib
import sqlite3
import time

import click

from incidentops.core.errors import BadConfiguration, WrongUse
from incidentops.core.text import quoted

STATUSIO_GAP = click.option(
    "--statusio-gap", default=1.0, show_default=True, help="Seconds that Status.io requires between requests."
)


@click.command()
@click.option("--port", default=8911, show_default=True, help="Port on 127.0.0.1; 0 for a free one.")
@click.option("--db", default=":memory:", show_default=True, help="SQLite file that keeps the data, or :memory:.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="[SERVICE/]NAME[:COUNT]",
    help="Inject a fault: lost-reply, 503, 409, 429, empty-list, slow, free-tier. Repeatable.",
)
@STATUSIO_GAP
@click.option("--slow-seconds", default=2.0, show_default=True, help="Delay of a response with the fault slow.")
@click.option("--user", "users", multiple=True, metavar="USERNAME", help="Add a GitLab user. Repeatable.")
@click.option("--project", default="acme/production", show_default=True, help="Path of the GitLab project.")
def command(
    *,
    port: int,
    db: str,
    faults: tuple[str, ...],
    statusio_gap: float,
    slow_seconds: float,
    users: tuple[str, ...],
    project: str,
) -> None:
    """Run a local GitLab and Status.io to try the tool with.

    Nothing leaves this machine. Stop it with Ctrl-C.
    """
    need_sandbox()
    from incidentops.sandbox.app import SandboxOptions
    from incidentops.sandbox.server import Sandbox

    try:
        options = SandboxOptions(faults, statusio_gap, slow_seconds, users=users)
        with Sandbox(port, db, options, project) as box:
            _print_addresses(box.url, box.seed.project, box.environment())
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("sandbox stopped")
    except ValueError as error:
        raise WrongUse(str(error)) from None
    except sqlite3.Error as error:
        raise WrongUse(
            f"--db {quoted(db)} cannot be used: {error}", "name a new file, or one that the sandbox created"
        ) from None
    except OSError as error:
        raise WrongUse(f"port {port} cannot be used: {error.strerror}", "--port 0 uses a free one") from None


def _print_addresses(url: str, project: str, environment: dict[str, str]) -> None:
    """Print the addresses and the variables."""
    click.echo(f"sandbox    {url}/")
    click.echo(f"issues     {url}/{project}/-/issues")
    click.echo(f"status     {url}/status/")
    click.echo(f"requests   {url}/log")
    click.echo("\nTo use it, set:\n")
    for name, value in environment.items():
        click.echo(f"export {name}={value}")
    click.echo("\nCtrl-C stops it.")


def need_sandbox() -> None:
    """Check that the sandbox can be loaded. Raises BadConfiguration when what it needs is not installed."""
    try:
        importlib.import_module("incidentops.sandbox.server")
    except ModuleNotFoundError as error:
        library = (error.name or "a library").partition(".")[0]
        raise BadConfiguration(
            f"the sandbox is not installed: {library} is missing",
            "install the extra 'sandbox' of incidentops, or all that it can need: "
            'python -m pip install --require-hashes --no-deps -r "$(python -m incidentops.lock)"',
        ) from error

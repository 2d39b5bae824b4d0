"""`incident sandbox`: GitLab, Status.io and the status page on loopback, to try everything without an account."""

import sqlite3
import time

import click

from incidentops.cli.support.extras import need_sandbox
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted


@click.command("sandbox")
@click.option("--port", default=8911, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--db", default=":memory:", show_default=True, help="SQLite file that keeps what lands, or :memory:.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="[SERVICE/]NAME[:COUNT]",
    help="Misbehave: lost-reply, 503, 409, 429, empty-list, slow, free-tier. Repeatable.",
)
@click.option("--statusio-gap", default=1.0, show_default=True, help="Seconds that Status.io wants between requests.")
@click.option("--slow-seconds", default=2.0, show_default=True, help="How long an answer takes under the fault slow.")
@click.option("--user", "users", multiple=True, metavar="USERNAME", help="One more GitLab user. Repeatable.")
@click.option("--project", default="acme/production", show_default=True, help="Path of the one GitLab project.")
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
    """Serve a GitLab and a Status.io to try the tool on.

    Nothing leaves this machine. Ends with Ctrl-C.
    """
    need_sandbox()
    from incidentops.sandbox.app import SandboxOptions
    from incidentops.sandbox.server import Sandbox

    try:
        options = SandboxOptions(faults, statusio_gap, slow_seconds, users=users)
        with Sandbox(port, db, options, project) as box:
            _introduce(box.url, box.seed.project, box.environment())
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("sandbox stopped")
    except ValueError as error:
        raise WrongUse(str(error)) from None
    except sqlite3.Error as error:
        raise WrongUse(
            f"--db {quoted(db)} cannot be used: {error}", "name a file that is new or was made by it"
        ) from None
    except OSError as error:
        raise WrongUse(f"port {port} cannot be used: {error.strerror}", "--port 0 takes a free one") from None


def _introduce(url: str, project: str, environment: dict[str, str]) -> None:
    """Say where to look and what to set."""
    click.echo(f"sandbox    {url}/")
    click.echo(f"issues     {url}/{project}/-/issues")
    click.echo(f"status     {url}/status/")
    click.echo(f"requests   {url}/log")
    click.echo("\nTo point the tool at it:\n")
    for name, value in environment.items():
        click.echo(f"export {name}={value}")
    click.echo("\nCtrl-C ends it.")

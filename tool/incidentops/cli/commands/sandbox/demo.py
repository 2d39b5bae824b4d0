"""`incident demo`: one incident from an empty folder to the review, run with the real commands on the sandbox."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from incidentops.cli.commands.sandbox.sandbox import STATUSIO_GAP, need_sandbox
from incidentops.cli.support.exits import Exit
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.store.git.run import look_for_git


@click.command()
@click.option("--serve", is_flag=True, help="Keep the sandbox running afterwards, to see the result in a browser.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    help="Keep the repository in this folder.  [default: a temporary folder]",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the sandbox.  [default: a free one]")
@STATUSIO_GAP
def command(serve: bool, folder: Path | None, port: int, statusio_gap: float) -> int:
    """Run one incident on a sandbox of GitLab and Status.io: declared, published, resolved, reviewed.

    Lines that start with $ are what a person would type, followed by the real output.
    """
    need_sandbox()
    look_for_git()
    from incidentops.cli.demo.environment import DemoEnvironment
    from incidentops.cli.demo.scenario import run
    from incidentops.sandbox.app import SandboxOptions
    from incidentops.sandbox.server import Sandbox

    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="incident-demo-")))
        elif folder.exists() and any(folder.iterdir()):
            raise WrongUse(f"the folder {quoted(folder, 200)} is not empty", "name an empty or new folder")
        try:
            box = stack.enter_context(Sandbox(port=port, options=SandboxOptions(statusio_gap=statusio_gap)))
        except OSError as error:
            raise WrongUse(f"port {port} is taken", "leave out --port to use a free one") from error
        demo = DemoEnvironment(folder, box.url, box.environment(), statusio_gap)
        run(demo)
        if serve:
            click.echo(f"\nThe sandbox runs at {box.url} until you press Ctrl-C; the repository is {demo.repository}")
            demo.wait()
    return Exit.DONE

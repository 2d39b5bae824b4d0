"""`incident near-miss`: what could have become an incident."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import WriteOptions, ask_author, given_moment, open_session, writing
from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import Declaration
from incidentops.flows.write.save import declare
from incidentops.model.vocabulary import Audience, Kind, Severity

_EXAMPLES = """\b
Examples:
  incident near-miss
  incident near-miss "Certificate renewed an hour before it ran out" \\
      --service web --severity S1 --note "Only found by chance"
"""


@click.command("near-miss", epilog=_EXAMPLES)
@click.argument("title", required=False, type=TEXT)
@click.option(
    "--service", "services", multiple=True, shell_complete=complete.services, help="Affected service. Repeatable."
)
@click.option("--severity", type=word_of(Severity), help="Severity had it happened.")
@click.option("--audience", type=word_of(Audience), help="Who may know.  [default: internal]")
@click.option("--note", type=TEXT, help="What happened; - reads standard input.")
@click.option("--owner", shell_complete=complete.people, help="Who reviews it.  [default: you]")
@click.option("--why", type=TEXT, help="The reason for --owner.")
@click.option("--slug", help="End of the ID.  [default: from the title]")
@writing
def command(
    *,
    options: WriteOptions,
    title: str | None,
    services: tuple[str, ...],
    severity: Severity | None,
    audience: Audience | None,
    note: str | None,
    owner: str | None,
    why: str | None,
    slug: str | None,
) -> int:
    """Report a near miss: nothing broke, but it could have. On a terminal it prompts for what is missing."""
    session = open_session()
    if why and not owner:
        raise WrongUse("--why is the reason for --owner, which is missing")
    by = ask_author(session, options)
    known = list(session.archive.handbook.services)
    title = prompts.need(title, "the title", lambda: prompts.ask_text("What nearly happened"))
    services = prompts.need(services, "--service", lambda: prompts.ask_some("Which services", known))
    severity = prompts.need(severity, "--severity", lambda: prompts.ask_one("Severity had it happened", Severity))
    declaration = Declaration(
        title=title,
        services=services,
        severity=severity,
        at=given_moment(session, options) or session.now,
        by=by,
        kind=Kind.NEAR_MISS,
        audience=audience,
        note=note or "",
        slug=slug or "",
        review={key: text for key, text in (("owner", owner), ("why", why)) if text},
    )
    return show_write(session, declare(session, declaration, options.mode), options.form)

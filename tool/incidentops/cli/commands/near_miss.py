"""`incident near-miss`: what could have become an incident."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.saving import add_new
from incidentops.cli.support.writing import WriteOptions, open_session, writing
from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import Declaration, declare
from incidentops.model.vocabulary import Audience, Kind, Severity

_EXAMPLES = """\b
Examples:
  incident near-miss
  incident near-miss "Certificate renewed an hour before it ran out" \\
      --service web --severity S1 --note "Only found by chance"
"""


@click.command("near-miss", epilog=_EXAMPLES)
@click.argument("title", required=False, type=TEXT)
@click.option("--service", "services", multiple=True, shell_complete=complete.services, help="Repeatable.")
@click.option("--severity", type=word_of(Severity), help="What it would have been.")
@click.option("--audience", type=word_of(Audience), help="Who may know.  [default: internal]")
@click.option("--note", type=TEXT, help="What happened; - reads standard input.")
@click.option("--owner", shell_complete=complete.people, help="Who reviews it.  [default: who noticed it]")
@click.option("--why", type=TEXT, help="Why somebody else than who noticed it reviews it.")
@click.option("--slug", help="The end of the id.  [default: from the title]")
@writing
def command(
    *,
    options: WriteOptions,
    title: str | None,
    services: tuple[str, ...],
    severity: str | None,
    audience: str | None,
    note: str | None,
    owner: str | None,
    why: str | None,
    slug: str | None,
) -> int:
    """Report a near miss: nothing broke, but it could have. On a terminal it asks for what is missing."""
    session = open_session(options)
    if why and not owner:
        raise WrongUse("--why tells why somebody else reviews it, but there is no --owner")
    by = session.by()
    known = list(session.archive.handbook.services)
    title = prompts.need(title, "the title", lambda: prompts.ask_text("What nearly happened"))
    services = prompts.need(services, "--service", lambda: prompts.ask_some("Which services", known))
    severity = prompts.need(severity, "--severity", lambda: prompts.ask_one("How bad would it have been", Severity))
    told = Declaration(
        title=title,
        services=services,
        severity=Severity(severity),
        at=session.at(),
        by=by,
        kind=Kind.NEAR_MISS,
        audience=Audience(audience) if audience else None,
        note=note or "",
        slug=slug or "",
        review={key: text for key, text in (("owner", owner), ("why", why)) if text},
    )
    return add_new(session, declare(session.archive, told, session.judge))

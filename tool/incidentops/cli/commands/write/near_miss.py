"""`incident near-miss`: what could have become an incident."""

import click

from incidentops.cli.support import complete, writing
from incidentops.cli.support.params import TEXT
from incidentops.cli.support.write_output import show_write
from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import Declaration, EntryRequest
from incidentops.flows.write.save import declare
from incidentops.model.vocabulary import Kind

_EXAMPLES = """\b
Examples:
  incident near-miss
  incident near-miss "Certificate renewed an hour before it ran out" \\
      --service web --severity S1 --note "Only found by chance"
"""


@click.command(epilog=_EXAMPLES)
@writing.new_record_options(
    "Severity if it had happened.", click.option("--note", type=TEXT, help="What happened; - reads standard input.")
)
@click.option("--owner", shell_complete=complete.people, help="Who reviews it.  [default: you]")
@click.option("--why", "reason", type=TEXT, help="The reason for --owner.")
@writing.options
def command(
    *,
    title: str | None,
    request: EntryRequest,
    owner: str | None,
    reason: str | None,
    slug: str,
    options: writing.WriteOptions,
) -> int:
    """Report a near miss: nothing broke, but it could have. On a terminal it prompts for what is missing."""
    session = writing.open_session()
    if reason and not owner:
        raise WrongUse("--why is the reason for --owner, which is missing")
    title, first = writing.ask_first(session, title, request, "What nearly happened", "Severity if it had happened")
    review = {key: text for key, text in (("owner", owner), ("why", reason)) if text}
    declaration = Declaration(title, first, Kind.NEAR_MISS, slug=slug, review=review)
    return show_write(session, declare(session, declaration, options), options.form)

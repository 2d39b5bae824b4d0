"""REC: where the record lies, and what it refers to."""

import re
from collections.abc import Container, Iterator
from itertools import islice

from incidentops.core.finding import Pointer, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import checked_elsewhere, rule
from incidentops.rules.engine.wording import did_you_mean
from incidentops.rules.secrets import secrets_in

_SHOWN_SECRETS = 20
_PATH = re.compile(r"incidents/(\d{4})/((\d{4})-\d\d-\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*\.yaml", re.ASCII)


@rule("REC001", "The path does not match the record", waivable=False)
def misplaced_record(incident: Incident, _: Context) -> Iterator[Problem]:
    """The path is the id: year and day of the first entry (UTC), then a slug."""
    file = incident.source.file
    day = incident.declared.date()
    match = _PATH.fullmatch(file)
    if match and match[2] == day.isoformat() and match[1] == match[3]:
        return
    wanted = f"incidents/{day.year:04}/{day.isoformat()}-<slug>.yaml"
    if match is None:
        yield Problem(
            (),
            f"{quoted(file, 200)} is not a valid path for a record",
            f"move it to {wanted}; the slug has lower-case letters, digits and single hyphens",
        )
    elif match[2] != day.isoformat():
        yield Problem(
            ("timeline", 0, "at"),
            f"the file is dated {match[2]}, but the first entry is of {day.isoformat()} (UTC)",
            f"rename the file to {wanted}, or correct the entry",
        )
    else:
        yield Problem((), f"a record of {match[3]} lies in the folder {match[1]}", f"move it to {wanted}")


@rule("REC002", "A service is not in the handbook", waivable=False)
def unknown_service(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Services are a closed list: labels and status page components hang on them."""
    known = ctx.handbook.services
    lists: list[tuple[Pointer, tuple[str, ...]]] = [(("services",), incident.services)]
    lists += [(("timeline", e.index, "services"), e.services) for e in incident.acts if e.services]
    for pointer, services in lists:
        for index, service in enumerate(services):
            if service not in known:
                yield Problem(
                    (*pointer, index), f"service {quoted(service)} is not in the handbook", did_you_mean(service, known)
                )


@rule("REC003", "A person is not in the handbook", waivable=False)
def unknown_person(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """People are a closed list: an issue tracker drops unknown assignees without a word."""
    known = ctx.handbook.people
    for pointer, person in _unknown(incident, known):
        yield Problem(pointer, f"{quoted(person)} is not a person of the handbook", did_you_mean(person, known))


def _unknown(incident: Incident, known: Container[str]) -> Iterator[tuple[Pointer, str]]:
    """Every place where a person stands who is not known."""
    for entry in incident.timeline:
        if entry.by not in known:
            yield ("timeline", entry.index, "by"), entry.by
        if entry.who and entry.who not in known:
            yield ("timeline", entry.index, "who"), entry.who
    for pointer, person in _people_aside(incident):
        if person and person not in known:
            yield pointer, person


def _people_aside(incident: Incident) -> Iterator[tuple[Pointer, str]]:
    """Where a person may stand outside of the timeline; an empty text where nobody does."""
    for waiver in incident.waivers:
        yield ("waivers", waiver.index, "by"), waiver.by
    if incident.review:
        yield ("review", "owner"), incident.review.owner
    for action in incident.corrective_actions:
        yield ("corrective_actions", action.index, "owner"), action.owner
    for alert in incident.alerts:
        if alert.change:
            yield ("alerts", alert.index, "change", "by"), alert.change.by
            yield ("alerts", alert.index, "change", "told"), alert.change.told
    if incident.security and incident.security.disclosure:
        yield ("security", "disclosure", "approved_by"), incident.security.disclosure.approved_by


dangling_relation = checked_elsewhere(
    "REC004", "dangling-relation", "A relation points to a missing record, to itself, or in a circle"
)


@rule("REC005", "Two records share an id, or two corrective actions of a record share a key", waivable=False)
def duplicate_id(incident: Incident, _: Context) -> Iterator[Problem]:
    """Keys of corrective actions; ids of records are checked in `rules.relations`."""
    first: dict[str, int] = {}
    for action in incident.corrective_actions:
        earlier = first.setdefault(action.key, action.index)
        if earlier != action.index:
            yield Problem(
                ("corrective_actions", action.index, "key"),
                f"the key {quoted(action.key)} is that of action {earlier + 1} already",
                "give each corrective action its own key; keys that landed stay as they are",
                other=("corrective_actions", earlier, "key"),
            )


@rule("REC006", "Something in the file looks like a secret", waivable=False)
def secret_in_record(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Any text, comments included. The message never repeats what was found."""
    signs = bool(ctx.secretive(ctx.text))
    for secret in islice(secrets_in(ctx.text, incident.source.data, signs=signs), _SHOWN_SECRETS):
        yield Problem(
            secret.pointer,
            f"this looks like {secret.kind}",
            "take it out and revoke it: whoever can read the repository has it, and history keeps it",
            place=secret.place,
        )

"""The rules, ready to check drafts of one record at a time."""

from collections.abc import Sequence
from datetime import datetime

from incidentops.core.finding import Finding
from incidentops.flows.read.archive import Archive
from incidentops.flows.write.record import DraftCheck
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare


def draft_check(archive: Archive, now: datetime) -> DraftCheck:
    """Return what evaluates all rules on a record, given it and the bytes of its file."""
    rules = prepare(context(now, archive.handbook))

    def check(incident: Incident, content: bytes) -> Sequence[Finding]:
        return rules.check(incident, content.decode("utf-8", "replace").removeprefix("\ufeff")).findings

    return check

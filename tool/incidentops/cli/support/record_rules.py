"""The rules, ready to judge one record at a time for the commands that write."""

from collections.abc import Sequence
from datetime import datetime

from incidentops.core.finding import Finding
from incidentops.flows.read.archive import Archive
from incidentops.flows.write.record import DraftJudge
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare


def judge_for(archive: Archive, now: datetime) -> DraftJudge:
    """Return what says, of a record and the bytes of its file, which findings the rules have."""
    judge = prepare(context(now, archive.handbook))

    def judged(incident: Incident, content: bytes) -> Sequence[Finding]:
        return judge.check(incident, content.decode("utf-8", "replace").removeprefix("\ufeff")).findings

    return judged

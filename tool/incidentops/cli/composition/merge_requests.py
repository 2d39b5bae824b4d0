"""What plan and reconcile have to do with merge requests, put together from the settings."""

from pathlib import Path

from incidentops.cli.composition.environment import Settings
from incidentops.cli.composition.wiring import Workspace, say
from incidentops.core.errors import IncidentError
from incidentops.flows.reconcile.approval import Reviewer
from incidentops.flows.reconcile.merge_requests import MOST_COMMITS, MergeRequestFinder
from incidentops.flows.reconcile.plan_note import note_done, note_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import Verdict
from incidentops.model.build import record_id
from incidentops.plan.plan import Plan
from incidentops.providers.registry import merge_requests
from incidentops.render.plan_notes import NoteSubject
from incidentops.store.git.repository import Repository
from incidentops.store.records import HANDBOOK, is_record
from incidentops.store.sources import RecordSource

_NO_COMMENT = "no comment on the merge request: {}; the plan is an artifact of this job"


def commit_of(root: Path, settings: Settings) -> str:
    """Return the newest commit of what is planned; in a merged-results pipeline that of the source branch."""
    named = settings.ci.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or settings.ci.get("CI_COMMIT_SHA")
    if named:
        return named
    try:
        return Repository(root).head() or ""
    except IncidentError:
        return ""


def write_plan(root: Path, settings: Settings, plan: Plan) -> None:
    """Write a plan on the merge request of this pipeline, and say what came of it; the plan itself is safe anyway."""
    where = settings.ci.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    iid = settings.ci.get("CI_MERGE_REQUEST_IID", "")
    access = merge_requests(settings.values, where, settings.pauses)
    unusable = _elsewhere(settings, where, iid) or access.unusable
    if unusable:
        say(_NO_COMMENT.format(unusable))
        return
    commit = commit_of(root, settings)
    try:
        verdict = _verdict(root, settings)
        subject = NoteSubject(commit, verdict.findings, verdict.records)
        result = note_plan(access.connect(), int(iid), plan, subject, settings.redacted)
    except IncidentError as error:
        result = _NO_COMMENT.format(error.message)
    say(settings.redacted(result))


def _elsewhere(settings: Settings, project: str, iid: str) -> str:
    """Why this is not a merge request pipeline of this project, if it is not. When in doubt, it comes from a fork."""
    if not iid.isdecimal():
        return "this is not a merge request pipeline"
    source, runs_in = settings.ci.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID"), settings.ci.get("CI_PROJECT_ID")
    return "" if project and project == source == runs_in else "it comes from a fork"


def _verdict(root: Path, settings: Settings) -> Verdict:
    """What the rules say of the records that the merge request changes; of all when the base is not known."""
    repository, base = Repository(root), settings.base
    if base is None or repository.commit(base) is None:
        return validate(root, settings.now)
    verdict = validate(root, settings.now, base=base)
    before, after = (repository.blob_ids(revision, "incidents") for revision in (base, "HEAD"))
    changed = {file for file in (*before, *after) if before.get(file) != after.get(file)}
    if HANDBOOK in changed:
        return verdict
    found = tuple(finding for finding in verdict.findings if finding.location.file in changed)
    return Verdict(found, sum(is_record(file) for file in changed), verdict.bugs)


class MergeRequestReport:
    """What reconcile has to do with the merge requests of what landed."""

    def __init__(self, work: Workspace, commit: str, branch: str) -> None:
        self._settings = settings = work.settings
        access = merge_requests(settings.values, settings.ci.get("CI_PROJECT_ID", ""), settings.pauses)
        self._not_configured = access.unusable
        self._finder = MergeRequestFinder(
            access.connect, lambda files: work.repository.landings(commit, files, MOST_COMMITS), branch
        )

    def reviewer(self, *, strict: bool) -> Reviewer:
        """Return what compares a plan with the reviewed ones."""
        return Reviewer(None if self._not_configured else self._finder, self._not_configured, strict)

    def write(self, records: RecordSource, report: ReconcileReport) -> None:
        """Write what was done on the merge requests that landed it. Fails nothing: what was done is done."""
        if self._not_configured:
            return
        files = {record_id(file): file for file in records.blobs()}
        try:
            lines = note_done(self._finder, files, report.outcomes, report.entries, self._settings.redacted)
        except IncidentError as error:
            lines = (f"what was done could not be written on the merge request: {error.message}",)
        for line in lines:
            say(self._settings.redacted(line))

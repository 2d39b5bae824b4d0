"""The reviewed plan is the applied plan: effects that no merge request's plan showed are refused, in words.

An effect belongs to its record, and is compared with the plans of the merge requests that landed the record's newest
changes, or the handbook's (docs/decisions: the review).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from incidentops.core.errors import BadConfiguration, Failed, Refused
from incidentops.core.text import quoted, visible
from incidentops.flows.reconcile.merge_requests import LandedChange, MergeRequestFinder
from incidentops.flows.reconcile.plan import PlanResult
from incidentops.plan.approval import ReviewedEffect, shown, unseen
from incidentops.plan.effect import Effect
from incidentops.plan.resource import SHARED
from incidentops.providers.base import MergeRequest
from incidentops.render import plan_json
from incidentops.render.effects import unreviewed
from incidentops.store.records import HANDBOOK

JOB, FILE = "plan", "plan.json"
"""The job of the merge request's pipeline whose artifact is the reviewed plan, and the artifact."""


class _Decision(Struct, frozen=True):
    """What nobody reviewed, each with the reason; `unreviewed` says why there was no review at all."""

    refused: tuple[tuple[Effect, str], ...] = ()
    unreviewed: str = ""


class Reviewer(Struct):
    """Compares a plan with what was reviewed.

    `finder` is None when merge requests cannot be asked about, for the reason `not_configured`. With `strict` what
    landed without a merge request is refused too.
    """

    finder: MergeRequestFinder | None
    not_configured: str = ""
    strict: bool = False
    _plans: dict[int, ReviewedEffect | str] = field(default_factory=dict)
    _broken: str = ""

    def review(self, planned: PlanResult) -> PlanResult:
        """Return the plan with what nobody reviewed marked as refused. Sends no request when there is nothing to do."""
        files = {incident.id: incident.source.file for incident in planned.scope.incidents}
        refused: dict[str, str] = {}
        notes = []
        wanted = [effect for effect in planned.plan.changes if unseen(effect, ())]
        for incident in sorted({effect.name.incident for effect in wanted}):
            subject = [HANDBOOK] if incident == SHARED else [files[incident], HANDBOOK]
            decision = self._decide(subject, [effect for effect in wanted if effect.name.incident == incident])
            refused |= {effect.digest: why for effect, why in decision.refused}
            if decision.unreviewed:
                notes.append(f"{visible(incident) or 'the handbook'}: {decision.unreviewed}")
        marked = (replace(effect, refused=refused.get(effect.digest, "")) for effect in planned.plan.effects)
        plan = replace(planned.plan, effects=tuple(marked), notes=(*planned.plan.notes, *notes))
        return replace(planned, plan=plan)

    def _decide(self, files: Sequence[str], effects: Sequence[Effect]) -> _Decision:
        try:
            if self.finder is None or self._broken:
                return _all(effects, self._broken or f"what was reviewed cannot be read: {self.not_configured}")
            return self._compare(self.finder, files, effects)
        except (Failed, BadConfiguration) as error:
            reason = f"what was reviewed cannot be read: {error.message}"
            if isinstance(error, BadConfiguration) or error.outage:
                self._broken = reason
            return _all(effects, reason)

    def _compare(self, finder: MergeRequestFinder, files: Sequence[str], effects: Sequence[Effect]) -> _Decision:
        landings = finder.of(files)
        newest = next(landings, None)
        if newest is None:
            return _all(effects, "the reviewed plan cannot be determined: no commit of the default branch landed it")
        if not newest.merge_requests:
            reason = f"commit {newest.commit[:12]} came without a merge request, so nobody reviewed what it does"
            return _all(effects, reason) if self.strict else _Decision(unreviewed=reason)
        return self._with_plans(finder, _each(chain((newest,), landings)), effects)

    def _with_plans(
        self, finder: MergeRequestFinder, merge_requests: Iterator[MergeRequest], effects: Sequence[Effect]
    ) -> _Decision:
        """Look at one plan after the other, newest first, until they have shown everything."""
        numbers: list[str] = []
        seen: list[ReviewedEffect] = []
        for merge_request in merge_requests:
            numbers.append(f"!{merge_request.iid}")
            plan = self._plan_of(finder, merge_request)
            if isinstance(plan, ReviewedEffect):
                seen.append(plan)
            elif not seen:
                return _all(effects, plan)
            if not any(unseen(effect, seen) for effect in effects):
                return _Decision()
        where = f"not in the reviewed plan of {', '.join(numbers)}"
        gaps = ((effect, unseen(effect, seen)) for effect in effects)
        return _Decision(tuple((effect, f"{where}: {unreviewed(effect, gap, seen)}") for effect, gap in gaps if gap))

    def _plan_of(self, finder: MergeRequestFinder, merge_request: MergeRequest) -> ReviewedEffect | str:
        """What a merge request's plan showed, or why that cannot be determined."""
        if merge_request.iid not in self._plans:
            content = finder.client.artifact(merge_request.iid, JOB, FILE)
            self._plans[merge_request.iid] = _read(merge_request, content)
        return self._plans[merge_request.iid]


def _each(landings: Iterable[LandedChange]) -> Iterator[MergeRequest]:
    """Yield the merge requests of landings, each once: one can have landed several commits."""
    known: set[int] = set()
    for landing in landings:
        for merge_request in landing.merge_requests:
            if merge_request.iid not in known:
                known.add(merge_request.iid)
                yield merge_request


def _all(effects: Sequence[Effect], why: str) -> _Decision:
    return _Decision(tuple((effect, why) for effect in effects))


def _read(merge_request: MergeRequest, content: bytes | None) -> ReviewedEffect | str:
    which = f"!{merge_request.iid}"
    if content is None:
        missing = f"no pipeline of this project left {FILE} in a successful job {quoted(JOB)}"
        return f"there is no reviewed plan of {which}: {missing}"
    try:
        reading = plan_json.read(content.decode("utf-8"))
    except (Refused, UnicodeDecodeError):
        return f"the reviewed plan of {which} cannot be read: it is damaged, or of another version"
    if reading.commit != merge_request.sha:
        made, merged = (quoted(sha[:12]) for sha in (reading.commit, merge_request.sha))
        return f"the reviewed plan of {which} was made for commit {made}, but {merged} was merged"
    return shown(reading.effects)

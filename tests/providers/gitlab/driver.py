"""A small reconcile for tests: look, diff, apply, remember. One incident at a time, the real client over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec.structs import replace

from incidentops.core.secret import Secret
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Effect
from incidentops.plan.resource import SHARED, LedgerEntry, Receipt, Resource, ResourceName, ids, remembered_fields
from incidentops.providers.base import ApplyRequest, Query, RecordContext
from incidentops.providers.gitlab.client import GitLabClient
from incidentops.providers.gitlab.provider import GitLab
from incidentops.providers.gitlab.variables import GitLabAccount
from incidentops.sandbox.seed import TOKEN
from pacing import no_pauses
from sandboxes import Sandbox

MOMENT = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


def a_client(box: Sandbox, token: str = TOKEN, *, writable: bool = True, project: str = "acme/production"):
    return GitLabClient(GitLabAccount(box.url, Secret(token), project), no_pauses(), writable=writable)


@dataclass
class World:
    """A sandbox, a handbook, and what the ledger remembers."""

    box: Sandbox
    handbook: Handbook
    writable: bool = True
    shared: dict[str, Receipt] = field(default_factory=dict)
    entry: LedgerEntry = field(default_factory=lambda: LedgerEntry("2026-11-21-registry-503"))

    def provider(self) -> GitLab:
        return GitLab(self.handbook, lambda: a_client(self.box, writable=self.writable))

    def plan(self, incident: Incident | None, provider: GitLab | None = None) -> list[Effect]:
        """The effects for one incident, or for what is shared."""
        provider = provider or self.provider()
        entry = self.entry if incident else LedgerEntry(SHARED, receipts=self.shared)
        if incident:
            context = RecordContext(self.handbook, MOMENT, entry)
            wanted = provider.desired(incident, context)
        else:
            wanted = provider.shared(self.handbook)
        queries = [self._ask(resource, entry) for resource in wanted if _looked_at(resource, entry)]
        seen = provider.observe(queries) if queries else {}
        sides = [
            (r, KnownState(seen.get(r.name), entry.receipt(r.name), r.name.short in entry.intents)) for r in wanted
        ]
        return [effect for resource, side in sides for effect in diff(resource, side)]

    def run(self, incident: Incident | None) -> list[Effect]:
        """Plan and carry out; returns what was to do."""
        if incident and not self.shared:
            self.plant()
        provider = self.provider()
        effects = self.plan(incident, provider)
        for effect in effects:
            if effect.to_do:
                self._carry_out(provider, effect, incident)
        return effects

    def plant(self) -> None:
        """Put what is shared there by hand, labels in the rows and receipts in the ledger entry: quicker than a run."""
        for resource in self.provider().shared(self.handbook):
            name = resource.name
            identity = name.key
            if name.kind == "label":
                statement = "INSERT OR IGNORE INTO labels (name, color, description, inherited) VALUES (?, ?, ?, 0)"
                values = {**resource.initial, **resource.fields}
                self.box.store.run(statement, name.key, values["color"], values["description"])
            else:
                identity = str(self.box.store.number("SELECT id FROM users WHERE username = ?", name.key))
            self.shared[name.short] = Receipt(identity, "", {}, MOMENT, "planted")

    def settle(self, incident: Incident) -> None:
        """Run, and check that a second run finds nothing to do and sends no write."""
        self.run(incident)
        mark = self.last_request()
        assert [] == self.run(incident)
        assert () == tuple(w for w in self.box.writes(mark) if "graphql" not in w.path)

    def forget(self, **left: object) -> None:
        """The ledger as it was before the incident, except for what is `left` in it."""
        self.entry = LedgerEntry(self.entry.incident, **left)

    def last_request(self) -> int:
        return max((row.id for row in self.box.requests()), default=0)

    def _ask(self, resource: Resource, entry: LedgerEntry) -> Query:
        since = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
        return Query(resource, entry.receipt(resource.name), entry.intents.get(resource.name.short), since)

    def _carry_out(self, provider: GitLab, effect: Effect, incident: Incident | None) -> None:
        receipts: Mapping[str, Receipt] = self.entry.receipts if incident else self.shared
        old = receipts.get(effect.name.short)
        if effect.found is not None:
            made, identity, url, normalised = effect.found.fields, effect.found.id, effect.found.url, {}
        else:
            applied = provider.apply(ApplyRequest(effect, incident, self.handbook, old, self.ids(effect)))
            made, identity, url, normalised = effect.after, applied.id, applied.url, applied.normalised
        restored = dict.fromkeys(effect.restored, 1)
        fields = {**(old.fields if old else {}), **remembered_fields(made)}
        receipt = Receipt(identity, url, fields, MOMENT, "test", remembered_fields(normalised), restored)
        if incident:
            self.entry = replace(self.entry, receipts={**self.entry.receipts, effect.name.short: receipt})
        else:
            self.shared[effect.name.short] = receipt

    def ids(self, effect: Effect) -> dict[ResourceName, str]:
        """The ids that the flows give a provider with an effect."""
        return ids(effect.resource.needs, (self.entry, LedgerEntry(SHARED, receipts=self.shared)))

    def issue(self, number: int = 1) -> dict[str, object]:
        return self.box.issues()[number - 1]

    def edit(self, number: int = 1, token: str = "sandbox-fay", **values: object) -> None:
        """What a person does in the browser."""
        a_client(self.box, token).update_issue(number, values)

    def edit_new(self, token: str = "sandbox-fay", **values: object) -> None:
        """What a person makes in the browser."""
        a_client(self.box, token).create_issue(values)


def _looked_at(resource: Resource, entry: LedgerEntry) -> bool:
    return resource.watched if entry.receipt(resource.name) else True

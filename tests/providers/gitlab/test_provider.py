"""The provider against GitLab's behaviour over HTTP: what lands, what survives, and what a second run does."""

from contextlib import suppress

import pytest
from msgspec.structs import replace

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Unknown
from incidentops.core.variable import Variable, values_of
from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Verb
from incidentops.plan.resource import Intent, Receipt, Resource
from incidentops.providers.base import ApplyRequest, CheckStatus, Query, RecordContext
from incidentops.providers.gitlab.provider import GitLab, build
from incidentops.providers.gitlab.variables import VARIABLES
from make import a_handbook, a_near_miss, an_entry, an_incident
from providers.gitlab.driver import MOMENT, World, a_client

PEOPLE = {
    key: {"name": name} for key, name in (("ana", "Ana Silva"), ("bo", "Bo Berg"), ("cem", "Cem"), ("dee", "Dee"))
}
DECLARED = (an_entry("14:02", severity="S2", note="Paged by RegistryErrorRatio"), an_entry("14:03", engage="eoc"))
MANAGER = an_entry("14:11", by="bo", engage="imoc")
WATCHED = an_entry("14:41", state="monitoring")
OVER = an_entry("15:20", by="bo", state="resolved", status="operational")
ACTION = {"key": "pin-chart", "title": "Pin the registry chart", "owner": "cem", "due": "2026-12-05"}
COMMANDS = "/close\n/assign @dee\n/label ~bug\n/title Gone\n\r/confidential\n\nsee #1, !2, acme/production#1 and @all"


def live(*more, **changes):
    return an_incident(*DECLARED, *more, **changes)


def over(**changes):
    return live(MANAGER, WATCHED, OVER, **changes)


@pytest.fixture
def world(sandbox):
    return World(sandbox, a_handbook(people=PEOPLE))


def usernames(issue):
    return [user["username"] for user in issue["assignees"]]


def test_a_declared_incident_becomes_an_incident_issue(world):
    world.settle(live())
    issue = world.issue()
    assert ["Incident::Active", "Service::Registry", "incident", "incidentops", "severity::2"] == issue["labels"]
    assert ("incident", "HIGH", "opened", False) == tuple(
        issue[key] for key in ("issue_type", "severity", "state", "confidential")
    )
    assert ["ana"] == usernames(issue)
    assert "Paged by RegistryErrorRatio" in issue["description"]


def test_nothing_to_do_costs_one_request(world):
    world.run(live())
    mark = world.last_request()
    assert [] == world.run(live())
    assert ["GET"] == [row.method for row in world.box.requests(mark)]


def test_a_landed_update_costs_two_requests(world):
    world.run(live())
    mark = world.last_request()
    world.run(live(MANAGER, WATCHED))
    assert ["GET", "PUT"] == [row.method for row in world.box.requests(mark)]
    assert ["Incident::Mitigated", "Service::Registry", "incident", "incidentops", "severity::2"] == world.issue()[
        "labels"
    ]


def test_the_owner_is_assigned_first_and_everybody_engaged_with_them(world):
    world.run(live())
    world.settle(live(MANAGER))
    assert ["bo", "ana"] == usernames(world.issue())


def test_a_hand_over_takes_the_former_holder_off(world):
    world.run(live())
    world.settle(live(an_entry("14:10", by="cem", engage="eoc")))
    assert ["cem"] == usernames(world.issue())


def test_on_the_free_tier_the_owner_alone_is_assigned_and_nothing_more_is_sent(world):
    world.box.faults.switch(on=["free-tier"])
    world.run(live(MANAGER))
    assert ["bo"] == usernames(world.issue())
    world.settle(live(MANAGER))
    world.settle(live(MANAGER, an_entry("14:50", by="cem", engage="imoc")))
    assert ["cem"] == usernames(world.issue())


def test_a_new_severity_moves_label_and_severity_on_both_tiers(world):
    world.box.faults.switch(on=["free-tier"])
    world.run(live())
    world.settle(live(an_entry("14:20", severity="S1")))
    assert "CRITICAL" == world.issue()["severity"]
    assert ["severity::1"] == [name for name in world.issue()["labels"] if name.startswith("severity")]


def test_a_resolved_incident_is_closed_reviewed_and_linked(world):
    world.settle(over(corrective_actions=[ACTION]))
    issue, review, action = world.box.issues()
    assert ("closed", "opened", "opened") == (issue["state"], review["state"], action["state"])
    assert ["Service::Registry", "incident-review", "incidentops", "severity::2"] == review["labels"]
    assert ("Incident review: Registry pushes fail with HTTP 503", "2026-11-21") == (
        review["title"],
        review["due_date"],
    )
    assert (["ana"], ["cem"]) == (usernames(review), usernames(action))
    assert ("2026-12-05", "issue") == (action["due_date"], action["issue_type"])
    assert ["corrective action", "incidentops", "severity::2"] == action["labels"]
    assert [(1, 2), (1, 3)] == world.box.links()


def test_a_reopened_incident_is_open_again(world):
    world.run(over())
    reopened = an_entry("15:40", state="investigating", why="it came back")
    world.settle(live(MANAGER, WATCHED, OVER, reopened))
    assert "opened" == world.issue()["state"]
    assert 2 == len(world.box.issues())


def test_a_finished_action_is_closed_and_says_why(world):
    world.run(live(corrective_actions=[ACTION]))
    world.settle(live(corrective_actions=[{**ACTION, "done": "2026-11-30", "evidence": "merged as chart 4.3"}]))
    action = world.issue(2)
    assert "closed" == action["state"]
    assert "merged as chart 4.3" in action["description"]


def test_a_near_miss_gets_a_review_at_once_and_no_issue(world):
    world.settle(a_near_miss(corrective_actions=[ACTION]))
    review, action = world.box.issues()
    assert ["Near Miss", "Service::Registry", "incident-review", "incidentops", "severity::2"] == review["labels"]
    assert (["ana"], "issue") == (usernames(review), review["issue_type"])
    assert "What kept it from happening" in review["description"]
    assert [(review["iid"], action["iid"])] == world.box.links()


def test_a_review_is_written_once_and_then_belongs_to_people(world):
    world.run(over())
    world.edit(2, title="Our review", description="all ours now", remove_labels=["severity::2"], assignee_ids=[0])
    world.settle(over(impact={"summary": "12% of pushes failed"}))
    assert ("Our review", "all ours now") == (world.issue(2)["title"], world.issue(2)["description"])


def test_labels_comments_people_and_text_of_others_survive(world):
    world.run(live())
    issue = world.issue()
    fay = a_client(world.box, "sandbox-fay").user("fay").id
    ana = issue["assignees"][0]["id"]
    text = f"Read this first.\n\n{issue['description']}\n\n## Notes of the team\n\n- @ana looks at #1\n"
    world.edit(description=text, add_labels=["group::on-call"], assignee_ids=[ana, fay])
    world.settle(live(MANAGER, an_entry("14:20", note="Chart 4.2 dropped the secret")))
    after = world.issue()
    assert after["description"].startswith("Read this first.\n\n<!-- incidentops:begin")
    assert after["description"].endswith("<!-- incidentops:end -->\n\n## Notes of the team\n\n- @ana looks at #1")
    assert "Chart 4.2 dropped the secret" in after["description"]
    assert "group::on-call" in after["labels"]
    assert {"ana", "bo", "fay"} == set(usernames(after))


def test_a_field_that_a_person_changed_is_restored_once_and_then_contested(world):
    world.run(live())
    world.edit(title="Mine")
    assert [("title",)] == [effect.restored for effect in world.run(live())]
    assert "Registry pushes fail with HTTP 503" == world.issue()["title"]
    world.edit(title="Mine again")
    (effect,) = world.run(live())
    assert (Verb.MANUAL, True) == (effect.verb, "contested" in effect.unresolved)
    assert "Mine again" == world.issue()["title"]


def test_what_people_write_runs_no_command_and_reaches_nobody(world):
    hostile = live(
        an_entry("14:05", state="investigating", publish=COMMANDS, note=COMMANDS),
        an_entry("14:06", by="bo", engage="imoc", who="bo", note=COMMANDS, why=COMMANDS),
        an_entry("14:41", state="monitoring", note=COMMANDS),
        OVER,
        title="Fails for @dee since #1 /close",
        audience="public",
        impact={"summary": COMMANDS},
        review={"owner": "ana", "impact": COMMANDS, "root_cause": COMMANDS, "detection": COMMANDS, "lessons": COMMANDS},
        corrective_actions=[{**ACTION, "title": "Tell @dee about #1", "done": "2026-11-21", "evidence": COMMANDS}],
        links={"doc": "https://gitlab.example.com/acme/production/-/issues/1"},
    )
    world.settle(hostile)
    assert ([], []) == (world.box.quick_actions(), world.box.todos())
    assert not [
        note for iid in (1, 2, 3) for note in world.box.notes(iid, system=True) if "mentioned in" in note["body"]
    ]
    assert ["closed", "opened", "closed"] == [issue["state"] for issue in world.box.issues()]


def test_a_confidential_record_is_never_seen_by_others_not_even_at_first(world):
    world.settle(over(audience="confidential", corrective_actions=[ACTION]))
    creations = [row for row in world.box.writes() if row.path.endswith("/issues")]
    assert [True, True, True] == [issue["confidential"] for issue in world.box.issues()]
    assert ['"confidential": true' in str(row.body) for row in creations] == [True, True, True]


def test_confidentiality_is_raised_and_never_lowered(world):
    world.run(over())
    narrowed = an_entry("16:00", audience="confidential", why="it was an attack")
    world.settle(live(MANAGER, WATCHED, OVER, narrowed))
    assert [True, True] == [issue["confidential"] for issue in world.box.issues()]
    widened = an_entry("16:10", audience="internal", why="it was none")
    world.settle(live(MANAGER, WATCHED, OVER, narrowed, widened))
    assert [True, True] == [issue["confidential"] for issue in world.box.issues()]


def test_what_a_person_made_confidential_stays_so(world):
    world.run(live())
    world.edit(confidential=True)
    world.settle(live(MANAGER))
    assert world.issue()["confidential"]


def test_a_review_without_its_marker_becomes_confidential_too(world):
    world.run(over())
    world.edit(2, description="rewritten")
    world.settle(live(MANAGER, WATCHED, OVER, an_entry("16:00", audience="confidential", why="it was an attack")))
    assert world.issue(2)["confidential"]


def test_where_customers_read_the_issues_internal_incidents_are_confidential(sandbox):
    gitlab = {"url": "https://gitlab.example.com", "project": "acme/production", "public": True}
    world = World(sandbox, a_handbook(people=PEOPLE, gitlab=gitlab))
    world.settle(live(audience="internal"))
    assert world.issue()["confidential"]


@pytest.mark.no_cover
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_the_answer_of_any_write_may_be_lost(world, number):
    world.run(None)
    world.box.faults.lose_reply_of(number)
    world.settle(over(corrective_actions=[ACTION]))
    assert ["closed", "opened", "opened"] == [issue["state"] for issue in world.box.issues()]
    assert "HIGH" == world.issue()["severity"]
    assert [(1, 2), (1, 3)] == world.box.links()


@pytest.mark.parametrize("fault", ["409", "429", "503", "lost-reply"])
def test_a_fault_that_passes_does_no_harm(world, fault):
    world.box.faults.switch(on=[fault])
    for _ in range(4):
        with suppress(IncidentError):
            world.run(over(corrective_actions=[ACTION]))
    world.box.faults.switch(off=[fault])
    world.settle(over(corrective_actions=[ACTION]))
    assert 3 == len(world.box.issues())


def test_a_run_that_died_after_it_made_the_issue_finds_it(world):
    world.run(live())
    world.forget(intents={"gitlab.issue": Intent("d" * 64, MOMENT, "a run that died")})
    effects = world.run(live())
    assert [Verb.ADOPT] == [effect.verb for effect in effects]
    assert 1 == len(world.box.issues())


def test_an_empty_list_makes_no_second_issue(world):
    world.run(live())
    world.forget()
    world.box.faults.switch(on=["empty-list"])
    (effect,) = world.plan(live())
    assert "lists disagree: 0 issues by REST, 1 by GraphQL" in effect.unresolved
    assert "incident adopt 2026-11-21-registry-503 gitlab.issue NUMBER" in effect.unresolved


def test_a_known_issue_is_read_on_its_own_when_the_list_is_empty(world):
    world.run(live())
    world.box.faults.switch(on=["empty-list"])
    world.run(live(MANAGER))
    assert ["bo", "ana"] == usernames(world.issue())


def test_a_list_that_does_not_show_what_is_there_is_not_believed(world):
    world.run(live())
    world.box.faults.switch(on=["empty-list"])
    effects = world.plan(live(corrective_actions=[ACTION]))
    assert ["does not show issue 1" in effect.unresolved for effect in effects if effect.name.kind == "action"] == [
        True
    ]


def test_an_issue_that_is_gone_is_not_made_again(world):
    world.run(live())
    world.box.store.run("DELETE FROM items")
    (effect,) = world.run(live())
    assert (Verb.MANUAL, "gitlab.issue 1 is gone; nothing is made in its place") == (effect.verb, effect.unresolved)


def test_somebody_elses_issue_with_our_marker_is_not_taken(world):
    world.run(live())
    description = world.issue()["description"]
    world.box.store.run("DELETE FROM items")
    client = a_client(world.box, "sandbox-fay")
    client.create_issue({"title": "mine", "description": description, "labels": ["incidentops"]})
    world.forget()
    (effect,) = world.plan(live())
    assert "an issue with our marker was written by 'fay'" in effect.unresolved


def test_two_issues_with_one_marker_are_both_named(world):
    world.run(live())
    a_client(world.box).create_issue(
        {"title": "duplicate", "description": world.issue()["description"], "labels": ["incidentops"]}
    )
    world.forget()
    (effect,) = world.plan(live())
    assert "two issues carry the marker" in effect.unresolved
    assert all(f"/issues/{number}" in effect.unresolved for number in (1, 2))


def test_an_issue_that_lost_our_marker_is_left_alone(world):
    world.run(live())
    world.edit(description="somebody cleared it")
    (effect,) = world.run(live())
    assert "put the line '<!-- incidentops:begin 2026-11-21-registry-503 gitlab.issue -->' into" in effect.unresolved
    assert "somebody cleared it" == world.issue()["description"]


def test_a_block_without_its_end_is_written_anew_and_nothing_is_lost(world):
    world.run(live())
    world.edit(description=world.issue()["description"].replace("<!-- incidentops:end -->", "the team's own line"))
    world.settle(live())
    assert "the team's own line" in world.issue()["description"]
    assert 1 == world.issue()["description"].count("<!-- incidentops:end -->")


def test_a_label_that_is_not_there_is_never_sent(world):
    world.run(None)
    del world.shared["gitlab.label/incident"]
    with pytest.raises(Failed, match="the label 'incident' does not exist yet"):
        world.run(live())
    assert [] == world.box.issues()


def test_somebody_without_a_gitlab_user_is_reported_and_not_assigned(sandbox):
    world = World(sandbox, a_handbook(people={**PEOPLE, "ghost": {"name": "Ghost"}}))
    effects = world.run(None)
    assert ["there is no gitlab.user/ghost"] == [effect.remark for effect in effects if effect.verb is Verb.MANUAL]
    world.settle(live(an_entry("14:05", by="ghost", engage="imoc")))
    assert ["ana"] == usernames(world.issue())


def test_a_group_label_counts_and_is_not_touched(sandbox):
    label = {"name": "severity::2", "color": "#123456", "description": "ours"}
    world = World(sandbox, a_handbook(people=PEOPLE, severities={"S2": {"label": label}}))
    world.run(None)
    assert [] == world.run(None)
    (seen,) = [row for row in sandbox.labels() if row["name"] == "severity::2"]
    assert ("#dc7900", False) == (seen["color"], seen["is_project_label"])


def test_the_look_of_a_label_is_changed_only_when_the_handbook_gives_it(sandbox):
    client = a_client(sandbox)
    for name in ("incident", "incident-review"):
        client.create_label(name, {"color": "#000000", "description": "by hand"})
    gitlab = {
        "url": "https://gitlab.example.com",
        "project": "acme/production",
        "labels": {"incident": {"name": "incident", "color": "#ff0000"}, "review": "incident-review"},
    }
    World(sandbox, a_handbook(people=PEOPLE, gitlab=gitlab)).run(None)
    looks = {row["name"]: (row["color"].lower(), row["description"]) for row in sandbox.labels()}
    assert ("#ff0000", "by hand") == looks["incident"]
    assert ("#000000", "by hand") == looks["incident-review"]


def test_a_plan_writes_nothing_and_says_what_it_would(world):
    world.run(None)
    mark = world.last_request()
    world.writable = False
    assert [Verb.CREATE] == [effect.verb for effect in world.plan(live())]
    assert {"/api/graphql"} >= {row.path for row in world.box.writes(mark)}
    assert [] == world.box.issues()


def test_without_its_variables_it_still_says_what_is_wanted(world):
    provider = GitLab(world.handbook, never, "INCIDENT_GITLAB_TOKEN is not set")
    situation = RecordContext(world.handbook, MOMENT, world.memory)
    wanted = provider.desired(live(), situation)
    assert ["gitlab.issue"] == [resource.name.short for resource in wanted]
    assert provider.shared(world.handbook)
    assert [CheckStatus.SKIPPED] == [check.status for check in provider.check(world.handbook)]
    with pytest.raises(BadConfiguration, match="INCIDENT_GITLAB_TOKEN is not set"):
        provider.observe([Query(wanted[0], None, None, MOMENT)])


def never():
    raise AssertionError("nothing is to be talked to")


def test_no_token_is_in_the_ledger_the_plan_or_an_issue(world):
    world.run(over(corrective_actions=[ACTION]))
    written = repr((world.shared, world.memory, world.plan(over()), world.box.issues()))
    assert "sandbox-token" not in written


def test_a_receipt_without_a_number_stops_that_record_alone(world):
    world.run(live())
    receipt = replace(world.memory.receipts["gitlab.issue"], id="the-red-one")
    world.forget(receipts={"gitlab.issue": receipt})
    (effect,) = world.run(live(MANAGER))
    assert "incident adopt 2026-11-21-registry-503 gitlab.issue NUMBER" in effect.unresolved


def test_a_link_needs_both_issues(world):
    world.run(None)
    situation = RecordContext(world.handbook, MOMENT, world.memory)
    (link,) = [r for r in world.provider().desired(over(), situation) if r.name.kind == "link"]
    effect = diff(link, KnownState(None, None))[0]
    with pytest.raises(Failed, match="the ledger has no number of the issue"):
        world.provider().apply(ApplyRequest(effect, over(), world.handbook, None))


def test_a_user_is_never_made(world):
    (user, *_) = [r for r in world.provider().shared(world.handbook) if r.name.kind == "user"]
    with pytest.raises(Failed, match=r"gitlab.user/ana is looked up and never made"):
        world.provider().apply(
            ApplyRequest(diff(Resource(user.name, {}), KnownState(None, None))[0], None, world.handbook, None)
        )


def test_a_project_without_any_member_is_not_believed(world):
    world.box.faults.switch(on=["empty-list"])
    effects = [effect for effect in world.plan(None) if effect.name.kind == "user"]
    assert all("no member of the project at all" in effect.unresolved for effect in effects)
    assert 4 == len(effects)


def test_an_issue_that_changed_between_observe_and_apply_is_refused(world):
    world.run(live())
    provider = world.provider()
    (effect,) = world.plan(live(MANAGER))
    receipt = world.memory.receipts["gitlab.issue"]
    job = ApplyRequest(effect, live(MANAGER), world.handbook, receipt, world.ids(effect))
    world.edit(description="cleared")
    with pytest.raises(Failed, match="does not carry our marker"):
        provider.apply(job)
    world.box.store.run("DELETE FROM items")
    with pytest.raises(Failed, match="issue 1 is gone"):
        provider.apply(job)


def test_an_issue_that_did_not_become_confidential_fails(world):
    class Leaky:
        """GitLab, but every issue it creates is public."""

        def __init__(self, client):
            self._client = client

        def create_issue(self, values):
            return self._client.create_issue({**values, "confidential": False})

        def __getattr__(self, name):
            return getattr(self._client, name)

    world.run(None)
    provider = GitLab(world.handbook, lambda: Leaky(a_client(world.box)))
    (effect,) = world.plan(live(audience="confidential"), provider)
    with pytest.raises(Failed, match="GitLab did not keep issue 1 confidential"):
        provider.apply(ApplyRequest(effect, live(audience="confidential"), world.handbook, None, world.ids(effect)))


def test_a_lost_answer_that_nobody_can_look_up_stays_unknown(world):
    world.run(None)
    (effect,) = world.plan(live())
    world.box.faults.switch(on=["lost-reply:1"])
    with pytest.raises(Unknown, match="may or may not have done it"):
        world.provider().apply(ApplyRequest(effect, None, world.handbook, None, world.ids(effect)))


def test_a_lost_answer_is_unknown_when_the_lists_disagree(world):
    world.run(None)
    (effect,) = world.plan(live())
    world.box.faults.switch(on=["lost-reply:1", "empty-list"])
    with pytest.raises(Unknown, match="lists disagree"):
        world.provider().apply(ApplyRequest(effect, live(), world.handbook, None, world.ids(effect)))


def test_a_look_of_ours_that_changes_later_is_changed(sandbox):
    def handbook(color):
        labels = {"incident": {"name": "incident", "color": color}}
        gitlab = {"url": "https://gitlab.example.com", "project": "acme/production", "labels": labels}
        return a_handbook(people=PEOPLE, gitlab=gitlab)

    world = World(sandbox, handbook("#ff0000"))
    world.run(None)
    world.handbook = handbook("#00ff00")
    assert [Verb.UPDATE] == [effect.verb for effect in world.run(None)]
    assert ["#00ff00"] == [row["color"].lower() for row in sandbox.labels() if row["name"] == "incident"]


def test_a_description_that_is_too_long_for_gitlab_fails(world):
    world.run(live())
    world.edit(description=world.issue()["description"] + "\n" + "x" * 1_047_000)
    with pytest.raises(Failed, match="longer than the 1 MiB that GitLab takes"):
        world.run(live(an_entry("14:20", note="y" * 3000)))


def test_an_issue_made_by_hand_is_taken_over_once_it_carries_the_marker(world):
    world.run(None)
    world.edit_new(title="Registry down", description="written by hand", labels=["group::on-call"])
    world.forget(receipts={"gitlab.issue": Receipt("1", "", {}, MOMENT, "adopted by a person")})
    (effect,) = world.run(live())
    line = effect.unresolved.partition("put the line '")[2].partition("'")[0]
    world.edit(description=f"written by hand\n\n{line}")
    world.settle(live())
    assert world.issue()["description"].startswith("written by hand\n\n<!-- incidentops:begin")
    assert {"group::on-call", "incident", "incidentops"} <= set(world.issue()["labels"])


FULL = {"INCIDENT_GITLAB_URL": "https://gitlab.example.com", "INCIDENT_GITLAB_TOKEN": "glpat-x"}
NOWHERE = {"url": "https://gitlab.example.com"}


def values(**changes):
    return values_of({**FULL, **changes}, (*VARIABLES, Variable("CI_*", "")))


@pytest.mark.parametrize(
    ("section", "variables", "project"),
    [
        ({"project": "b/b"}, {"INCIDENT_GITLAB_PROJECT": "a/a", "CI_PROJECT_ID": "1217"}, "a/a"),
        ({"project": "b/b"}, {"CI_PROJECT_ID": "1217"}, "b/b"),
        ({}, {"CI_PROJECT_ID": "1217"}, "1217"),
    ],
)
def test_the_project_comes_from_variable_handbook_or_pipeline(section, variables, project):
    asked = []

    def connect(account):
        asked.append(account)
        raise LookupError

    provider = build(values(**variables), a_handbook(gitlab={**NOWHERE, **section}), connect)
    with pytest.raises(LookupError):
        provider.check(a_handbook())
    assert (project, "") == (asked[0].project, provider.not_configured)


def test_without_a_project_it_says_what_to_set():
    provider = build(values(), a_handbook(gitlab=NOWHERE), lambda account: None)
    assert (
        "no project is named: set INCIDENT_GITLAB_PROJECT, or gitlab.project in incidents/handbook.yaml"
        == provider.not_configured
    )


def test_the_handbook_cannot_say_where_the_token_goes():
    provider = build(values(INCIDENT_GITLAB_URL=""), a_handbook(), lambda account: None)
    assert "INCIDENT_GITLAB_URL is not set" == provider.not_configured

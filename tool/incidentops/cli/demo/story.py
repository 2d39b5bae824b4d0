"""The story of the demo: a registry that refuses pushes, told by two people on call, and a near miss."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import click

from incidentops.cli.composition.environment import settings
from incidentops.cli.demo.stage import JsonObject, Stage
from incidentops.core.errors import Failed
from incidentops.core.text import visible_lines
from incidentops.sandbox.seed import PAIRS, STATUSIO_PAGE

_STATES = {100: "Investigating", 200: "Identified", 300: "Monitoring", 400: "Resolved"}
_STATUSES = {
    100: "Operational", 300: "Degraded Performance", 400: "Partial Service Disruption",
    500: "Service Disruption", 600: "Security Issue",
}  # fmt: skip
_HANDBOOK = """\
# yaml-language-server: $schema=../schemas/handbook.schema.json
organisation: Acme
people:
  ana: {{name: Ana Alvarez, email: [ana@acme.example], timezone: Europe/Madrid}}
  bo: {{name: Bo Berg, email: [bo@acme.example], timezone: Europe/Oslo}}
services:
  registry: {{name: Registry, statusio: [{registry}]}}
  web: {{name: Web, statusio: [{website}]}}
gitlab: {{url: "{url}", project: acme/production}}
statusio: {{page: {page}, notify: {{email: true, webhook: true}}}}
"""


def play(stage: Stage) -> None:
    """Play it all. Raises Failed when something does not go as the README promises."""
    _prepare(stage)
    _declare(stage)
    _respond(stage)
    _resolve(stage)
    _near_miss(stage)
    _nothing_more(stage)
    _where_to_look(stage)


def _prepare(stage: Stage) -> None:
    stage.folder.mkdir(parents=True, exist_ok=True)
    stage.chapter("An empty folder becomes an incident repository")
    stage.git("init", "--quiet", "--bare", "--initial-branch=main", "gitlab.git", folder=stage.folder)
    stage.incident("init", "production", "--organisation", "Acme", "--project", "acme/production", "--commit")
    stage.git("remote", "add", "origin", "../gitlab.git")
    handbook = _HANDBOOK.format(
        registry=PAIRS["Container Registry"], website=PAIRS["Website"], url=stage.url, page=STATUSIO_PAGE
    )
    stage.tell("          (edit incidents/handbook.yaml: who is on call, what can fail, where GitLab and the page are)")
    (stage.repository / "incidents" / "handbook.yaml").write_text(handbook, encoding="utf-8")
    stage.incident("schema", "--write")
    stage.land("Set the handbook up", by="")
    stage.incident("doctor")


def _at(stage: Stage, clock: str) -> None:
    """Move the story's clock; it all happens on the day before today, so that nothing lies in the future."""
    hour, minute = clock.split(":")
    yesterday = settings().now.astimezone(UTC) - timedelta(days=1)
    stage.now = datetime(yesterday.year, yesterday.month, yesterday.day, int(hour), int(minute), tzinfo=UTC)


def _declare(stage: Stage) -> None:
    stage.chapter("14:02 UTC: pushes to the registry fail; Ana is the engineer on call")
    _at(stage, "14:02")
    stage.incident(
        "declare", "Registry pushes fail with HTTP 503", "--service", "registry", "--severity", "S2",
        "--audience", "public", "--engage", "eoc", "--note", "Paged by RegistryErrorRatio", by="ana",
    )  # fmt: skip
    _at(stage, "14:05")
    stage.incident(
        "update", "--state", "investigating", "--status", "partial_service_disruption",
        "--publish", "Some image pushes are failing. We are investigating.", by="ana",
    )  # fmt: skip
    stage.incident("validate", by="ana")
    stage.incident("plan", by="ana")
    stage.land("Declare the registry incident", by="ana")
    stage.incident("reconcile", by="ana")
    _show_issue(stage, "declared")


def _respond(stage: Stage) -> None:
    stage.chapter("The incident manager is paged, joins, and owns the incident")
    _at(stage, "14:06")
    stage.incident("page", "imoc", by="ana")
    _at(stage, "14:11")
    stage.incident("engage", "imoc", by="bo")
    _at(stage, "14:18")
    stage.incident("update", "--publish", "We are still looking for the cause. Pulls are not affected.", by="bo")
    stage.land("Bo manages the registry incident", by="bo")
    stage.incident("reconcile", by="bo")
    _show_issue(stage, "investigated")
    stage.chapter("The cause is found, and a fix is watched")
    _at(stage, "14:30")
    stage.incident(
        "update", "--state", "identified", "--note", "Chart 4.2 dropped the storage secret",
        "--publish", "We found the cause and prepare a fix.", by="ana",
    )  # fmt: skip
    _at(stage, "14:41")
    stage.incident("update", "--state", "monitoring", "--publish", "A fix is in place. We are watching it.", by="ana")
    stage.land("The registry's fix is in", by="ana")
    stage.incident("reconcile", by="ana")
    _show_issue(stage, "mitigated")


def _resolve(stage: Stage) -> None:
    stage.chapter("Only the owner resolves; Ana is not the owner any more")
    _at(stage, "15:20")
    stage.incident("resolve", "--publish", "Image pushes work again.", by="ana", expect=(1,))
    stage.incident("resolve", "--publish", "Image pushes work again.", by="bo")
    stage.incident("show", "registry", by="bo")
    stage.land("The registry works again", by="bo")
    stage.incident("reconcile", by="bo")
    _show_issue(stage, "resolved")
    _show_status_page(stage)
    _show_review(stage, "Registry pushes fail")


def _near_miss(stage: Stage) -> None:
    stage.chapter("A near miss gets a review as well")
    _at(stage, "16:10")
    stage.incident(
        "near-miss", "The web certificate had nine hours left", "--service", "web", "--severity", "S1",
        "--note", "The renewal job had failed for a week and nobody was told", by="ana",
    )  # fmt: skip
    stage.land("A near miss with the web certificate", by="ana")
    stage.incident("reconcile", by="ana")
    _show_review(stage, "The web certificate")


def _nothing_more(stage: Stage) -> None:
    stage.chapter("A second reconcile changes nothing")
    stage.forget_requests()
    stage.incident("reconcile", by="ana")
    asked, written = stage.requests_made()
    stage.tell(f"          GitLab and Status.io were asked {asked} times and written to {written} times")
    if written:
        raise Failed("the second reconcile wrote something")


def _where_to_look(stage: Stage) -> None:
    stage.chapter("Where to look at it in a browser")
    stage.tell(f"  issues       {stage.url}/acme/production/-/issues")
    stage.tell(f"  status page  {stage.url}/status/")
    stage.tell(f"  every request that was made  {stage.url}/log")
    stage.tell("  (while the sandbox is up: make demo SERVE=1, or incident demo --serve)")


def _show_issue(stage: Stage, when: str) -> None:
    issue = stage.issue(1)
    _look(
        f"GitLab issue #1 when {when}",
        {
            "title": issue["title"],
            "state": issue["state"],
            "labels": ", ".join(cast("Sequence[str]", issue["labels"])),
            "assignees": _names(issue),
            "severity": issue["severity"],
            "address": issue["web_url"],
        },
    )


def _show_status_page(stage: Stage) -> None:
    for incident in stage.page_incidents():
        messages = sorted(cast("Sequence[JsonObject]", incident["messages"]), key=lambda m: str(m["datetime"]))
        rows: dict[str, object] = {"name": incident["name"]}
        for number, message in enumerate(messages, 1):
            state, status = cast("int", message["state"]), cast("int", message["status"])
            codes = f"{_STATES[state]} ({state}), {_STATUSES[status]} ({status})"
            rows[f"message {number}"] = f"{codes}: {message['details']}"
        _look("what customers read on the status page", rows)


def _show_review(stage: Stage, part: str) -> None:
    for issue in stage.issues():
        title = str(issue["title"])
        if part in title and issue["iid"] != 1:
            labels = ", ".join(cast("Sequence[str]", issue["labels"]))
            facts = {"title": title, "labels": labels, "assignees": _names(issue), "due": issue["due_date"]}
            _look(f"the review, issue #{issue['iid']}", facts)
            for line in visible_lines(str(issue["description"])).split("\n"):
                click.echo(f"          > {line}".rstrip())
            return
    raise Failed(f"there is no review of {part!r}")


def _names(issue: JsonObject) -> str:
    return ", ".join(str(person["username"]) for person in cast("Sequence[JsonObject]", issue["assignees"]))


def _look(title: str, facts: Mapping[str, object]) -> None:
    click.secho(f"          now {title}:", fg="green")
    for name, value in facts.items():
        click.echo(f"            {name:<10} {visible_lines(str(value))}")

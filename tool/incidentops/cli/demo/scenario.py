"""The scenario of the demo: a registry that refuses pushes, two people on call, and a near miss."""

from collections.abc import Mapping, Sequence
from typing import cast

import click

from incidentops.cli.demo.environment import DemoEnvironment, JsonObject
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


def run(demo: DemoEnvironment) -> None:
    """Run the scenario. Raises Failed when something does not happen as the README says."""
    _prepare(demo)
    _declare(demo)
    _respond(demo)
    _resolve(demo)
    _near_miss(demo)
    _nothing_more(demo)
    _where_to_print_facts(demo)


def _prepare(demo: DemoEnvironment) -> None:
    demo.folder.mkdir(parents=True, exist_ok=True)
    demo.section("An empty folder becomes an incident repository")
    demo.git("init", "--quiet", "--bare", "--initial-branch=main", "gitlab.git", folder=demo.folder)
    demo.incident("init", "production", "--organisation", "Acme", "--project", "acme/production", "--commit")
    demo.git("remote", "add", "origin", "../gitlab.git")
    handbook = _HANDBOOK.format(
        registry=PAIRS["Container Registry"], website=PAIRS["Website"], url=demo.url, page=STATUSIO_PAGE
    )
    click.echo("          (edit incidents/handbook.yaml: people, services, the GitLab project and the status page)")
    (demo.repository / "incidents" / "handbook.yaml").write_text(handbook, encoding="utf-8")
    demo.incident("schema", "--write")
    demo.land("Set up the handbook", by="")
    demo.incident("doctor")


def _declare(demo: DemoEnvironment) -> None:
    demo.section("14:02 UTC: pushes to the registry fail; Ana is the engineer on call")
    demo.incident(
        "declare", "Registry pushes fail with HTTP 503", "--service", "registry", "--severity", "S2",
        "--audience", "public", "--engage", "eoc", "--note", "Paged by RegistryErrorRatio", by="ana", at="14:02",
    )  # fmt: skip
    demo.incident(
        "update", "--state", "investigating", "--status", "partial_service_disruption",
        "--publish", "Some image pushes are failing. We are investigating.", by="ana", at="14:05",
    )  # fmt: skip
    demo.incident("validate", by="ana")
    demo.incident("plan", by="ana")
    demo.land("Declare the registry incident", by="ana")
    demo.incident("reconcile", by="ana")
    _show_issue(demo, "after the declaration")


def _respond(demo: DemoEnvironment) -> None:
    demo.section("The incident manager is paged, joins, and owns the incident")
    demo.incident("page", "imoc", by="ana", at="14:06")
    demo.incident("engage", "imoc", by="bo", at="14:11")
    demo.incident(
        "update", "--publish", "We are still looking for the cause. Pulls are not affected.", by="bo", at="14:18"
    )
    demo.land("Bo manages the registry incident", by="bo")
    demo.incident("reconcile", by="bo")
    _show_issue(demo, "during the investigation")
    demo.section("The cause is found, and a fix is monitored")
    demo.incident(
        "update", "--state", "identified", "--note", "Chart 4.2 dropped the storage secret",
        "--publish", "We found the cause and prepare a fix.", by="ana", at="14:30",
    )  # fmt: skip
    demo.incident(
        "update", "--state", "monitoring", "--publish", "A fix is in place. We are watching it.", by="ana", at="14:41"
    )
    demo.land("Monitor the fix of the registry", by="ana")
    demo.incident("reconcile", by="ana")
    _show_issue(demo, "while the fix is monitored")


def _resolve(demo: DemoEnvironment) -> None:
    demo.section("Only the owner can resolve; Ana is no longer the owner")
    demo.incident("resolve", "--publish", "Image pushes work again.", by="ana", at="15:20", expect=(1,))
    demo.incident("resolve", "--publish", "Image pushes work again.", by="bo")
    demo.incident("show", "registry", by="bo")
    demo.land("Resolve the registry incident", by="bo")
    demo.incident("reconcile", by="bo")
    _show_issue(demo, "after the resolve")
    _show_status_page(demo)
    _show_review(demo, "Registry pushes fail")


def _near_miss(demo: DemoEnvironment) -> None:
    demo.section("A near miss gets a review too")
    demo.incident(
        "near-miss", "The web certificate had nine hours left", "--service", "web", "--severity", "S1",
        "--note", "The renewal job had failed for a week and nobody was told", by="ana", at="16:10",
    )  # fmt: skip
    demo.land("Report the near miss of the web certificate", by="ana")
    demo.incident("reconcile", by="ana")
    _show_review(demo, "The web certificate")


def _nothing_more(demo: DemoEnvironment) -> None:
    demo.section("A second reconcile changes nothing")
    before = demo.requests_made()
    demo.incident("reconcile", by="ana")
    requests, writes = (now - then for now, then in zip(demo.requests_made(), before, strict=True))
    click.echo(f"          GitLab and Status.io got {requests} requests, {writes} of them writes")
    if writes:
        raise Failed("the second reconcile wrote something")


def _where_to_print_facts(demo: DemoEnvironment) -> None:
    demo.section("See it in a browser")
    click.echo(f"  issues       {demo.url}/acme/production/-/issues")
    click.echo(f"  status page  {demo.url}/status/")
    click.echo(f"  requests     {demo.url}/log")
    click.echo("  (while the sandbox runs: make demo SERVE=1, or incident demo --serve)")


def _show_issue(demo: DemoEnvironment, when: str) -> None:
    issue = demo.issues()[0]
    _print_facts(
        f"GitLab issue #1 {when}",
        {
            "title": issue["title"],
            "state": issue["state"],
            "labels": ", ".join(cast("Sequence[str]", issue["labels"])),
            "assignees": _names(issue),
            "severity": issue["severity"],
            "address": issue["web_url"],
        },
    )


def _show_status_page(demo: DemoEnvironment) -> None:
    for incident in demo.page_incidents():
        messages = sorted(cast("Sequence[JsonObject]", incident["messages"]), key=lambda m: str(m["datetime"]))
        rows: dict[str, object] = {"name": incident["name"]}
        for number, message in enumerate(messages, 1):
            state, status = cast("int", message["state"]), cast("int", message["status"])
            codes = f"{_STATES[state]} ({state}), {_STATUSES[status]} ({status})"
            rows[f"message {number}"] = f"{codes}: {message['details']}"
        _print_facts("what customers read on the status page", rows)


def _show_review(demo: DemoEnvironment, part: str) -> None:
    for issue in demo.issues():
        title = str(issue["title"])
        if part in title and issue["iid"] != 1:
            labels = ", ".join(cast("Sequence[str]", issue["labels"]))
            facts = {"title": title, "labels": labels, "assignees": _names(issue), "due": issue["due_date"]}
            _print_facts(f"the review, issue #{issue['iid']}", facts)
            for line in visible_lines(str(issue["description"])).split("\n"):
                click.echo(f"          > {line}".rstrip())
            return
    raise Failed(f"there is no review of {part!r}")


def _names(issue: JsonObject) -> str:
    return ", ".join(str(person["username"]) for person in cast("Sequence[JsonObject]", issue["assignees"]))


def _print_facts(title: str, facts: Mapping[str, object]) -> None:
    click.secho(f"          {title}:", fg="green")
    for name, value in facts.items():
        click.echo(f"            {name:<10} {visible_lines(str(value))}")

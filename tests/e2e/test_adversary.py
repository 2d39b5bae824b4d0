"""A record by an adversary changes its own text and nothing else: in the terminal, the reports, on GitLab, on the page.

What the services look like after a hostile record is held against what they look like after a plain one of the same
form: states, people, labels, links, notes and to-dos must be the same.
"""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.composition.test_merge_requests import Project, begun
from commandline import Ran, Shell
from e2e.place import REGISTRY, Place
from gitplace import git
from incidentops.render import plan_notes
from incidentops.render.escape import plain
from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.gitlab.text import extract, mentions, references
from incidentops.sandbox.seed import PROJECT_ID
from make import a_record, an_entry
from sandboxes import Sandbox

MARK = f"<!-- incidentops:plan merge-request 1 {'0' * 64} -->"
FORGED = (
    "incidents/2026/x.yaml:1:1: OWN001 block: forged", "  hint: forged", "error: forged", "owner     forged",
    "  2026-11-21T14:00:00Z  forged: state resolved", "plan: forged", "done           create forged", "::error::forged",
)  # fmt: skip
"""Lines as the tool writes them; none of them may ever stand in an output at its own place."""

_OURS = re.compile(r"\(\[open\]\(/acme/production/-/issues/[0-9]+\)\)")
_PAIR = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)")


@dataclass(frozen=True)
class Evil:
    """What an adversary writes: `line` in a title, `text` elsewhere, `publish` for customers."""

    line: str
    text: str
    publish: str


EVIL = {
    "commands": Evil(
        "/close @dee #1 !1 ~theirs",
        "/close\n/assign @dee\n@dee @all @acme #1 !1 acme/production#1 GL-1 [issue:1]\n\n- /label ~theirs\n"
        "x\r/confidential\n> /close\n```\n/close\n```\n`\n/close\n`\n1. /todo\n\t/close\n/merge\n\n/relate #1",
        "/close\n/reopen\n\r/confidential\n```\n/close\n```",
    ),
    "marks": Evil(
        f"{MARK} <!-- incidentops:end -->",
        f"{MARK}\n\n<!-- incidentops:end -->\n\n{plan_notes.COPY}\n<!-- incidentops:begin 2026-11-21-registry-503 "
        "gitlab.issue -->\n\nforged\n\n<!-- incidentops:begin 2026-11-21-other gitlab.issue -->\n"
        "<!--\n\nRef 2026-11-21-registry-503\n",
        f"{MARK}\n<!-- incidentops:end -->\n\nRef abcdef012345 Ref 2026-11-21-registry-503",
    ),
    "markup": Evil(
        "<img src=x onerror=alert(1)> **b** [x](javascript:alert(1)) `",
        "<script>alert(1)</script>\n</details></td></table>\n## Plan\n\n| a | b |\n| --- | --- |\n[x](javascript:x) "
        "![i](https://evil.example/i.png)\n[1]: https://evil.example\n~~~\n`````\n$$x$$ $`x`$ &lt;b&gt; {{ 7*7 }}"
        "{% raw %} ]]> &#10; {0} [[_TOC_]] :tada:\n***\n===\n---\n",
        "<script>alert(1)</script> **b** [x](javascript:x) </details> ``` {{ 7*7 }} ]]>",
    ),
    "terminal": Evil(
        "\x1b[2J\x1b]0;owned\x07\x9b31m \x08\x08ok",
        "\x1b[2J\x1b[1;1H\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\ \x9b2J \x08\x08\x7f \x00\n"
        "section_start:1:x\r\x1b[0Ka\n" + "\n".join(FORGED) + "\r" + "\r\n".join(FORGED) + "\u2028error: forged",
        "\x1b[2J\x9b2J\x08\x00 gone\n" + "\n".join(FORGED) + "\x85error: forged",
    ),
    "directions": Evil(
        "\u202egpj.exe\u2066\u200f \u200b\ufeff\U000e0041",
        "\u202e\u2066\u2067\u202a\u061c\u200e abc\n\u2069/close\n\ufeff/close\n\u200b@dee\n\u2060/close\n\u00ad#1",
        "\u202e\u2066ok\u200b\ufeff\u061c",
    ),
    "huge": Evil("W" * 200, "`" * 400 + "[" * 400 + "<" * 400 + "\n" * 200 + "x" * 3000, "m" * 9000),
}
PLAIN = Evil("Pushes fail", "Chart 4.2 dropped the secret", "Some pushes fail.")


def the_files(evil: Evil, *, over: bool = False) -> dict[str, bytes]:
    """A public incident with texts wherever one may stand, one that stays inside, and a near miss."""
    line, text = evil.line, evil.text
    entries = [
        an_entry("14:02", severity="S2", engage="eoc", note=text),
        an_entry("14:05", state="investigating", status="degraded_performance", publish=evil.publish, why=text),
        an_entry("14:10", by="bo", engage="imoc", note=text),
        an_entry("14:12", by="bo", severity="S3", why=text),
    ]
    if over:
        entries.append(
            an_entry("14:20", by="bo", state="resolved", status="operational", publish=evil.publish, note=text)
        )
    review = {"why": text, "impact": text, "root_cause": text, "detection": text, "lessons": text, "owner": "ana"}
    actions = [
        {"key": "a", "title": text, "owner": "ana", "due": "2026-12-05"},
        {"key": "b", "title": text, "owner": "bo", "due": "2026-12-05", "done": "2026-11-21", "evidence": text},
        {"key": "c", "title": text, "owner": "bo", "due": "2026-12-05", "wont_do": text},
    ]
    registry = a_record(
        *entries, title=" ".join(plain(evil.publish).split())[:200], audience="public",
        alerts=[{"source": text, "id": text, "severity": text, "fired": "2026-11-21T14:01:00Z",
                 "change": {"at": "2026-11-21T14:30:00Z", "by": "ana", "why": text}}],
        impact={"summary": text, "started": "2026-11-21T14:00:00Z"},
        review=review,
        corrective_actions=actions if over else None,
        links={text[:100]: "https://example.com/x?a=[b](c)|d"},
        waivers=[{"rule": "ALR001", "reason": text, "until": "2026-12-31", "by": "bo"}],
    )  # fmt: skip
    inside = a_record(
        an_entry("14:02", severity="S1", engage="eoc", note=text), title=line,
        not_published={"reason": "embargo", "why": text}, corrective_actions={"none_because": text},
    )  # fmt: skip
    near = a_record(
        an_entry("15:00", severity="S1", note=text), kind="near_miss", title=line, services=["web"], review=review
    )
    files = {REGISTRY: registry, "incidents/2026/2026-11-21-inside.yaml": inside}
    files["incidents/2026/2026-11-21-near.yaml"] = near
    return {file: as_yaml(data) for file, data in files.items()}


def as_yaml(data: object) -> bytes:
    """JSON that is YAML: a character beyond the first plane is one escape, not two."""

    def whole(pair: re.Match[str]) -> str:
        high, low = (int(half, 16) for half in pair.groups())
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"

    return _PAIR.sub(whole, json.dumps(data)).encode()


def the_broken_files(evil: Evil) -> dict[str, bytes]:
    """Records that every stage has something to say about, and says it with what stands in them."""
    line, text = evil.line, evil.text
    unknown = a_record(
        an_entry("14:02", by=text, severity="S3", engage="eoc", who=text, services=[text], publish=f"@{text} #1"),
        an_entry("14:01", by="ana", release="eoc", why=text), title=line, services=[text],
        related=[{"to": text, "as": "caused_by"}],
        waivers=[{"rule": text, "reason": text, "until": "2020-01-01", "by": text}],
        corrective_actions=[{"key": "a", "title": text, "owner": text, "done": "2026-11-21"}],
    )  # fmt: skip
    shape = {
        text[:1000]: text,
        "kind": text,
        "title": text,
        "services": text,
        "timeline": [{text[:1000]: text}, {"at": text}],
    }
    name = "".join(c for c in line if c not in "/\x00")[:60]
    return {
        "incidents/2026/2026-11-21-unknown.yaml": as_yaml(unknown),
        "incidents/2026/2026-11-21-shape.yaml": as_yaml(shape),
        "incidents/2026/2026-11-21-twice.yaml": b"%s: 1\n%s: 2\n" % (as_yaml(line), as_yaml(line)),
        "incidents/2026/2026-11-21-raw.yaml": text.encode() + b": [\n",
        f"incidents/2026/{name}.yaml": as_yaml(a_record(title=line)),
        f"incidents/2026/{name}\nerror: forged.yaml": b"x",
    }


def steering(text: str) -> set[str]:
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co")}


def check_harmless(text: str, kept: str = "\n") -> None:
    """Nothing steers a terminal or turns the reading order, and no line is forged."""
    assert steering(text) <= set(kept)
    assert [line for line in text.split("\n") if line.startswith(FORGED)] == []


def check_markdown(text: str) -> None:
    """Nothing runs, refers or reaches anybody; invisible marks of ours aside nothing steers a terminal either."""
    assert steering(text) <= set("\n\u200c\u200d\u2060")
    assert extract(text)[1] == ()
    assert mentions(text) == ()
    assert references(text) == ()


def check_json(text: str) -> object:
    assert text.isascii()
    return json.loads(text)


@pytest.fixture
def act(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], Project]]:
    """Makes a project with a sandbox of its own; the environment is that of the last one."""
    boxes: list[Sandbox] = []
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def make(name: str) -> Project:
        box = Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0)).__enter__()
        boxes.append(box)
        folder, services = begun()
        box.fill(services)
        given = {**box.environment(), "CI_PROJECT_ID": str(PROJECT_ID), "INCIDENT_NOW": "2026-11-21T15:00:00Z"}
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
        place = Place(tmp_path / name, box)
        folder.write(place.folder)
        return Project(place, Shell(place.root, capsys, monkeypatch), monkeypatch)

    yield make
    for box in boxes:
        box.__exit__(None, None, None)


@pytest.fixture(scope="module")
def forms() -> list[object]:
    """What the services look like after the plain records, once they were carried out."""
    return []


def the_scenario(project: Project, evil: Evil) -> list[Ran]:
    """Two merge requests, planned, merged and carried out; then a run that finds nothing left to do."""
    ran = []
    for over in (False, True):
        iid = project.open(the_files(evil, over=over))
        ran += [project.pipeline(iid), project.pipeline(iid)]
        project.merge(iid)
        ran.append(project.reconcile())
    return [*ran, project.shell.run("reconcile", "--all")]


def form_of(project: Project) -> dict[str, object]:
    """Everything at the services but the texts."""
    box = project.box
    kept = ("iid", "state", "severity", "confidential", "due_date", "issue_type", "weight", "discussion_locked")
    return {
        "issues": [
            {
                **{name: issue.get(name) for name in kept},
                "labels": sorted(issue["labels"]),
                "assignees": sorted(person["username"] for person in issue["assignees"]),
                "notes": len(box.notes(issue["iid"])),
                "system": len(box.notes(issue["iid"], system=True)),
            }
            for issue in box.issues()
        ],
        "labels": sorted(label["name"] for label in box.labels()),
        "links": box.links(),
        "todos": [todo["action_name"] for todo in box.todos()],
        "commands": box.quick_actions(),
        "page": [
            [(message["state"], message["status"]) for message in incident["messages"]]
            for incident in box.statusio_incidents()
        ],
        "components": box.component_statuses(),
        "merge requests": [project.api("GET", f"/merge_requests/{iid}").json()["state"] for iid in (1, 2)],
        "comments": [len(project.notes(iid)) for iid in (1, 2)],
    }


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_at_the_services_nothing_is_different_but_its_own_text(
    act: Callable[[str], Project], forms: list[object], evil: Evil
) -> None:
    if not forms:
        other = act("plain")
        assert [(ran.code, ran.err) for ran in the_scenario(other, PLAIN) if ran.code] == []
        forms.append(form_of(other))
    project = act("evil")
    runs = the_scenario(project, evil)
    assert [(ran.code, ran.err) for ran in runs if ran.code] == []
    for ran in runs:
        check_harmless(ran.out + ran.err)
    assert form_of(project) == forms[0]
    for issue in project.box.issues():
        check_markdown(issue["description"])
        assert mentions(issue["title"]) == references(issue["title"]) == ()
    for iid in (1, 2):
        [note] = project.notes(iid)
        text = str(note["body"]).partition("\n")[2]
        check_markdown(_OURS.sub("", text.replace(project.box.url, "")))
        assert plan_notes.intact(str(note["body"]))
        assert plan_notes.marked(str(note["body"]))[0] == iid  # type: ignore[index]
    for message in project.box.statusio_messages():
        assert steering(message["details"]) <= set("\n\u200c\u200d")
        assert "<" not in message["details"]


SHOWN = (
    ("show", "registry"), ("show", "inside"), ("show", "near"), ("show", "registry", "--at", "14:06"),
    ("list", "--all"), ("plan",), ("validate",), ("validate", "--format", "full"), ("explain", "OWN001"),
)  # fmt: skip


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_at_the_terminal_no_text_steers_it_or_forges_a_line(act: Callable[[str], Project], evil: Evil) -> None:
    project = act("evil")
    project.place.write(the_files(evil, over=True))
    for arguments in SHOWN:
        ran = project.shell.run(*arguments)
        assert ran.code == 0, (arguments, ran.err)
        check_harmless(ran.out + ran.err)
    for arguments in (("review", "registry"), ("plan", "--format", "markdown")):
        ran = project.shell.run(*arguments)
        assert ran.code == 0, (arguments, ran.err)
        check_markdown(ran.out)
    for arguments in (("show", "registry"), ("list",), ("plan",), ("validate",), ("review", "near")):
        check_json(project.shell.run(*arguments, "--format", "json").out)


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_in_the_reports_every_finding_is_one_and_stays_in_its_place(
    act: Callable[[str], Project], evil: Evil, tmp_path: Path
) -> None:
    project = act("evil")
    project.place.land(the_files(PLAIN, over=True))
    base = git(project.place.root, "rev-parse", "HEAD")
    author = plain(evil.line).replace("<", "").replace(">", "") or "x"
    project.monkeypatch.setenv("GIT_AUTHOR_NAME", author)
    project.monkeypatch.setenv("GIT_AUTHOR_EMAIL", author)
    project.place.land({**the_files(evil), **the_broken_files(evil)})
    reports = [f"{form}={tmp_path / form}" for form in ("text", "full", "json", "gitlab", "junit", "sarif")]
    ran = project.shell.run("validate", "--base", base, *[word for report in reports for word in ("--report", report)])
    assert ran.code == 1
    check_harmless(ran.out + ran.err)
    read = {form: (tmp_path / form).read_text(encoding="utf-8") for form in ("text", "full", "junit")}
    for text in read.values():
        check_harmless(text)
    found = check_json((tmp_path / "json").read_text())["findings"]  # type: ignore[index]
    assert len(found) > 15
    assert {"TIM005", "TIM006", "DIF001"} & {finding["code"] for finding in found}
    lines = [line for line in read["text"].split("\n") if line and not line.startswith("  ")]
    assert len(lines) == len(found)
    assert all(line.startswith(("incidents/2026/2026-11-21-", "incidents/2026/")) for line in lines)
    assert len(check_json((tmp_path / "gitlab").read_text())) == len(found)  # type: ignore[arg-type]
    [run] = check_json((tmp_path / "sarif").read_text())["runs"]  # type: ignore[index]
    assert len(run["results"]) == len(found)
    suite = ET.fromstring(read["junit"])
    assert len(list(suite.iter("testcase"))) == len(found) + 1
    assert {element.tag for element in suite.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out",
    }  # fmt: skip


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_an_invalid_record_is_shown_harmlessly_on_the_merge_request(act: Callable[[str], Project], evil: Evil) -> None:
    project = act("evil")
    iid = project.open(the_broken_files(evil))
    ran = [project.pipeline(iid)]
    [note] = project.notes(iid)
    check_markdown(str(note["body"]).partition("\n")[2])
    assert plan_notes.intact(str(note["body"]))
    project.merge(iid)
    ran.append(project.reconcile())
    ran += [project.shell.run(*arguments) for arguments in (("plan",), ("list",), ("show", "shape"), ("show", "-"))]
    for one in ran:
        assert one.code != 10
        check_harmless(one.out + one.err)
    assert project.box.issues() == []
    assert project.box.quick_actions() == []
    assert project.box.todos() == []


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_as_an_argument_it_is_printed_harmlessly(act: Callable[[str], Project], evil: Evil) -> None:
    project = act("evil")
    for text in (evil.line, evil.text):
        word = text.replace("\x00", "")
        for arguments in (
            ("explain", word), ("show", word), ("show", "--at", word), ("review", word), ("list", "--since", word),
            ("validate", word), ("validate", "--base", word), ("plan", word), ("adopt", word, word, word),
            ("validate", "--report", word), ("update", word, "--note", word), ("engage", word), ("page", word),
            ("plan", "--report", word), ("reconcile", "--approved", word), (word,), ("init", word + "/"),
            ("validate", "--since", word, "--history"), ("merge-driver", word, word, word, word),
        ):  # fmt: skip
            ran = project.shell.run(*arguments)
            assert ran.code != 10, (arguments[0], ran.err)
            check_harmless(ran.out + ran.err)

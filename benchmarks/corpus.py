"""Records for benchmarks: as long as real ones, all different, all valid, reproducible by their seed."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import yaml

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = ("ana", "bo", "cem", "dee", "eli", "fay")
SERVICES = ("website", "api", "git", "registry", "pages", "ci", "background", "database", "edge", "sign-in")
FIRST_DAY = datetime(2016, 1, 4, tzinfo=UTC)

_NOTES = (
    "Error ratio is above its objective on {n} of 24 nodes",
    "Queue of {service} grows by {n} jobs a minute",
    "Latency at the 95th percentile is {n}00 ms, the objective is 250 ms",
    "Restarted {n} workers by hand, no change yet",
    "The last deployment to {service} was {n} minutes before",
    "Connections to the primary: {n}0 of 500, mostly idle in transaction",
    "Two customers report it, with timestamps that match ours: {n} failed requests",
    "Memory of the {service} nodes is flat, so it is no leak",
    "Rolled back to the build of {n} hours ago on one node to compare",
    "Traffic from one network is {n} times its usual, looked at and harmless",
    'The log says "upstream timed out" {n}00 times since the start',
    "Feature flag switched off for {n} % of the projects",
)
_MESSAGES = (
    "Some requests to {service} still fail. We are working on it.",
    "We keep looking into the problem with {service}. Other services are not affected.",
    "Work on {service} continues. Fewer requests fail than before.",
    "We have no news on {service} yet and will write again shortly.",
)
_ACTIONS = (
    "Alert on the queue of {service} before it is full",
    "Write down how to restart {service} safely",
    "Limit the connections that {service} may hold",
    "Test the rollback of {service} every week",
    "Give {service} its own pool of workers",
)


@dataclass(frozen=True)
class Record:
    """One file of the corpus."""

    file: str
    text: str


def write(folder: Path, count: int, seed: int = 20261121) -> list[str]:
    """Write the repository's own records and `count` more into a folder; return the files of all records."""
    shutil.copytree(ROOT / "incidents", folder / "incidents")
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    for record in records(count, seed):
        path = folder / record.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record.text, encoding="utf-8")
    files = sorted(path.relative_to(folder).as_posix() for path in (folder / "incidents").rglob("*.yaml"))
    return [file for file in files if file != "incidents/handbook.yaml"]


def records(count: int, seed: int = 20261121) -> Iterator[Record]:
    """Make records: most of them incidents of S2 to S4, one in ten a near miss."""
    chance = Random(seed)
    for number in range(count):
        # Those of one day are hours apart, so that REC008 does not report them as duplicates.
        later = timedelta(hours=5 * (number // 3650 % 3))
        day = FIRST_DAY + timedelta(days=number % 3650, hours=chance.randrange(4, 8), minutes=chance.randrange(60))
        yield _Writer(chance, number, day + later).record()


class _Writer:
    """Writes one record."""

    def __init__(self, chance: Random, number: int, start: datetime) -> None:
        self.chance = chance
        self.number = number
        self.start = start
        self.now = start
        self.service = chance.choice(SERVICES)
        self.eoc, self.imoc = chance.sample(PEOPLE, 2)
        self.severity = chance.choice(("S2", "S3", "S3", "S4"))
        self.public = self.severity == "S2" or chance.random() < 0.2
        self.entries: list[dict[str, object]] = []

    def record(self) -> Record:
        data = self._near_miss() if self.number % 10 == 7 else self._incident()
        slug = f"{self.service}-{self.number:05d}"
        modeline = "# yaml-language-server: $schema=../../schemas/incident.schema.json\n"
        text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        return Record(f"incidents/{self.start:%Y}/{self.start:%Y-%m-%d}-{slug}.yaml", modeline + text)

    def _incident(self) -> dict[str, object]:
        self._declare()
        self._work()
        self._end()
        return {
            "kind": "incident",
            "title": self._line("Requests to {service} fail at {n} % since a deployment"),
            "services": [self.service],
            "audience": "public" if self.public else "internal",
            "alerts": [self._alert()],
            "impact": {
                "started": _time(self.start - timedelta(minutes=2)),
                "detected": _time(self.start - timedelta(minutes=1)),
                "ended": _time(self.now),
                "summary": self._line("About {n} % of the requests to {service} failed or took too long"),
            },
            "timeline": self.entries,
            **self._aftermath(),
        }

    def _near_miss(self) -> dict[str, object]:
        self._entry(self.eoc, 0, severity=self.severity, note=self._note())
        for _ in range(20):
            self._entry(self.eoc, 6, note=self._note())
        return {
            "kind": "near_miss",
            "title": self._line("A deployment of {service} was stopped {n} minutes before it would have failed"),
            "services": [self.service],
            "audience": "internal",
            "impact": {"started": _time(self.start), "summary": "None, because somebody looked."},
            "timeline": self.entries,
            **self._aftermath(),
        }

    def _entry(self, by: str, minutes: int, **what: object) -> None:
        self.now += timedelta(minutes=minutes, seconds=self.chance.randrange(50) if minutes else 0)
        self.entries.append({"at": _time(self.now), "by": by, **what})

    def _declare(self) -> None:
        self._entry(self.eoc, 0, severity=self.severity, note=self._note())
        self._entry(self.eoc, 1, engage="eoc")
        self._entry(self.eoc, 1, state="investigating", status="degraded_performance", **self._message())
        self._entry(self.eoc, 1, page="imoc")
        self._entry(self.imoc, 4, engage="imoc", note="Joined the call, " + self._note().lower())

    def _work(self) -> None:
        for _ in range(4):
            self._entry(self.eoc, 4, note=self._note(), **self._message())
        self._entry(self.imoc, 4, state="identified", note=self._note(), **self._message())
        for _ in range(6):
            self._entry(self.eoc, 9, note=self._note(), **self._message())
        self._entry(self.imoc, 6, state="monitoring", note=self._note(), **self._message())

    def _end(self) -> None:
        for _ in range(3):
            self._entry(self.eoc, 11, note=self._note(), **self._message())
        over = {"publish": self._line("{service} works normally again.")} if self.public else {}
        self._entry(self.imoc, 3, state="resolved", status="operational", **over)

    def _message(self) -> dict[str, object]:
        return {"publish": self._line(self.chance.choice(_MESSAGES))} if self.public else {}

    def _aftermath(self) -> dict[str, object]:
        started = self.now + timedelta(minutes=20)
        return {
            "review": {
                "owner": self.eoc,
                "started": _time(started),
                "completed": _time(started + timedelta(days=3)),
                "severity": self.severity,
                "impact": self._line("For about an hour {n} % of the requests failed."),
                "root_cause": self._line("A change to {service} raised the load of its database by {n} %."),
                "detection": self._line("An alert, {n} minutes after the deployment."),
                "lessons": "Small deployments are easier to take back.",
            },
            "corrective_actions": [self._action(number) for number in range(3)],
            "links": {
                "dashboard": f"https://dashboards.acme.example/d/{self.number}",
                "call": f"https://meet.acme.example/{self.service}-{self.number}",
            },
        }

    def _action(self, number: int) -> dict[str, object]:
        return {
            "key": f"action-{number + 1}",
            "title": self._line(self.chance.choice(_ACTIONS)),
            "owner": self.chance.choice(PEOPLE),
            "severity": "S4",
            "due": f"{self.now + timedelta(days=6):%Y-%m-%d}",
            "done": f"{self.now + timedelta(days=5):%Y-%m-%d}",
            "evidence": f"https://gitlab.acme.example/acme/infra/-/merge_requests/{self.number * 7 + number}",
        }

    def _alert(self) -> dict[str, object]:
        return {
            "source": "pagerduty",
            "id": f"Q{self.number:05d}{self.chance.randrange(1000):03d}",
            "severity": "critical",
            "fired": _time(self.start - timedelta(minutes=1)),
            "acknowledged": _time(self.start + timedelta(minutes=1)),
        }

    def _note(self) -> str:
        return ". ".join(self._line(text) for text in self.chance.sample(_NOTES, self.chance.choice((1, 2))))

    def _line(self, text: str) -> str:
        return text.format(service=self.service, n=self.chance.randrange(2, 40))


class _Dumper(yaml.SafeDumper):
    """Lists indented as people write them, times plain: in YAML 1.2 they are strings."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

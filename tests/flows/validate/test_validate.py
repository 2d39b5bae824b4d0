"""validate: every file is checked, none hides another, and the answer does not depend on how the work was shared."""

import os
import random
from pathlib import Path

import pytest

from flows.files import put, put_handbook
from incidentops.core.errors import WrongUse
from incidentops.core.finding import Location
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import ValidateOptions, Verdict
from make import FILE, HANDBOOK_FILE, NOW, a_record, an_entry

OTHER = "incidents/2026/2026-11-21-web-slow.yaml"
LATE = a_record(an_entry("14:02", severity="S3"))
ELSEWHERE = {**LATE, "services": ["web"]}
WAIVER = {"rule": "OWN002", "reason": "The pager was broken", "until": "2026-12-31", "by": "bo"}


def files_and_codes(verdict: Verdict) -> list[str]:
    return [f"{f.location.file}: {f.code}" for f in verdict.findings]


def test_a_repository_that_is_fine(repository: Path):
    put(repository)
    assert Verdict((), 1) == validate(repository, NOW)


def test_an_empty_repository(repository: Path):
    assert Verdict((), 0) == validate(repository, NOW)


def test_one_bad_file_never_hides_another(repository: Path):
    put(repository, "incidents/2026/2026-11-21-a.yaml", "kind: [")
    put(repository, "incidents/2026/2026-11-21-b.yaml", "kind: incident\n")
    put(repository, "incidents/2026/2026-11-21-c.yaml", data=ELSEWHERE)
    put(repository, "incidents/2026/2026-11-21-d.yaml")
    (repository / "incidents/2026/2026-11-21-e.yaml").mkdir()
    (repository / "incidents/2026/2026-11-21-f.yaml").symlink_to("/etc/hostname")
    os.mkfifo(repository / "incidents/2026/2026-11-21-g.yaml")
    verdict = validate(repository, NOW)
    found = {}
    for finding in verdict.findings:
        found.setdefault(Path(finding.location.file).stem[-1], set()).add(finding.code)
    assert found == {
        "a": {"YML001"}, "b": {"SCH001"}, "c": {"OWN002"}, "e": {"YML006"}, "f": {"YML006"}, "g": {"YML006"},
    }  # fmt: skip
    assert list(verdict.findings) == sorted(verdict.findings, key=lambda f: f.sort_key())
    assert 5 == verdict.records


def test_what_blocks_what_advises_and_what_is_waived(repository: Path):
    put(repository, data={**LATE, "waivers": [WAIVER]})
    put(repository, OTHER, data={**LATE, "services": ["gone"]})
    verdict = validate(repository, NOW)
    assert [("OWN002", "waived"), ("OWN002", "advise"), ("REC002", "block")] == sorted(
        ((f.code, "waived" if f.waived else f.level.value) for f in verdict.findings),
        key=lambda shown: ("waived", "advise", "block").index(shown[1]),
    )


def test_the_whole_text_of_a_file_is_looked_at(repository: Path):
    put(repository, text='\ufeff# password=hunter2\n{"kind": "incident", "title": "x", "services": ["web"],\n'
        '"timeline": [{"at": "2026-11-21T15:55:00Z", "by": "ana", "severity": "S3"}]}\n')  # fmt: skip
    (finding,) = validate(repository, NOW).findings
    assert ("REC006", Location(FILE, 1, 11)) == (finding.code, finding.location)


def test_without_a_handbook_no_record_is_checked(repository: Path):
    put(repository, text="kind: [")
    (repository / HANDBOOK_FILE).unlink()
    verdict = validate(repository, NOW)
    assert [f"{HANDBOOK_FILE}: HBK001", f"{HANDBOOK_FILE}: YML006"] == files_and_codes(verdict)
    assert 0 == verdict.records


def test_a_misshapen_handbook_has_its_own_findings(repository: Path):
    put_handbook(repository, peple={})
    assert [f"{HANDBOOK_FILE}: HBK001", f"{HANDBOOK_FILE}: SCH001"] == files_and_codes(validate(repository, NOW))


def test_a_contradictory_handbook_checks_nothing(repository: Path):
    put(repository, text="kind: [")
    put_handbook(repository, ownership=["eoc", "boss"])
    verdict = validate(repository, NOW, [FILE])
    assert ([f"{HANDBOOK_FILE}: HBK002"], 0) == (files_and_codes(verdict), verdict.records)


def test_the_handbook_sets_levels_and_timers(repository: Path):
    put(repository, data=LATE)
    put_handbook(repository, rules={"OWN002": "block"})
    assert 1 == validate(repository, NOW).blocking
    put_handbook(repository, timers={"acknowledge": "7d"})
    assert [] == files_and_codes(validate(repository, NOW))


def test_only_the_paths_given_are_checked(repository: Path):
    put(repository, data=LATE)
    put(repository, OTHER, data=ELSEWHERE)
    assert [f"{OTHER}: OWN002"] == files_and_codes(validate(repository, NOW, [OTHER]))


def test_a_path_that_is_no_record_is_wrong_use(repository: Path):
    with pytest.raises(WrongUse, match="is not inside incidents"):
        validate(repository, NOW, ["README.md"])


def test_a_rule_that_fails_is_a_bug_and_the_other_rules_still_run(repository: Path, monkeypatch: pytest.MonkeyPatch):
    from incidentops.rules.engine import catalogue, runner
    from incidentops.rules.engine.rule import rule

    @rule("OWN001", "Broken")
    def broken(incident, ctx):
        raise ZeroDivisionError

    put(repository, data=LATE)
    put(repository, OTHER, data=ELSEWHERE)
    monkeypatch.setattr(runner.prepare, "__defaults__", ((broken, *catalogue.ALL),))
    verdict = validate(repository, NOW)
    assert ("OWN001",) == verdict.bugs
    assert [f"{FILE}: OWN001", f"{FILE}: OWN002", f"{OTHER}: OWN001", f"{OTHER}: OWN002"] == files_and_codes(verdict)


def a_mixed_repository(root: Path, count: int) -> None:
    for number in range(count):
        data = [a_record(), LATE, {**LATE, "services": ["gone"]}][number % 3]
        related = [{"to": f"2026-11-21-r{(number + 1) % count}", "as": "caused_by"}] if number % 50 == 0 else None
        put(
            root,
            f"incidents/2026/2026-11-21-r{number}.yaml",
            data={**data, **({"related": related} if related else {})},
        )


def test_processes_share_the_work_and_the_verdict_is_the_same(repository: Path):
    a_mixed_repository(repository, 250)
    steps: list[tuple[int, int]] = []
    alone = validate(repository, NOW, options=ValidateOptions(1, lambda done, total: steps.append((done, total))))
    assert [(100, 250), (200, 250), (250, 250)] == steps
    assert alone == validate(repository, NOW, options=ValidateOptions(2))
    assert alone == validate(repository, NOW)
    assert 250 == alone.records


def test_the_verdict_does_not_depend_on_the_order_of_the_paths(repository: Path):
    a_mixed_repository(repository, 6)
    paths = [f"incidents/2026/2026-11-21-r{number}.yaml" for number in range(6)]
    verdict = validate(repository, NOW, paths)
    for seed in range(5):
        random.Random(seed).shuffle(paths)
        assert verdict == validate(repository, NOW, paths)
    assert verdict == validate(repository, NOW)

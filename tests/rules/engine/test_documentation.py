"""Every page is a test: its Bad gives the output it shows, its Good gives nothing from any rule."""

import re

import pytest

from incidentops.rules.engine.catalogue import ALL
from incidentops.rules.engine.documentation import rule_document
from incidentops.rules.engine.rule import Rule
from rules.pages import FOLDER, HEADINGS, findings_of, parsed, rewritten

ABOUT_FINDINGS = {"HBK001", "WAV001", "DIF004"}
"""Rules that speak of other findings, so that their examples cannot do without one."""


def test_every_rule_has_a_page_and_every_page_a_rule():
    assert sorted(rule.code for rule in ALL) == sorted(path.stem for path in FOLDER.iterdir())


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_the_page_of_a_rule_agrees_with_its_declaration(rule: Rule):
    found = parsed(rule_document(rule.code))
    assert f"# {rule.code} {rule.name}" == found.title
    assert f"{rule.summary}." == found.summary
    assert found.headings == HEADINGS


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_the_bad_example_gives_exactly_the_output_on_the_page(rule: Rule):
    assert rule_document(rule.code) == rewritten(rule_document(rule.code))
    assert f": {rule.code} {rule.level}: " in parsed(rule_document(rule.code)).output


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_the_bad_example_is_about_its_rule_alone(rule: Rule):
    shown = set(re.findall(r"^\S+:\d+:\d+: ([A-Z]{3}[0-9]{3}) ", parsed(rule_document(rule.code)).output, re.MULTILINE))
    assert shown == {rule.code} or (rule.code in shown and rule.code in ABOUT_FINDINGS)


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_the_good_example_gives_nothing_from_any_rule(rule: Rule):
    assert findings_of(parsed(rule_document(rule.code)).good) == ""

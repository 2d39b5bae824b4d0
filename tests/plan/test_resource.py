"""Names and remembered values."""

import pytest

from incidentops.plan.resource import LedgerEntry, Receipt, ResourceName, remembered, resource_name
from make import NOW


def test_a_name_is_written_and_read_back() -> None:
    name = ResourceName("2026-11-21-a", "gitlab", "action", "pin-chart")
    assert name.short == "gitlab.action/pin-chart"
    assert str(name) == "2026-11-21-a gitlab.action/pin-chart"
    assert resource_name("2026-11-21-a", name.short) == name
    assert str(ResourceName("", "gitlab", "label", "a/b")) == "gitlab.label/a/b"
    assert resource_name("", "gitlab.label/a/b") == ResourceName("", "gitlab", "label", "a/b")


@pytest.mark.parametrize("word", ["", "gitlab", "gitlab.", ".issue", "/x"])
def test_what_is_no_name_is_said(word: str) -> None:
    with pytest.raises(ValueError, match="no resource"):
        resource_name("i", word)


def test_long_texts_are_remembered_as_their_digest() -> None:
    assert remembered("short") == "short"
    assert str(remembered("a\nb")).startswith("sha256:")
    assert str(remembered("x" * 161)).startswith("sha256:")
    assert remembered(("short", "a\nb", 3)) == ("short", remembered("a\nb"), 3)


def test_a_lone_surrogate_can_be_remembered() -> None:
    assert str(remembered("\ud800\n")).startswith("sha256:")


def test_an_empty_page_has_no_receipt() -> None:
    assert LedgerEntry("i").receipt(ResourceName("i", "gitlab", "issue")) is None


@pytest.mark.parametrize(
    ("adopted", "known"),
    [({"gitlab.issue": False}, True), ({"gitlab.issue": False, "gitlab.review": True}, False),
     ({"gitlab.issue": False, "statusio.incident": True}, True), ({"statusio.incident": False}, False), ({}, False),
     ({"gitlabel.x": False}, False)],
)  # fmt: skip
def test_a_page_knows_all_of_a_provider_whose_things_our_runs_made(adopted: dict[str, bool], known: bool) -> None:
    receipts = {short: Receipt("1", "", {}, NOW, "run 1", adopted=found) for short, found in adopted.items()}
    assert LedgerEntry("i", receipts=receipts).knows_all_of("gitlab") is known

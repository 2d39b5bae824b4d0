"""The handbook as a value."""

import pytest

from incidentops.model.handbook import ANY, DEPRECATED, DeprecatedKey, deprecated_keys
from make import a_handbook

PAGER = DeprecatedKey(("people", ANY, "pager"), "0.2", "pagerduty")
CHAT = DeprecatedKey(("chat",), "0.2", "slack.production")
DATA = {"chat": "x", "people": {"ana": {"pager": "P1"}, "bo": {}, "cy": None}, "services": ["people"]}


@pytest.mark.parametrize(
    ("path", "node"),
    [
        (("gitlab", "labels"), {"incident": "Outage"}),
        (("gitlab", "labels", "incident"), {}),
        (("gitlab", "project", "x"), {}),
        (("nothing", "here"), {}),
    ],
)
def test_a_provider_reads_the_mapping_at_its_path(path, node):
    assert node == a_handbook(gitlab={"project": "a/b", "labels": {"incident": "Outage"}}).written(*path)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ((PAGER,), ["people.ana.pager"]),
        ((CHAT,), ["chat"]),
        ((PAGER, CHAT), ["people.ana.pager", "chat"]),
        ((DeprecatedKey(("services", ANY), "0.2", ""),), []),
        ((DeprecatedKey(("nothing", "here"), "0.2", ""),), []),
        (DEPRECATED, []),
    ],
)
def test_a_deprecated_key_is_named_by_its_path(known, found):
    assert found == [path for path, _ in deprecated_keys(DATA, known)]

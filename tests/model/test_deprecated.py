"""Keys that are going away are found wherever a handbook has them."""

import pytest

from incidentops.model.deprecated import ANY, DEPRECATED, DeprecatedKey, deprecated_keys

PAGER = DeprecatedKey(("people", ANY, "pager"), "0.2", "pagerduty")
CHAT = DeprecatedKey(("chat",), "0.2", "slack.production")
DATA = {"chat": "x", "people": {"ana": {"pager": "P1"}, "bo": {}, "cy": None}, "services": ["people"]}


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

"""The handbook as a value."""

import pytest

from make import a_handbook


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

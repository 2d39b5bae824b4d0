"""The handbook of the repository: what checks, or why it cannot be used."""

import json
from pathlib import Path

import pytest

from flows.files import put, put_handbook
from incidentops.core.errors import BadConfiguration
from incidentops.flows.read.handbook import handbook_of, load_handbook, usable
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import read_bytes
from make import HANDBOOK_FILE, a_handbook_data


def test_the_handbook_of_a_repository_is_the_one_that_lies_there(tmp_path: Path) -> None:
    put(tmp_path, HANDBOOK_FILE, text=json.dumps(a_handbook_data(organisation="Third")))
    assert "Third" == handbook_of(tmp_path).handbook.organisation
    put_handbook(tmp_path, organisation=7)
    assert handbook_of(tmp_path).handbook is None


def test_a_handbook_that_cannot_be_used_is_refused_with_the_place_of_the_problem() -> None:
    fine = load_handbook(
        read_bytes(b"organisation: A\nservices: {web: {name: Web}}\npeople: {ana: {name: Ana}}\n", "h", Shape.HANDBOOK)
    )
    assert usable(fine).organisation == "A"
    wrong = load_handbook(read_bytes(b"organization: A\n", "incidents/handbook.yaml", Shape.HANDBOOK))
    with pytest.raises(BadConfiguration, match=r"incidents/handbook\.yaml:1:1: .*organi"):
        usable(wrong)

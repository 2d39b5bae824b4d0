"""Values that are built quickly are the same values: equal, of the same class, and as frozen."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, fields

import pytest

from incidentops.core.quick import quick
from incidentops.model.incident import CorrectiveAction, Entry
from incidentops.model.timeline import Snapshot


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int


new_point = quick(Point)


def test_a_value_is_the_same_as_one_that_was_built_slowly():
    point = new_point(1, 2)
    assert Point is type(point)
    assert Point(1, 2) == point
    assert hash(Point(1, 2)) == hash(point)
    assert "Point(x=1, y=2)" == repr(point) == repr(pickle.loads(pickle.dumps(point)))
    assert Point(1, 2) == new_point(y=2, x=1)


def test_a_value_is_frozen():
    with pytest.raises(FrozenInstanceError):
        new_point(1, 2).x = 3  # type: ignore[misc]


def test_a_field_too_few_or_too_many_is_an_error():
    for given in ((1,), (1, 2, 3)):
        with pytest.raises(TypeError):
            new_point(*given)


@pytest.mark.parametrize("kind", [Entry, Snapshot, CorrectiveAction])
def test_every_kind_that_is_built_so_keeps_each_value_in_its_field(kind):
    values = list(range(len(fields(kind))))
    built = quick(kind)(*values)
    assert values == [getattr(built, field.name) for field in fields(kind)]
    assert not hasattr(kind, "__post_init__")

"""The handbook as a value."""

from make import a_handbook


def test_every_label_is_named_once_in_a_fixed_order():
    names = [label.name for label in a_handbook().labels()]
    assert ["incidentops", "incident", "Near Miss", "incident-review", "corrective action"] == names[:5]
    assert ["Service::Registry", "Service::Web", "Service::Git"] == names[-3:]
    assert len(names) == len(set(names)) == 15


def test_of_two_labels_of_one_name_the_first_counts():
    handbook = a_handbook(services={"a": {"label": "x"}, "b": {"label": {"name": "x", "color": "#000000"}}})
    assert [handbook.services["a"].label] == [label for label in handbook.labels() if label.name == "x"]

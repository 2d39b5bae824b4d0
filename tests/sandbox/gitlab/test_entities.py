import pytest

from incidentops.sandbox.gitlab.entities import Entities, text_color
from incidentops.sandbox.store import Store


@pytest.mark.parametrize(("color", "text"), [("#000000", "#FFFFFF"), ("#ffffff", "#1F1E24"), ("#6699cc", "#1F1E24")])
def test_text_on_a_label_can_be_read(color, text):
    assert text == text_color(color)


def test_an_unknown_user_is_null():
    store = Store()
    assert Entities(store, "").user(None) is None
    store.close()


def test_a_label_counts_what_it_is_on(gitlab):
    gitlab.issue(labels="a")
    gitlab.edit(gitlab.issue(labels="a")["iid"], state_event="close")
    label = gitlab.get("/projects/1217/labels/a").json()
    assert (1, 1) == (label["open_issues_count"], label["closed_issues_count"])

"""GitLab's pages. That no text becomes an element is in tests/sandbox/test_pages.py."""

import pytest
import requests


@pytest.mark.parametrize(("state", "titles"), [("opened", ["Two"]), ("closed", ["One"]), ("all", ["Two", "One"])])
def test_the_list_shows_the_issues_of_a_state_newest_first(gitlab, state, titles):
    one, _ = gitlab.issue("One"), gitlab.issue("Two")
    gitlab.edit(one["iid"], state_event="close")
    page = requests.get(f"{gitlab.box.url}/acme/production/-/issues", params={"state": state}).text
    assert titles == [title for title in sorted(("One", "Two"), key=page.find) if f">{title}</a>" in page]


def test_an_issue_that_is_not_there_is_said(gitlab):
    assert 404 == requests.get(f"{gitlab.box.url}/acme/production/-/issues/9").status_code


def test_labels_have_their_colours(gitlab):
    assert "background:#c91c00" in requests.get(f"{gitlab.box.url}/labels.css").text

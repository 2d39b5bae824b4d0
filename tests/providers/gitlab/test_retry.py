"""What is sent again, and after how long."""

from datetime import UTC, datetime

import pytest

from incidentops.providers.gitlab.retry import (
    RetryPolicy,
    RetryReply,
    harmless_twice,
    server_time,
    told_to_wait,
    worth_another,
)

ISSUES = "/api/v4/projects/1/issues"
DATE = "Sat, 21 Nov 2026 14:00:00 GMT"


@pytest.mark.parametrize(
    ("method", "path", "harmless"),
    [
        ("GET", ISSUES, True),
        ("HEAD", ISSUES, True),
        ("PUT", f"{ISSUES}/1", True),
        ("POST", ISSUES, False),
        ("POST", f"{ISSUES}/1/notes", False),
        ("POST", f"{ISSUES}/1/links", True),
        ("POST", "/api/v4/projects/1/labels", True),
        ("POST", "/api/graphql", True),
        ("DELETE", f"{ISSUES}/1", False),
    ],
)
def test_only_what_is_harmless_twice_may_be_sent_again_blindly(method, path, harmless):
    assert harmless == harmless_twice(method, path)


@pytest.mark.parametrize(
    ("method", "status", "locked", "again"),
    [
        ("POST", 429, False, True),
        ("POST", 409, True, True),
        ("POST", 409, False, False),
        ("POST", 503, False, False),
        ("PUT", 503, False, True),
        ("GET", 500, False, True),
        ("GET", 520, False, True),
        ("GET", 501, False, False),
        ("GET", 404, False, False),
        ("PUT", 200, False, False),
    ],
)
def test_an_answer_invites_to_ask_again_or_not(method, status, locked, again):
    assert again == worth_another(RetryReply(method, ISSUES, status, locked, {}))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Sat, 21 Nov 2026 14:00:30 GMT", "Date": DATE}, 30),
        ({"Retry-After": "Sat, 21 Nov 2026 13:00:30 GMT", "Date": DATE}, 0),
        ({"Retry-After": "Sat, 21 Nov 2026 14:00:30 GMT"}, None),
        ({"Retry-After": "-5", "Date": DATE}, None),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "9" * 40}, None),
        ({"Retry-After": "٣"}, None),
    ],
)
def test_retry_after_may_be_a_number_a_date_or_nonsense(headers, seconds):
    assert seconds == told_to_wait(headers)


def test_the_servers_clock_is_its_date_header():
    assert datetime(2026, 11, 21, 14, tzinfo=UTC) == server_time({"Date": DATE})
    assert server_time({"Date": "Sat, 21 Nov 2026 14:00:00 -0000"}) is None
    assert server_time({"Date": ""}) is None


def test_pauses_double_with_jitter_and_end_somewhere():
    patience = RetryPolicy(first=1, longest=10, random=lambda: 0.5)
    assert [1, 2, 4, 8, 10] == [patience.pause(attempt, None) for attempt in range(5)]
    assert [10, 0.5] == [patience.pause(0, told) for told in (600, 0)]

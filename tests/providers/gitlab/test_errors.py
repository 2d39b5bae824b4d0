"""What went wrong with GitLab, in words that name what to look at. The rest is in test_client, over HTTP."""

import pytest

from incidentops.core.errors import BadConfiguration, Failed, Unknown
from incidentops.core.secret import Secret
from incidentops.providers.base import Forbidden, NotFound
from incidentops.providers.gitlab import errors as gitlab_errors
from incidentops.providers.gitlab.errors import GitLabRefusal, WriteConflict
from incidentops.providers.gitlab.variables import GitLabAccount
from incidentops.providers.http import NoAnswer

ACCOUNT = GitLabAccount("https://user:hunter2@gitlab.example.com/git", Secret("glpat-x"), "acme/production")


@pytest.mark.parametrize(
    ("refusal", "kind", "message"),
    [
        (GitLabRefusal("x", 401, "401 Unauthorized"), BadConfiguration, "GitLab does not accept INCIDENT_GITLAB_TOKEN"),
        (GitLabRefusal("x", 401, "Token was revoked."), BadConfiguration, "INCIDENT_GITLAB_TOKEN: it was revoked"),
        (GitLabRefusal("x", 403, "insufficient_scope: no"), BadConfiguration, "lacks the scope api"),
        (
            GitLabRefusal("read issues", 403, "403 Forbidden"),
            Forbidden,
            "does not let us read issues: '403 Forbidden'",
        ),
        (GitLabRefusal("x", 404, "404 Project Not Found"), BadConfiguration, "project 'acme/production' was not found"),
        (GitLabRefusal("read it", 404, "404 Not found"), NotFound, "GitLab could not read it: '404 Not found'"),
        (GitLabRefusal("read it", 404, ""), NotFound, "GitLab could not read it: it was not found"),
        (GitLabRefusal("x", 404, None), BadConfiguration, "'gitlab.example.com' answers, but not as GitLab's API does"),
        (GitLabRefusal("x", 302, None), BadConfiguration, "answers with a redirect"),
        (
            GitLabRefusal("save", 400, {"title": ["is bad", "is long"]}),
            Failed,
            "(400): 'title is bad, is long'",
        ),
        (GitLabRefusal("save", 409, "taken"), WriteConflict, "GitLab refused to save (409): 'taken'"),
        (GitLabRefusal("save", 409, "Resource lock"), Failed, "GitLab refused to save (409)"),
        (GitLabRefusal("save", 422, 17), Failed, "GitLab refused to save (422)"),
        (GitLabRefusal("save", 502, None), Failed, "GitLab is out of order: 502 to 'save'"),
        (GitLabRefusal("save", 502, None, once=True), Unknown, "no answer came to 'save'"),
    ],
)
def test_an_answer_becomes_one_sentence(refusal, kind, message):
    error = gitlab_errors.refusal(ACCOUNT, refusal)
    assert kind is type(error)
    assert message in error.message
    assert "hunter2" not in error.message + error.hint


@pytest.mark.parametrize(
    ("status", "outage"), [(400, False), (404, False), (403, True), (409, True), (429, True), (503, True)]
)
def test_an_outage_ends_the_run_for_gitlab_and_a_refusal_does_not(status, outage):
    error = gitlab_errors.refusal(ACCOUNT, GitLabRefusal("x", status, "its words"))
    assert outage == error.outage


def test_the_token_is_taken_out_of_what_gitlab_says():
    assert ": 'bad [redacted]'" == gitlab_errors.quotation(ACCOUNT, "bad glpat-x")
    assert "" == gitlab_errors.quotation(ACCOUNT, None)


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (gitlab_errors.unanswered(ACCOUNT, "x", NoAnswer("cut", sent=True), once=False), "INCIDENT_GITLAB_URL"),
        (gitlab_errors.unanswered(ACCOUNT, "x", NoAnswer("no", sent=False, untrusted=True), once=True), "CA_BUNDLE"),
        (gitlab_errors.no_address(ACCOUNT), "https://gitlab.example.com"),
        (gitlab_errors.not_gitlab(ACCOUNT), "INCIDENT_GITLAB_URL"),
    ],
)
def test_every_fault_says_what_to_do(error, hint):
    assert hint in error.hint
    assert "hunter2" not in error.message + error.hint


def test_a_write_without_an_answer_is_lost_unless_it_never_left():
    lost = gitlab_errors.unanswered(ACCOUNT, "save", NoAnswer("cut", sent=True), once=True)
    assert (Unknown, Failed) == (
        type(lost),
        type(gitlab_errors.unanswered(ACCOUNT, "save", NoAnswer("refused", sent=False), once=True)),
    )

"""COM003's eyes: references, mentions, addresses, hosts, links and names, and what only looks like them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.handbook import TrackerProject
from incidentops.rules.public_text import public_text
from make import a_handbook

EYES = public_text(a_handbook())


def leaks(text: str) -> list[str]:
    found = [what for what, _ in EYES.leaks(text)]
    assert EYES.suspects(text) or not found
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see #12", ["#12"]),
        ("(#12)", ["#12"]),
        ("see acme/production#12.", ["acme/production#12"]),
        ("production#12", ["production#12"]),
        ("merged !3", ["!3"]),
        ("group/sub/project!3", ["group/sub/project!3"]),
        ("epic &4", ["&4"]),
        ("acme&4,", ["acme&4"]),
        ("#12 and #13", ["#12", "#13"]),
        ("#12abc is a colour", []),
        ("number # 12", []),
        ("Well done!", []),
        ("rock & roll", []),
        ("&#38; &#x26; &amp; &frac12;", []),
        ("https://status.example.com/incidents#12", []),
        ("https://status.example.com/a?b=1&2=3", []),
        ("example.com/page#12", ["example.com/page#12"]),
        ("write to a#12@example.com", []),
    ],
)
def test_references_are_found(text: str, found: list[str]):
    assert found == leaks(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ask @ana", ["@ana"]),
        ("(@ana.)", ["@ana"]),
        ("@group/sub", ["@group"]),
        ("@all", ["@all"]),
        ("Hi.@ana", ["@ana"]),
        ("help@example.com", []),
        ("first.last+tag@example.co.uk", []),
        ("https://example.com/@ana/posts", []),
        ("https://example.com,@ana", ["@ana"]),
        ("at 12 @ noon", []),
        ("&#64;ana", ["@ana"]),
        ("&commat;ana &num;12", ["#12", "@ana"]),
    ],
)
def test_mentions_are_found(text: str, found: list[str]):
    assert found == leaks(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.0.0.7", ["10.0.0.7"]),
        ("http://192.168.1.1:8080/x", ["192.168.1.1"]),
        ("172.16.0.1/12", ["172.16.0.1"]),
        ("127.0.0.1.", ["127.0.0.1"]),
        ("010.000.000.001", ["010.000.000.001"]),
        ("192.0.2.1 is documentation", ["192.0.2.1"]),
        ("169.254.169.254", ["169.254.169.254"]),
        ("version 10.1.2.3", ["10.1.2.3"]),
        ("v10.1.2.3", ["10.1.2.3"]),
        ("8.8.8.8", []),
        ("version 10.1.2", []),
        ("10.1.2.3.4", []),
        ("999.1.1.1", []),
        ("300.10.10.10", []),
        ("fe80::1", ["fe80::1"]),
        ("[::1]:8080", ["::1"]),
        ("fe80::1%eth0", ["fe80::1"]),
        ("fd12:3456:789a::1:", ["fd12:3456:789a::1:"]),
        ("fd12::.", ["fd12::."]),
        ("2606:4700:4700::1111", []),
        ("at 14:02:10", []),
        ("std::vector and a :: b", []),
        ("so: this: that", []),
    ],
)
def test_addresses_are_found(text: str, found: list[str]):
    assert found == leaks(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("db-3.internal", ["db-3.internal"]),
        ("DB.Corp is down", ["DB.Corp"]),
        ("see localhost", ["localhost"]),
        ("app.localhost:3000", ["app.localhost"]),
        ("https://x.y.svc/path", ["x.y.svc"]),
        ("x.svc.cluster.local", ["x.svc.cluster.local"]),
        ("root@db.lan", ["db.lan"]),
        ("router.home.arpa.", ["router.home.arpa"]),
        ("mylocalhost", []),
        ("an internal host", []),
        (".internal", []),
        ("db.internal.example.com", []),
        ("the local.example.com mirror", []),
    ],
)
def test_private_hosts_are_found(text: str, found: list[str]):
    assert found == leaks(text)


def test_the_handbook_says_which_hosts_are_private():
    eyes = public_text(a_handbook(private_hosts=[".acme.net.", "bastion"]))
    assert [("db.acme.net", "an internal host"), ("bastion", "an internal host")] == list(
        eyes.leaks("db.acme.net and bastion and db.internal")
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://gitlab.example.com/acme/production/-/issues/1", ["gitlab.example.com/acme/production/-/issues/1"]),
        ("http://GitLab.example.com/Acme/Production", ["GitLab.example.com/Acme/Production"]),
        ("https://gitlab.example.com:443/acme/production.git", ["gitlab.example.com:443/acme/production.git"]),
        ("(https://gitlab.example.com/acme/production).", ["gitlab.example.com/acme/production"]),
        ("gitlab.example.com/acme/production/-/issues/1", ["gitlab.example.com/acme/production/-/issues/1"]),
        (
            "https://gitlab.example.com/api/v4/projects/acme%2Fproduction/issues",
            ["gitlab.example.com/api/v4/projects/acme%2Fproduction/issues"],
        ),
        ("https://gitlab.example.com/acme/production.", ["gitlab.example.com/acme/production."]),
        ("https://gitlab.example.com/acme/production-docs", []),
        ("https://gitlab.example.com/acme/production.docs", []),
        ("https://gitlab.example.com/acme/other", []),
        ("https://my.gitlab.example.com/acme/production", []),
        ("https://gitlab.com/acme/production", []),
    ],
)
def test_links_into_the_project_are_found(text: str, found: list[str]):
    assert found == leaks(text)


def test_links_into_a_public_project_are_fine():
    gitlab = {"url": "https://gitlab.example.com", "project": "acme/production"}
    link = "https://gitlab.example.com/acme/production/-/issues/1"
    assert [] == list(public_text(a_handbook(gitlab={**gitlab, "public": True})).leaks(link))
    assert [] == list(public_text(a_handbook(gitlab=None)).leaks(link))


def test_a_project_known_by_its_number_has_addresses_too():
    eyes = public_text(a_handbook(gitlab={"url": "https://example.com/gitlab/", "project": 42}))
    assert ["example.com/gitlab/api/v4/projects/42/issues", "example.com/gitlab/projects/42"] == [
        what
        for what, _ in eyes.leaks(
            "https://example.com/gitlab/api/v4/projects/42/issues https://example.com/gitlab/projects/42 "
            "https://example.com/gitlab/projects/421"
        )
    ]


def test_a_project_at_no_host_has_no_addresses():
    eyes = public_text(a_handbook(gitlab={"url": "gitlab", "project": 42}))
    assert [] == list(eyes.leaks("gitlab/projects/42/issues"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana Silva restarts it", ["Ana Silva"]),
        ("ask ANA   SILVA.", ["Ana Silva"]),
        ("(ana\nsilva's turn)", ["Ana Silva"]),
        ("Ana restarts it", []),
        ("ana and bo and Dee", []),
        ("Savannah Silvaner", []),
        ("Diana Silva", []),
        ("Ana Silvana", []),
    ],
)
def test_full_names_are_found(text: str, found: list[str]):
    assert found == leaks(text)


def test_names_are_the_same_in_every_case_and_spelling():
    people = {"jo": {"name": "José Groß-Weiß"}, "jo2": {"name": "José María"}, "x": {"name": "!? ..."}}
    eyes = public_text(a_handbook(people=people))
    assert [("José Groß-Weiß", "the name of a person")] == list(eyes.leaks("JOSE\u0301 GROSS-WEISS is here"))
    assert ["José Groß-Weiß", "José María"] == list(eyes.names_in("josé groß-weiß, josé maría"))


@given(st.text())
def test_no_text_makes_it_fail(text: str):
    leaks(text)


@pytest.mark.parametrize(
    "unit", ["a", "1", "a.", "1.", ":", "a:", "#1", "@", "&a", "://", "&#1;", "é", "http://", "a@a."]
)
def test_long_texts_take_time_in_proportion(unit: str):
    assert isinstance(leaks(unit * 100_000), list)


def test_a_project_without_a_host_hides_no_address():
    handbook = msgspec.structs.replace(a_handbook(), private_projects=(TrackerProject("not an address", "acme/x"),))
    assert [] == list(public_text(handbook).leaks("https://example.com/acme/x/-/issues"))

"""REC006's eyes: what looks like a secret, and what only talks of one. Made up, and put together here on purpose."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.rules.secrets import SIGNS, SecretMatch, secrets_in

A20 = "Ab3dE6gH9jKlMn0pQrSt"
JWT = ".".join(["eyJ" + "hbGciOiJIUzI1NiJ9", "eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0", "c2lnbmF0dXJl"])


def kinds(text: str) -> list[str]:
    found = list(secrets_in(text, {}))
    assert found == list(secrets_in(text, {}, signs=bool(re.search(SIGNS, text))))
    return [secret.kind for secret in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"glpat-{A20}", "a GitLab token"),
        (f"token is gldt-{A20}.", "a GitLab token"),
        (f"glrt-{A20} glrtr-{A20}"[:25], "a GitLab token"),
        (f"glagent-{A20}{A20}", "a GitLab token"),
        (f"GR1348941{A20}", "a GitLab token"),
        ("AKIA" + "IOSFODNN7EXAMPLE", "an AWS access key"),
        ("ASIA" + "IOSFODNN7EXAMPLE", "an AWS access key"),
        ("xoxb-" + "123456789012-abcdef", "a Slack token"),
        ("xoxe.xoxp-" + "1-abcdefghij", "a Slack token"),
        ("xapp-" + "1-A0123456789", "a Slack token"),
        ("https://hooks.slack.com/services/" + "T000/B000/abcdefghijkl", "a Slack webhook"),
        ("ghp_" + A20 + A20, "a GitHub token"),
        ("github_pat_" + A20 + "ab", "a GitHub token"),
        ("-----BEGIN " + "RSA PRIVATE KEY-----", "a private key"),
        ("-----BEGIN " + "PRIVATE KEY-----", "a private key"),
        ("-----BEGIN " + "PGP PRIVATE KEY BLOCK-----", "a private key"),
        (JWT, "a JSON web token"),
        ("https://bot:hunter2" + "@example.com/x", "a password in a URL"),
        ("redis://:hunter2" + "@cache", "a password in a URL"),
        ("password=hunter2", "a password"),
        ("PASSWORD = 'hunter2'", "a password"),
        ('db_passwd="hunter2"', "a password"),
        ("pwd=abc", "a password"),
        ("password: hunter2", "a password"),
        ("PASSWORD: hunter2", "a password"),
        ("passphrase: correct1horse", "a password"),
        ("?private_token=abcdefgh1", "a token"),
        ("api_key=abcdefgh1", "a token"),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "a token"),
        ("client-secret=abcdefgh1", "a token"),
    ],
)
def test_secrets_are_found_with_their_kind(text: str, kind: str):
    assert [kind] == kinds(f"note: {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "glpat-short",
        f"xglpat-{A20}",
        "AKIA is the prefix of AWS keys",
        "AKIA" + "IOSFODNN7EXAMPLEX",
        "ghp_short",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "eyJhbGciOiJIUzI1NiJ9 is only a header",
        "https://example.com:8080/a@b",
        "https://bot:***@example.com",
        "https://bot:$TOKEN@example.com",
        "password=...",
        "password=[redacted]",
        "password=***",
        "password=xxxx",
        "password=$PASSWORD",
        "password=<secret>",
        "the password: it was rotated",
        "password: REDACTED1",
        "token=expired",
        "token=short1",
        "secret=storage-secret-1",
        "the token expired = no pushes in 12345678",
        "sha=abcdef0123456789",
        "# yaml-language-server: $schema=../../schemas/incident.schema.json",
    ],
)
def test_text_about_secrets_is_no_secret(text: str):
    assert [] == kinds(f"note: {text}\n")


def test_the_place_is_line_and_column_in_code_points():
    text = "a: é\r\nb: c\r# ü password=hunter2\n"
    assert [SecretMatch("a password", (3, 13))] == list(secrets_in(text, {}))


def test_values_are_looked_at_when_escapes_could_hide_one():
    data = {"a": [{"b": "password=hunter2", "password=hunter3": 1}], "c": None}
    assert [] == list(secrets_in("nothing here", data))
    assert [
        SecretMatch("a password", None, ("a", 0, "b")),
        SecretMatch("a password", None, ("a", 0, "password=hunter3")),
    ] == list(secrets_in("a backslash: \\", data))


def test_a_secret_that_the_text_shows_is_found_once():
    assert [SecretMatch("a password", (1, 11))] == list(secrets_in("\\ password=hunter2", {"a": "password=hunter2"}))


@given(st.text())
def test_no_text_makes_it_fail(text: str):
    kinds(text)


@pytest.mark.parametrize(
    "unit", ["a", "password:", "password=", "= ", "://a:", "eyJ", "-----BEGIN ", "gl", "xoxb-", "\\"]
)
def test_long_texts_take_time_in_proportion(unit: str):
    assert isinstance(kinds(unit * 100_000), list)

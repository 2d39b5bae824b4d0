from html.parser import HTMLParser

import pytest
import requests

PATHS = ["/", "/acme/production/-/issues?state=all", "/acme/production/-/issues/1", "/status/", "/log", "/nothing"]
EVIL = "<script>alert('x')</script>\"'&"


class Outline(HTMLParser):
    """Collects what the tests check."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.ids = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]


@pytest.fixture
def filled(gitlab, statusio):
    """A sandbox in which every text from users is hostile."""
    gitlab.issue(EVIL, description=f"{EVIL}\n\n## Heading", labels=EVIL.replace(",", ""), confidential=True)
    gitlab.put("/projects/1217/labels/severity::1", color="#000")
    other = gitlab.issue("Review", issue_type="incident", assignee_ids=[2, 3], due_date="2026-12-05")
    gitlab.edit(other["iid"], state_event="close", discussion_locked=True)
    note = gitlab.post("/projects/1217/issues/1/notes", body=EVIL).json()
    gitlab.put(f"/projects/1217/issues/1/notes/{note['id']}", body=f"{EVIL} again")
    gitlab.post("/projects/1217/issues/1/notes", body="Inside", internal=True)
    gitlab.post("/projects/1217/issues/1/links", target_project_id=1217, target_issue_iid=other["iid"])
    gitlab.post("/projects/1217/merge_requests", title=EVIL, source_branch="a", target_branch="main")
    gitlab.get("/projects/1217/issues", search=EVIL)
    past = statusio.opened(incident_name=EVIL)
    statusio.resolve(past, incident_details=EVIL)
    statusio.create(incident_name=EVIL, incident_details=EVIL)
    gitlab.box.faults.lose_reply_of(9)
    gitlab.box.faults.switch(on=["gitlab/slow:0"])
    return gitlab.box


def page(box, path):
    return requests.get(f"{box.url}{path}")


@pytest.mark.parametrize("path", [*PATHS, "/acme/production/-/issues/2", "/acme/production/-/merge_requests/1"])
def test_no_text_becomes_an_element_and_there_is_no_script(filled, path):
    answer = page(filled, path)
    outline = Outline(answer.text)
    assert "script" not in outline.tags
    assert not [name for name in outline.attributes if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("path", PATHS[:-1])
def test_a_page_has_landmarks_one_heading_and_a_strict_policy(filled, path):
    answer = page(filled, path)
    outline = Outline(answer.text)
    assert 200 == answer.status_code
    assert 1 == outline.tags.count("h1") == outline.tags.count("main") == outline.tags.count("title")
    assert len(outline.ids) == len(set(outline.ids))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_pages_show_the_contents(filled):
    issues = page(filled, "/acme/production/-/issues?state=closed").text
    assert "Review" in issues
    assert "@ana, @bo" in issues
    issue = page(filled, "/acme/production/-/issues/1").text
    for shown in ("Confidential", "Internal", "edited", "#2 Review", "added the label", "Heading"):
        assert shown in issue
    status = page(filled, "/status/").text
    assert "Partial Service Disruption" in status
    assert "Resolved" in status
    assert "Inside" not in status
    assert "/api/v4/projects/1217/issues" in page(filled, "/log").text
    assert "/api/v4" not in page(filled, "/log?service=statusio").text
    assert "gitlab/slow:0" in page(filled, "/").text


def test_an_empty_sandbox_has_its_pages_too(sandbox):
    for path in ("/", "/acme/production/-/issues", "/status/", "/log", "/static.css", "/labels.css", "/icon.svg"):
        assert 200 == page(sandbox, path).status_code
    assert "All systems operational" in page(sandbox, "/status/").text


def test_what_is_not_there_says_so(sandbox):
    for path in ("/acme/production/-/issues/9", "/acme/production/-/merge_requests/1"):
        assert (404, True) == (page(sandbox, path).status_code, "Not here" in page(sandbox, path).text)


def test_a_label_has_its_colour_and_text_that_can_be_read(gitlab):
    gitlab.issue(labels="a")
    assert "{background:#6699cc;color:#1F1E24}" in page(gitlab.box, "/labels.css").text


def luminance(color):
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(one, two):
    bright, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_colours_of_text_stand_out_in_light_and_in_dark(sandbox):
    css = page(sandbox, "/static.css").text
    for block in css.split(":root {")[1:3]:
        colors = dict(
            part.strip().split(": ") for part in block.split("}")[0].replace("\n", "").split(";") if ":" in part
        )
        colors = {name.removeprefix("--"): value for name, value in colors.items()}
        pairs = [(ink, paper) for ink in ("ink", "soft", "link") for paper in ("paper", "sheet", "shade")]
        pairs += [(tone, back) for tone in ("calm", "warn", "bad", "info") for back in ("paper", "sheet", f"{tone}-bg")]
        assert [] == [(one, two) for one, two in pairs if contrast(colors[one], colors[two]) < 4.5]

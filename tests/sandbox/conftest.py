"""Clients for the tests of the sandbox: plain HTTP, as anybody's program would send it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from incidentops.sandbox import seed
from sandbox_fixture import sandbox
from sandboxes import Sandbox

__all__ = ["sandbox"]

PROJECT = "/projects/1217"


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "measured", True)


@dataclass
class GitLab:
    """Talks to `/api/v4` with a token."""

    box: Sandbox
    session: requests.Session
    token: str = seed.TOKEN

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"PRIVATE-TOKEN": self.token} if self.token else {}
        return self.session.request(method, f"{self.box.url}/api/v4{path}", headers=headers, timeout=10, **options)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, **body: Any) -> requests.Response:
        return self.call("POST", path, json=body)

    def put(self, path: str, **body: Any) -> requests.Response:
        return self.call("PUT", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def issue(self, title: str = "It broke", **fields: Any) -> dict[str, Any]:
        """Make an issue and return it."""
        answer = self.post(f"{PROJECT}/issues", title=title, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def edit(self, iid: int, **fields: Any) -> dict[str, Any]:
        """Change an issue and return it."""
        answer = self.put(f"{PROJECT}/issues/{iid}", **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, iid: int) -> dict[str, Any]:
        """An issue as it stands."""
        return self.get(f"{PROJECT}/issues/{iid}").json()

    def listed(self, **params: Any) -> list[int]:
        """The iids of a list of issues."""
        answer = self.get(f"{PROJECT}/issues", **params)
        assert answer.status_code == 200, answer.text
        return [issue["iid"] for issue in answer.json()]

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send a document and return the body, which comes with HTTP 200."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {"query": query, "variables": variables}
        answer = self.session.post(f"{self.box.url}/api/graphql", json=sent, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def by(self, username: str) -> "GitLab":
        """The same client as another user."""
        return GitLab(self.box, self.session, f"sandbox-{username}")


@dataclass
class StatusPage:
    """Talks to `/statusio/v2` with the right credentials, or others."""

    box: Sandbox
    session: requests.Session
    key: str = seed.STATUSIO_KEY

    @property
    def headers(self) -> dict[str, str]:
        return {"x-api-id": seed.STATUSIO_ID, "x-api-key": self.key}

    def get(self, path: str, **params: Any) -> requests.Response:
        url = f"{self.box.url}/statusio/v2{path}"
        return self.session.get(url, headers=self.headers, params=params, timeout=10)

    def post(self, path: str, **body: Any) -> requests.Response:
        url = f"{self.box.url}/statusio/v2{path}"
        sent = {"statuspage_id": seed.STATUSIO_PAGE} | body
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.session.post(url, headers=self.headers, json=sent, timeout=10)

    def create(self, *pairs: str, **more: Any) -> requests.Response:
        """Open an incident; a value of None leaves a field out."""
        fields = {
            "incident_name": "Image pushes fail",
            "incident_details": "Some image pushes are failing.",
            "current_status": 400,
            "current_state": 100,
            "all_infrastructure_affected": "0",
            "infrastructure_affected": list(pairs or (seed.PAIRS["API"],)),
            "social": "0",
        }
        return self.post("/incident/create", **(fields | more))

    def opened(self, *pairs: str, **more: Any) -> str:
        """Open an incident and return its id."""
        return str(self.create(*pairs, **more).json()["result"])

    def update(self, incident: str, **more: Any) -> requests.Response:
        fields = {"incident_details": "More.", "current_status": 400, "current_state": 200, "social": "0"}
        return self.post("/incident/update", incident_id=incident, **(fields | more))

    def resolve(self, incident: str, **more: Any) -> requests.Response:
        return self.post(
            "/incident/resolve", incident_id=incident, **({"incident_details": "Over.", "social": "0"} | more)
        )


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """One HTTP session, closed at the end."""
    with requests.Session() as opened:
        yield opened


@pytest.fixture
def gitlab(sandbox: Sandbox, session: requests.Session) -> GitLab:
    """The bot on GitLab."""
    return GitLab(sandbox, session)


@pytest.fixture
def statusio(sandbox: Sandbox, session: requests.Session) -> StatusPage:
    """The team member on Status.io."""
    return StatusPage(sandbox, session)

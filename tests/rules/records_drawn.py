"""Records drawn by hypothesis: well-shaped, otherwise as wrong as can be."""

from datetime import UTC

from hypothesis import strategies as st

from incidentops.model import build
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status
from make import OWNERSHIP, a_document

_EDGES = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-21T14:00:00.000001Z"]
_NEAR = st.integers(0, 90).map(lambda minute: f"2026-11-21T{14 + minute // 60}:{minute % 60:02}:00Z")
times = st.one_of(_NEAR, _NEAR, _NEAR, st.sampled_from(_EDGES)) | st.datetimes(timezones=st.just(UTC)).map(
    lambda at: at.replace(tzinfo=None).isoformat() + "Z"
)
days = st.dates().map(lambda day: day.isoformat()) | st.sampled_from(["2026-11-21", "2026-12-05"])
people = st.sampled_from(["ana", "bo", "cy", "dee", "nobody"])
texts = st.sampled_from(["x", "see #12", "ask Ana Silva", "10.0.0.7", "All is well again."]) | st.text(min_size=1)


def words(kind: type) -> st.SearchStrategy[str]:
    """The words of a closed list."""
    return st.sampled_from([str(word) for word in kind])


@st.composite
def entries(draw: st.DrawFn) -> dict[str, object]:
    """One item of a timeline, with any actions."""
    optional = {
        "severity": words(Severity), "state": words(State), "status": words(Status), "audience": words(Audience),
        "engage": words(Role), "release": words(Role), "page": words(Role), "publish": texts, "note": texts,
        "who": people, "why": texts, "services": st.lists(st.sampled_from(["registry", "web", "gone"]), min_size=1),
    }  # fmt: skip
    return draw(st.fixed_dictionaries({"at": times, "by": people}, optional=optional))


_alert = st.fixed_dictionaries(
    {"source": texts, "id": texts, "fired": times},
    optional={
        "acknowledged": times,
        "change": st.fixed_dictionaries({"at": times, "by": people, "why": texts}, optional={"told": people}),
    },
)
_action = st.fixed_dictionaries(
    {"key": st.sampled_from(["a", "b"]), "title": texts},
    optional={
        "owner": people,
        "severity": words(Severity),
        "due": days,
        "done": days,
        "evidence": texts,
        "wont_do": texts,
    },
)
_review = st.fixed_dictionaries(
    {},
    optional={
        "owner": people, "why": texts, "started": times, "completed": times, "severity": words(Severity),
        "impact": texts, "root_cause": texts, "detection": texts, "lessons": texts,
    },
)  # fmt: skip
_security = st.fixed_dictionaries(
    {"class": st.sampled_from(["abuse", "unauthorized_access"])},
    optional={
        "path_blocked": st.sampled_from(["none", "whole"]),
        "disclosure": st.fixed_dictionaries({"approved_by": people, "at": times}),
    },
)
_waiver = st.fixed_dictionaries(
    {"rule": st.sampled_from(["OWN002", "STA004", "REC006", "nothing"]), "reason": texts, "until": days, "by": people}
)
_record = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["incident", "incident", "near_miss"]),
        "title": texts,
        "services": st.just(["registry"]),
        "timeline": st.lists(entries(), min_size=1, max_size=8),
    },
    optional={
        "audience": words(Audience), "security": _security, "alerts": st.lists(_alert, max_size=2), "review": _review,
        "impact": st.fixed_dictionaries({}, optional={"started": times, "detected": times, "ended": times}),
        "corrective_actions": st.lists(_action, max_size=2) | st.fixed_dictionaries({"none_because": texts}),
        "not_published": st.just({"reason": "embargo"}), "waivers": st.lists(_waiver, max_size=2),
    },
)  # fmt: skip


def written() -> st.SearchStrategy[dict[str, object]]:
    """The data of any such record, as the reader gives it."""
    return _record


def records() -> st.SearchStrategy[Incident]:
    """Any record that has the shape of the schema."""
    return _record.map(lambda data: build.incident(a_document(data), OWNERSHIP))

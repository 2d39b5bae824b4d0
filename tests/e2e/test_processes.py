"""Real processes, a real ledger in git: killed, cancelled, too late, or two at once."""

import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from commandline import TIMEOUT
from e2e.place import REGISTRY, Place
from e2e.stage import DECLARED, MANAGED, a_file, page_of
from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.faults import Faults
from sandboxes import Sandbox

pytestmark = pytest.mark.slow


class InterruptingFaults(Faults):
    """Sends a process a signal when its n-th write is at the sandbox and has no answer yet."""

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self._signal = signal.SIGKILL
        self._process: Future[subprocess.Popen[str]] = Future()

    def at_write(self, number: int, how: signal.Signals) -> None:
        self._number, self._signal = number, how

    def watch(self, process: subprocess.Popen[str]) -> None:
        self._process.set_result(process)

    def count_write(self) -> bool:
        self._number -= 1
        if self._number == 0:
            self._process.result(TIMEOUT).send_signal(self._signal)
        return super().count_write()


@pytest.fixture
def faults() -> InterruptingFaults:
    return InterruptingFaults()


@pytest.fixture
def place(tmp_path: Path, faults: InterruptingFaults) -> Iterator[Place]:
    box = Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0))
    box.faults = faults
    with box:
        yield Place(tmp_path, box).make()


def interrupted(place: Place, faults: InterruptingFaults, number: int, how: signal.Signals) -> tuple[int, str]:
    """Reconcile in a process that gets a signal at its n-th write: its exit code and standard error."""
    faults.at_write(number, how)
    process = place.start("reconcile")
    faults.watch(process)
    _, err = process.communicate(timeout=TIMEOUT)
    return process.returncode, err


def duplicates(box: Sandbox) -> list[str]:
    titles = [issue["title"] for issue in box.issues()]
    messages = [text for _, published in page_of(box) for _, _, text in published]  # type: ignore[misc]
    names = [name for name, _ in page_of(box)]  # type: ignore[misc]
    return [word for words in (titles, messages, names) for word in words if words.count(word) > 1]


def test_the_whole_job_twice(place: Place) -> None:
    for step in range(3):
        place.land_step(step)
        code, out, err = place.run("reconcile")
        assert code == 0, out + err
    place.box.forget_requests()
    code, out, err = place.run("reconcile")
    assert (code, out) == (0, "nothing to do: every service agrees with the records\n"), err
    assert place.box.requests() == ()


@pytest.mark.parametrize("writes", [3, 14])
def test_killed_for_real_and_run_again(place: Place, faults: InterruptingFaults, writes: int) -> None:
    place.land({REGISTRY: a_file(*MANAGED)})
    assert -signal.SIGKILL == interrupted(place, faults, writes, signal.SIGKILL)[0]
    code, out, err = place.run("reconcile", "--lease", "0s")
    assert code == 0, out + err
    assert duplicates(place.box) == []
    assert len(place.box.issues()) == 1
    [(_, messages)] = page_of(place.box)  # type: ignore[misc]
    assert len(messages) == 4


def test_a_cancelled_job_writes_down_what_it_did_and_leaves_no_mark(place: Place, faults: InterruptingFaults) -> None:
    place.land({REGISTRY: a_file(*MANAGED)})
    code, err = interrupted(place, faults, 1, signal.SIGTERM)
    assert (code, err.strip()) == (130, "interrupted")
    code, out, err = place.run("reconcile")
    assert code == 0, out + err
    assert "waiting" not in err
    assert duplicates(place.box) == []


def test_of_two_at_once_one_does_the_work_and_the_other_says_so(tmp_path: Path) -> None:
    with Sandbox(options=SandboxOptions(statusio_gap=0.005)) as box:
        place = Place(tmp_path, box).make()
        place.land({REGISTRY: a_file(*MANAGED)})
        other = tmp_path / "other"
        subprocess.run(["git", "clone", "-q", str(place.remote), str(other)], check=True)
        processes = [place.start("reconcile", "--lease", "600s", root=root, times=20) for root in (place.root, other)]
        ended = [process.communicate(timeout=60) for process in processes]
        assert [process.returncode for process in processes] == [0, 0], ended
        assert duplicates(box) == []
        assert len(box.issues()) == 1
        outs = [out for out, _ in ended]
        assert sum("nothing to do" in out for out in outs) == 1, ended
        assert sum("another reconcile" in err for _, err in ended) == 1, ended


def test_a_stale_job_does_nothing(place: Place) -> None:
    place.land({REGISTRY: a_file(*DECLARED)})
    old = tuple(
        subprocess.run(["git", "-C", str(place.root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        .stdout.split()
    )  # fmt: skip
    place.land({REGISTRY: a_file(*MANAGED)})
    subprocess.run(["git", "-C", str(place.root), "checkout", "-q", *old], check=True)
    code, out, _ = place.run("reconcile")
    assert (code, out.split(":")[0]) == (0, "superseded")
    assert place.box.requests() == ()


def test_what_has_not_landed_is_refused(place: Place) -> None:
    place.land()
    place.write({REGISTRY: a_file(*DECLARED)})
    subprocess.run(["git", "-C", str(place.root), "add", "-A"], check=True)
    subprocess.run(["git", "-C", str(place.root), "commit", "-q", "-m", "mine"], check=True)
    code, _, err = place.run("reconcile")
    assert code == 5
    assert "has not landed on 'main'" in err
    assert place.box.requests() == ()


def test_what_lies_in_the_folder_is_planned_but_never_carried_out(place: Place) -> None:
    place.land()
    place.write({REGISTRY: a_file(*DECLARED)})
    code, out, _ = place.run("plan", "--check")
    assert code == 3
    assert "Some image pushes are failing" in out
    assert place.run("reconcile")[0] == 0
    assert [issue["title"] for issue in place.box.issues()] == []


def test_an_approved_plan_is_all_that_is_done(place: Place) -> None:
    place.land({REGISTRY: a_file(*DECLARED)})
    plan = place.folder / "plan.json"
    assert place.run("plan", "--report", f"json={plan}")[0] == 0
    place.land({REGISTRY: a_file(*MANAGED)})
    code, out, err = place.run("reconcile", "--approved", str(plan))
    assert code == 5, out
    assert "not in the approved plan" in err
    assert not place.box.writes()
    assert place.run("plan", "--report", f"json={plan}")[0] == 0
    assert place.run("reconcile", "--approved", str(plan))[0] == 0
    code, _, err = place.run("reconcile", "--approved", str(place.folder / "none.json"))
    assert code == 5
    assert err.startswith(f"error: the approved plan '{place.folder / 'none.json'}' cannot be read\n")


def test_adopting_what_a_person_found_goes_on_from_there(place: Place) -> None:
    place.land({REGISTRY: a_file(*DECLARED[:1], audience="internal")})
    assert place.run("reconcile")[0] == 0
    branch = ["git", "-C", str(place.remote), "update-ref", "-d", "refs/heads/incident-ledger"]
    subprocess.run(branch, check=True)
    code, out, err = place.run("adopt", "2026-11-21-registry-503", "gitlab.issue", "1")
    assert code == 0, err
    assert "goes on from there" in out
    assert place.run("reconcile")[0] == 0
    assert len(place.box.issues()) == 1
    assert place.run("adopt", "2026-11-21-registry-503", "gitlab.isue", "1")[0] == 2


def test_the_environment_of_a_dead_run_does_not_matter(place: Place, faults: InterruptingFaults) -> None:
    """Nothing is kept outside git: a run in a fresh clone goes on where another one died."""
    place.land({REGISTRY: a_file(*MANAGED)})
    assert -signal.SIGKILL == interrupted(place, faults, 2, signal.SIGKILL)[0]
    fresh = place.folder / "fresh"
    subprocess.run(["git", "clone", "-q", str(place.remote), str(fresh)], check=True)
    code, out, err = place.run("reconcile", "--lease", "0s", root=fresh)
    assert code == 0, out + err
    assert duplicates(place.box) == []

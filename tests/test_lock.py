"""Where the lock of the installed version is."""

import subprocess
import sys
from pathlib import Path

from incidentops import lock

ROOT = Path(__file__).resolve().parents[1]


def test_the_lock_that_is_shipped_is_the_run_time_lock():
    assert (ROOT / "requirements-run.lock").read_text(encoding="utf-8") == lock.LOCK.read_text(encoding="utf-8")


def test_it_is_printed_before_any_library_is_installed():
    """`-S` leaves out site-packages: what runs here has the standard library alone."""
    program = f"import sys; sys.path.insert(0, {str(ROOT / 'tool')!r}); import runpy; "
    program += "runpy.run_module('incidentops.lock', run_name='__main__')"
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert f"{lock.LOCK}\n" == done.stdout

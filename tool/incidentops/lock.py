"""`python -m incidentops.lock` prints where the lock of this version is: all that it needs, with hashes.

It imports no library, for it runs before any is installed: `pip install --no-deps` of the package, then of its lock.
"""

import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements-run.lock")

if __name__ == "__main__":
    sys.stdout.write(f"{LOCK}\n")

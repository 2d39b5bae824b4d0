"""Where things are that tests read."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
RECORDS = TESTS / "records"
GOLDEN = TESTS / "golden"

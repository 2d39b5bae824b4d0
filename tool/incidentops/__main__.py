"""`python -m incidentops` is the command `incident`."""

from incidentops.cli.main import run

if __name__ == "__main__":
    run()

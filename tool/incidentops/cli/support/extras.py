"""Parts of the package that are installed on request: whether they are there, and how to get them."""

import importlib

from incidentops.core.errors import BadConfiguration


def need_sandbox() -> None:
    """Check that the sandbox can be loaded. Raises BadConfiguration when what it needs is not installed."""
    try:
        importlib.import_module("incidentops.sandbox.server")
    except ModuleNotFoundError as error:
        library = (error.name or "a library").partition(".")[0]
        raise BadConfiguration(
            f"the sandbox is not installed: {library} is missing",
            "install the extra 'sandbox' of incidentops, or all that it can need: "
            'python -m pip install --require-hashes --no-deps -r "$(python -m incidentops.lock)"',
        ) from error

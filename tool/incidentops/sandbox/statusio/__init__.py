"""Status.io as the sandbox serves it: the API and the state of the page."""

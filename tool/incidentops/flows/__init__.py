"""One use case a file, each to be read on one screen. They return values; only the command line prints."""

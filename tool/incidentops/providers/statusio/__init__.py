"""Status.io: the public status page."""

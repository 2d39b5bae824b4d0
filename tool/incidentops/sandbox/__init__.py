"""The sandbox: GitLab, Status.io and what customers see, served on loopback from one process."""

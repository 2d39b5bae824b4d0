"""The sandbox: the services and what customers see of them, served on loopback from one process."""

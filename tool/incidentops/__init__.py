"""Incidents as code on GitLab: one YAML file an incident, checked in the merge request, carried out when it lands."""

__version__ = "0.2.0.dev0"

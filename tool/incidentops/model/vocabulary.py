"""The closed word lists of the process (handbook: Roles, Severities, Status)."""

from enum import StrEnum


class Kind(StrEnum):
    """What happened: an incident, or an event that could have become one."""

    INCIDENT = "incident"
    NEAR_MISS = "near_miss"


class Role(StrEnum):
    """Engineer, incident manager and communications manager on call."""

    EOC = "eoc"
    IMOC = "imoc"
    CMOC = "cmoc"


class Severity(StrEnum):
    """Impact class; S1 is the worst. Compare by `rank`, never by the word."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"

    @property
    def rank(self) -> int:
        """1 for S1 to 4 for S4."""
        return int(self[1])

    @property
    def serious(self) -> bool:
        """Whether users feel it: S1 or S2."""
        return self is Severity.S1 or self is Severity.S2


class State(StrEnum):
    """Where the response stands (handbook: Status, first table)."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Status(StrEnum):
    """What users notice (handbook: Status, second table), from nothing to the worst."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_service_disruption"
    DISRUPTION = "service_disruption"
    SECURITY = "security_issue"


class Audience(StrEnum):
    """Who may know: everybody, the organisation, or the few who need to."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"

    @property
    def width(self) -> int:
        """0 for confidential, 1 for internal, 2 for public."""
        return _WIDTH[self]


_WIDTH = {Audience.CONFIDENTIAL: 0, Audience.INTERNAL: 1, Audience.PUBLIC: 2}

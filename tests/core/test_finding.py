from incidentops.core.finding import Finding, Level, Location, in_order


def a_finding(**changes: object) -> Finding:
    return Finding(
        **{"code": "TIM001", "level": Level.BLOCK, "location": Location("a.yaml", 2, 5), "message": "x", **changes}
    )


def test_a_place_is_written_so_that_editors_can_jump_to_it():
    assert str(Location("incidents/x.yaml", 14, 5)) == "incidents/x.yaml:14:5"
    assert str(Location("incidents/x.yaml")) == "incidents/x.yaml:1:1"


def test_only_a_blocking_finding_without_a_waiver_stops_the_pipeline():
    assert a_finding().blocks
    assert not a_finding(level=Level.ADVISE).blocks
    assert not a_finding(waived="the pager was down").blocks


def test_findings_are_sorted_by_file_line_column_and_code():
    places = [("a.yaml", 1, 1), ("a.yaml", 1, 2), ("a.yaml", 2, 1), ("a.yaml", 10, 1), ("b.yaml", 1, 1)]
    findings = [a_finding(location=Location(*place)) for place in places]
    findings.insert(1, a_finding(location=Location("a.yaml"), code="TIM002"))
    mixed = [findings[at] for at in (3, 0, 5, 1, 4, 2)]
    assert sorted(mixed, key=Finding.sort_key) == findings
    assert in_order((*mixed, *mixed)) == tuple(findings)

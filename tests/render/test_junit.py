"""The JUnit report: what fails, what is skipped, and names that stay the same when lines move."""

import xml.etree.ElementTree as ET

from msgspec.structs import replace

from incidentops.core.finding import Location
from incidentops.render.junit import junit
from make import FILE
from render.test_findings import ADVICE, THREE


def test_junit_fails_for_what_blocks_and_skips_the_rest():
    root = ET.fromstring(junit(THREE, 3))
    suite = root[0]
    for node in (root, suite):
        assert ("4", "1", "0", "2") == tuple(node.get(key) for key in ("tests", "failures", "errors", "skipped"))
    ran, block, advice, waived = suite
    assert ("records are checked", "3 records, 1 blocking, 1 advice, 1 waived") == (ran.get("name"), ran[0].text)
    assert ("OWN001 resolved-by-non-owner timeline.2", FILE) == (block.get("name"), block.get("file"))
    assert ("failure", "resolved by 'ana', but 'bo' owns it") == (block[0].tag, block[0].get("message"))
    assert f"{FILE}:14:5: OWN001 block:" in block[0].text
    assert ("skipped", "nobody engaged") == (advice[0].tag, advice[0].get("message"))
    assert "waived until" in waived[0].get("message")


def test_junit_names_are_unique_within_a_file():
    plain = replace(ADVICE, pointer=())
    names = [case.get("name") for case in ET.fromstring(junit([plain, plain, ADVICE], 1)).iter("testcase")]
    assert names[1:] == [
        "OWN002 nobody-engaged", "OWN002 nobody-engaged (2)", "OWN002 nobody-engaged timeline.0",
    ]  # fmt: skip


def test_what_is_dangerous_in_xml_comes_back_as_it_was():
    odd = replace(ADVICE, message='<a & "b"\t]]>', location=Location("incidents/<x>&'y'.yaml"))
    case = ET.fromstring(junit([odd], 1))[0][1]
    assert ("incidents/<x>&'y'.yaml", '<a & "b"\t]]>') == (case.get("file"), case[0].get("message"))


def test_what_xml_cannot_say_is_left_out():
    case = ET.fromstring(junit([replace(ADVICE, message="a\x00b\ud800c\uffffd")], 1))[0][1]
    assert "abcd" == case[0].get("message")

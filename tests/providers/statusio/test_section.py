"""Status.io's part of the handbook."""

from incidentops.providers.statusio.section import CHANNELS, pairs, section
from make import a_handbook


def test_the_channels_of_the_status_page_are_off_unless_switched_on():
    page = section(a_handbook(statusio={"page": "p", "notify": {"social": True}}))
    assert "p" == page.page
    assert ["social"] == [channel for channel, on in page.notify.items() if on]
    assert set(CHANNELS) == set(page.notify)


def test_without_a_section_there_is_no_page():
    assert "" == section(a_handbook(statusio=None)).page


def test_services_may_have_places_on_the_page():
    services = a_handbook(services={"web": {}, "git": {"statusio": ["1-2"]}}).services
    assert ((), ("1-2",)) == (pairs(services["web"]), pairs(services["git"]))

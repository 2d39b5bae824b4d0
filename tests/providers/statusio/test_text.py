"""Text for customers: plain, whatever a page, a mail or a feed would make of it."""

import re

from hypothesis import given

from incidentops.providers.statusio.text import plain
from render.test_escape import texts


@given(texts)
def test_the_status_page_gets_plain_text(text):
    sent = plain(text)
    assert not re.search(r"<[A-Za-z/!?]", sent)
    assert sent == plain(sent)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", sent)

"""What ruamel.yaml finds in a text: every scalar as a text, every comment in its order."""

from pathlib import Path

import pytest

from incidentops.store.yaml.reader import Shape, read_bytes
from incidentops.store.yaml.roundtrip import load
from paths import RECORDS

RECORDS = sorted(path for path in (RECORDS / "good").glob("*.yaml") if not path.name.startswith("handbook"))
EVERYWHERE = """\
# 1 above
# 2 and again

kind: incident   # 3 behind a scalar
title: 'no # comment'   # 4 behind quotes
services: [ registry, # 5 in a list
  # 6 between its items
  web ] # 7 behind it
timeline:        # 8 behind a key
  # 9 above an item
  - {at: x, by: ana} # 10 behind an item
  - at: y # 11 in an item
    # 12 above a key
    publish: |  # 13 behind an indicator
      # text

      # text
  # 14 below a text
 # 15 indented oddly
review: # 16
  # 17
  why: # 18
    # 19
    > # 20
      # text
# 21 at the end
"""


def test_every_comment_is_found_in_its_order():
    assert [str(n) for n in range(1, 22)] == [comment.split()[1] for comment in load(EVERYWHERE).comments]


def test_a_comment_goes_from_its_sign_to_the_end_of_its_line():
    assert ("# 3 behind a scalar", "# 4 behind quotes") == load(EVERYWHERE).comments[2:4]


def test_scalars_are_texts_whatever_they_look_like():
    read = load("a: 12\nb: 2026-11-21T14:02:00Z\nc: on\nd: ~\ne: 1.5\nf: =\ng: <<\nh: null\ni: true\n")
    assert ["12", "2026-11-21T14:02:00Z", "on", "~", "1.5", "=", "<<", "null", "true"] == list(read.data.values())


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_it_agrees_with_our_readers_on_good_records(path: Path):
    read = read_bytes(path.read_bytes(), path.name, Shape.INCIDENT)
    assert load(read.document.text).data == read.document.data


@pytest.mark.parametrize("text", ["a: [", "a: b: c\n", "a: 1\na: 2\n", "- *x\n", "a: x\ty\n", "%YAML 1\n"])
def test_what_it_cannot_read_is_nothing(text):
    assert load(text) is None


def test_an_empty_text_holds_nothing():
    assert (None, ()) == (load("").data, load("").comments)

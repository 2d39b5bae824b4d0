"""Tables in plain text."""

from incidentops.render.table import aligned


def test_columns_are_aligned_and_lines_end_with_their_text():
    assert "id   what\n1    a thing\n123\n" == aligned([("id", "what"), ("1", "a thing"), ("123", "")])


def test_one_column_needs_no_padding():
    assert "a\nbbb\n" == aligned([("a",), ("bbb",)])

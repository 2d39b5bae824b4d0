"""Tables in plain text, for pipes and files as for people."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows with their columns aligned, a line each; the last column is not padded. Cells are escaped already."""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    shown = ("  ".join((*(c.ljust(w) for c, w in zip(row[:-1], widths, strict=True)), row[-1])) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in shown)

"""The figures as a table for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure import Figures


@dataclass(frozen=True)
class Budget:
    """The budget of one figure: `of` is `wall`, `cpu` or `peak`."""

    name: str
    of: str
    most: float
    unit: str


def table(title: str, figures: Sequence[Figures], files: int = 0) -> str:
    """Return the figures, each wall and processor time also as a ratio to the first row."""
    first = figures[0]
    head = ("", "wall s", "ratio", "cpu s", "ratio", "peak MiB", "runs") + (("us/file",) if files else ())
    rows = [head, *(_row(one, first, files) for one in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(cells))
        for cells in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    return "\n".join((title, *("  " + line.rstrip() for line in lines)))


def _row(one: Figures, first: Figures, files: int) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.wall:.3f}",
        f"{one.wall / first.wall:.2f}",
        f"{one.cpu:.3f}",
        f"{one.cpu / first.cpu:.2f}",
        f"{one.peak:.0f}",
        str(one.runs),
        *((f"{one.cpu / files * 1e6:.0f}",) if files else ()),
    )


def compared(budgets: Sequence[Budget], figures: Sequence[Figures]) -> tuple[str, bool]:
    """Compare figures with their budgets: a line for each, and whether all of them are within."""
    lines, all_within = [], True
    for budget in budgets:
        value: float = getattr(next(one for one in figures if one.name == budget.name), budget.of)
        within = value <= budget.most
        all_within = all_within and within
        shown = f"{budget.of} {value:.3g} {budget.unit}, budget {budget.most:.3g} {budget.unit}"
        lines.append(f"  {budget.name}: {shown}: {'within' if within else 'OVER'}")
    return "\n".join(lines), all_within

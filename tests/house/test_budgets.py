"""`make bench` fails when a budget is exceeded: a figure that nobody compares is a figure that nobody keeps."""

from benchmarks.measure import Figures
from benchmarks.table import Budget, compared

FIGURES = [Figures("ours", wall=0.25, cpu=0.4, peak=60, runs=5)]


def test_figures_within_their_budgets_are_fine() -> None:
    lines, within = compared([Budget("ours", "wall", 0.25, "s"), Budget("ours", "peak", 150, "MiB")], FIGURES)
    assert lines == "  ours: wall 0.25 s, budget 0.25 s: within\n  ours: peak 60 MiB, budget 150 MiB: within"
    assert within


def test_one_figure_over_its_budget_fails_all_of_them() -> None:
    lines, within = compared([Budget("ours", "cpu", 0.3, "s"), Budget("ours", "wall", 0.5, "s")], FIGURES)
    assert lines == "  ours: cpu 0.4 s, budget 0.3 s: OVER\n  ours: wall 0.25 s, budget 0.5 s: within"
    assert not within

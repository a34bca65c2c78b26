"""The benchmark's report: ratios, goals, the table between its markers, the plot."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.load import Timing
from bench.pages import Page
from bench.report import LARGE, PRODUCT, SMALL, A, B, Figures, Goal, keep, plot, put, ratios, table
from bench.rounds import Cold, Measured, Spread, spread

LIST = Page("list <all>", "/list", most=2.5)
CHANGE = Page("change", "", least=0.4)


def measured(page: Page) -> Measured:
    """Three rounds: the product takes 2, 3 and 4 times what floor B takes."""
    found = Measured(page)
    for times in (2, 3, 4):
        for name, seconds in ((A, 0.001), (B, 0.01), (PRODUCT, 0.01 * times)):
            found.take(name, Timing([seconds] * 4), Timing(ended=int(1 / seconds), lasted=1))
    return found


def grown(page: Page) -> Measured:
    found = Measured(page)
    for name, seconds in ((SMALL, 0.01), (LARGE, 0.0105)):
        found.take(name, Timing([seconds]))
    return found


@pytest.fixture
def figures() -> Figures:
    """Make the figures of a run."""
    return Figures(
        "sqlite",
        {"Measured": "2026-01-02", "commit": "abc1234"},
        [measured(LIST), measured(CHANGE)],
        [measured(Page("changes", "/changes", within=0.025))],
        measured(Page("unchanged", "/pulse", most=1.2)),
        [grown(Page("one issue", "/issue", most=1.1))],
        [Cold(LIST, requests=4, html=20_000, others=26_000)],
        {PRODUCT: spread([0.5, 0.6, 0.4]), B: spread([0.3])},
        {PRODUCT: 120_000_000, B: 80_000_000},
    )


def test_ratios_are_taken_round_by_round(figures: Figures) -> None:
    found = {goal.name: goal for goal in ratios(figures)}
    assert found["list <all>"].figure == pytest.approx(Spread(3, 2, 4))
    assert not found["list <all>"].is_met
    assert found["change, per second"].figure.most == pytest.approx(0.5)
    assert not found["change, per second"].is_met
    assert found["growth: one issue"].is_met


@pytest.mark.parametrize(
    ("median", "is_least", "is_met"), [(2.0, False, True), (2.0, True, True), (1.9, True, False)]
)
def test_a_goal_is_kept_under_or_reached(median: float, is_least: bool, is_met: bool) -> None:
    assert Goal("one", Spread(median, 1, 3), 2.0, is_least).is_met is is_met


def test_the_table_tells_figure_goal_and_whether_it_is_met(figures: Figures) -> None:
    lines = table(figures).splitlines()
    assert lines[0] == "Measured 2026-01-02; commit abc1234."
    assert "| list <all> | 3.00 (2.00 to 4.00) | at most 2.5 | not met |" in lines
    assert "| changes | 30.0 ms (20.0 to 40.0) | at most 25.0 ms | not met |" in lines
    assert "| changes | 30.0 / 40.0 | 33 |" in lines
    assert "| unchanged | 3.00 (2.00 to 4.00) | at most 1.2 | not met |" in lines
    assert "| start to first answer | 0.50 s | at most 1 s | met |" in lines
    assert "| memory | 120 MB | at most 140 MB | met |" in lines
    assert "| cold: list <all> | 46.0 kB, 4 requests | at most 45 kB, 5 | not met |" in lines
    assert "| list <all> | 1.0 / 1.0 | 10.0 / 10.0 | 30.0 / 40.0 | 3.00 (2.00 to 4.00) |" in lines
    assert all(line.count("|") in (0, 4, 5, 6) for line in lines)


def test_the_table_stands_between_its_markers_alone(figures: Figures, tmp_path: Path) -> None:
    around = (
        "# Before\n<!-- figures: sqlite -->\nof last year\n<!-- end of figures: sqlite -->\nAfter\n"
        "<!-- figures: postgresql -->\nkept\n<!-- end of figures: postgresql -->\n"
    )
    (tmp_path / "README.md").write_text(around)
    keep(figures, tmp_path)
    keep(figures, tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "of last year" not in text
    assert text.count("at most 2.5") == 1
    assert text.startswith("# Before\n")
    assert "kept" in text
    assert "list &lt;all&gt;" in (tmp_path / "figures.svg").read_text()


def test_a_text_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        put("nothing here", "sqlite", "table")


def test_the_plot_has_a_bar_and_a_goal_for_each_ratio(figures: Figures) -> None:
    svg = ElementTree.fromstring(plot([*ratios(figures)]))
    kinds = [element.get("class") for element in svg.iter()]
    assert (kinds.count("met"), kinds.count("missed"), kinds.count("goal")) == (1, 3, 4)
    widths = [float(element.get("width", 0)) for element in svg.iter() if element.tag.endswith("rect")]
    assert all(0 < width <= 380 for width in widths)

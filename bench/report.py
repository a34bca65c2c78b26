"""The report: what was measured, as a table for README.md and the terminal, and as a plot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

from bench.rounds import Cold, Measured, Spread, spread

HERE = Path(__file__).parent
START, MEMORY, BYTES, REQUESTS = 1.0, 140_000_000, 45_000, 5
A, B, PRODUCT = "floor A", "floor B", "product"
SMALL, LARGE = "product, small record", "product, large record"


@dataclass(frozen=True)
class Figures:
    """All that one run found. `facts`: the machine, the versions and the run itself, by name."""

    database: str
    facts: dict[str, str]
    pages: Sequence[Measured]
    alone: Sequence[Measured]
    again: Measured
    growth: Sequence[Measured]
    cold: Sequence[Cold]
    start: dict[str, Spread]
    memory: dict[str, int]


@dataclass(frozen=True)
class Goal:
    """A figure beside the goal that it should keep; `is_least`: a goal to be reached, not kept under."""

    name: str
    figure: Spread
    goal: float
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.figure.median >= self.goal if self.is_least else self.figure.median <= self.goal


def ratios(figures: Figures) -> Iterator[Goal]:
    """Give the ratios that have a goal, in the order of the table."""
    for measured in figures.pages:
        page = measured.page
        if page.most is not None:
            yield Goal(page.name, measured.slower(PRODUCT, B), page.most)
        if page.least is not None:
            yield Goal(f"{page.name}, per second", measured.share(PRODUCT, B), page.least, is_least=True)
    if figures.again.page.most is not None:
        yield Goal(figures.again.page.name, figures.again.slower(PRODUCT, B), figures.again.page.most)
    for measured in figures.growth:
        if measured.page.most is not None:
            yield Goal(f"growth: {measured.page.name}", measured.slower(LARGE, SMALL), measured.page.most)


def table(figures: Figures) -> str:
    """Write the tables of a run in Markdown."""
    facts = "; ".join(f"{name} {value}" for name, value in figures.facts.items())
    return "\n\n".join(
        [
            facts + ".",
            _beside_goals(figures),
            _one(figures),
            _sixteen(figures),
            _alone(figures),
            _again(figures),
            _growth(figures),
            _rest(figures),
        ]
    )


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def _ratio(found: Spread) -> str:
    return f"{found.median:.2f} ({found.least:.2f} to {found.most:.2f})"


def _beside_goals(figures: Figures) -> str:
    rows = [
        [
            goal.name,
            _ratio(goal.figure),
            f"{'at least' if goal.is_least else 'at most'} {goal.goal:g}",
            _met(goal.is_met),
        ]
        for goal in [*ratios(figures)]
    ]
    for each in figures.alone:
        if each.page.within is not None:
            found = spread(each.p50[PRODUCT])
            figure = f"{_ms(found.median)} ms ({_ms(found.least)} to {_ms(found.most)})"
            met = _met(found.median <= each.page.within)
            rows.append([each.page.name, figure, f"at most {_ms(each.page.within)} ms", met])
    started, memory = figures.start[PRODUCT], figures.memory[PRODUCT]
    rows += [
        [
            "start to first answer",
            f"{started.median:.2f} s",
            f"at most {START:g} s",
            _met(started.median <= START),
        ],
        ["memory", f"{memory / 1e6:.0f} MB", f"at most {MEMORY / 1e6:.0f} MB", _met(memory <= MEMORY)],
    ]
    rows += [
        [
            f"cold: {each.page.name}",
            f"{each.bytes / 1000:.1f} kB, {each.requests} requests",
            f"at most {BYTES / 1000:.0f} kB, {REQUESTS}",
            _met(each.bytes <= BYTES and each.requests <= REQUESTS),
        ]
        for each in figures.cold
    ]
    return _rows(["", "ratio, or figure", "goal", ""], rows)


def _met(is_met: bool) -> str:
    return "met" if is_met else "not met"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _one(figures: Figures) -> str:
    rows = []
    for each in figures.pages:
        times = [f"{_ms(median(each.p50[name]))} / {_ms(each.p99(name))}" for name in (A, B, PRODUCT)]
        rows.append([each.page.name, *times, _ratio(each.slower(PRODUCT, B))])
    return _rows(["one connection: p50 / p99, ms", A, B, PRODUCT, "product / B"], rows)


def _sixteen(figures: Figures) -> str:
    rows = []
    for each in figures.pages:
        rates = [f"{median(each.rates[name]):.0f}" for name in (A, B, PRODUCT)]
        rows.append([each.page.name, *rates, _ratio(each.share(PRODUCT, B))])
    return _rows(["sixteen connections: visits per second", A, B, PRODUCT, "product / B"], rows)


def _alone(figures: Figures) -> str:
    rows = []
    for each in figures.alone:
        p50, rate = median(each.p50[PRODUCT]), median(each.rates[PRODUCT])
        rows.append([each.page.name, f"{_ms(p50)} / {_ms(each.p99(PRODUCT))}", f"{rate:.0f}"])
    return _rows(
        ["pages that floor B has not", "product, p50 / p99, ms", "visits per second at sixteen"], rows
    )


def _again(figures: Figures) -> str:
    each = figures.again
    times = [f"{_ms(median(each.p50[name]))} / {_ms(each.p99(name))}" for name in (B, PRODUCT)]
    rates = [f"{median(each.rates[name]):.0f}" for name in (B, PRODUCT)]
    head = ["", "bare Flask, p50 / p99, ms", "product", "bare Flask, per second at sixteen", "product"]
    return _rows(head, [[each.page.name, *times, *rates]])


def _growth(figures: Figures) -> str:
    rows = [
        [
            each.page.name,
            _ms(median(each.p50[SMALL])),
            _ms(median(each.p50[LARGE])),
            _ratio(each.slower(LARGE, SMALL)),
        ]
        for each in figures.growth
    ]
    return _rows(["growth, equal rows: p50, ms", "small", "large", "large / small"], rows)


def _rest(figures: Figures) -> str:
    started = [
        f"{found.median:.2f} ({found.least:.2f} to {found.most:.2f})" for found in figures.start.values()
    ]
    memory = [f"{figures.memory[name] / 1e6:.0f}" for name in figures.start]
    head = ["the running server", *figures.start]
    return _rows(head, [["start to first answer, s", *started], ["memory after the load (PSS), MB", *memory]])


def put(text: str, database: str, written: str) -> str:
    """Put a table between the markers of a database."""
    start, end = f"<!-- figures: {database} -->", f"<!-- end of figures: {database} -->"
    found, times = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}",
        lambda _: f"{start}\n\n{written}\n\n{end}",
        text,
        flags=re.DOTALL,
    )
    if times != 1:
        raise ValueError(f"README.md has no place, or several, for the figures of {database}")
    return found


def keep(figures: Figures, folder: Path = HERE) -> None:
    """Write the table into README.md, and the plot beside it where the database is SQLite."""
    path = folder / "README.md"
    path.write_text(put(path.read_text(), figures.database, table(figures)))
    if figures.database == "sqlite":
        (folder / "figures.svg").write_text(plot([*ratios(figures)]))


ROW, LABEL, WIDTH, TOP = 34, 340, 380, 30
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.met { fill: #2f7d4f } .missed { fill: #b3541e } .goal, .range { stroke: #1f2328; stroke-width: 2 }
.range { stroke-width: 1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .met { fill: #56b37c } .missed { fill: #e0884f } .goal, .range { stroke: #e6edf3 }
}
"""


def plot(goals: Sequence[Goal]) -> str:
    """Draw each ratio as a bar, with its range, and its goal as a line across; each row has its own scale."""
    height = TOP + ROW * len(goals) + 8
    box = {"viewBox": f"0 0 {LABEL + WIDTH + 170} {height}", "role": "img"}
    svg = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box})
    ElementTree.SubElement(svg, "title").text = "Ratios of the benchmark beside their goals"
    ElementTree.SubElement(svg, "style").text = STYLE
    _text(svg, 8, 18, "Each bar has its own scale; the line across is the goal, the thin line the range.")
    for number, goal in enumerate(goals):
        _bar(svg, goal, TOP + ROW * number)
    return ElementTree.tostring(svg, encoding="unicode") + "\n"


def _text(svg: ElementTree.Element, x: float, y: float, words: str) -> None:
    ElementTree.SubElement(svg, "text", {"x": f"{x:.0f}", "y": f"{y:.0f}"}).text = words


def _bar(svg: ElementTree.Element, goal: Goal, y: float) -> None:
    scale = WIDTH / max(goal.figure.most, goal.goal * 1.25)
    kind, length = ("met" if goal.is_met else "missed"), goal.figure.median * scale
    bar = {"x": f"{LABEL}", "y": f"{y + 6:.0f}", "width": f"{length:.1f}", "height": "16", "class": kind}
    ElementTree.SubElement(svg, "rect", bar)
    ends = [LABEL + goal.figure.least * scale, LABEL + goal.figure.most * scale]
    _line(svg, "range", (ends[0], y + 26), (ends[1], y + 26))
    _line(svg, "goal", (LABEL + goal.goal * scale, y + 2), (LABEL + goal.goal * scale, y + 28))
    _text(svg, 8, y + 19, goal.name)
    relation = "≥" if goal.is_least else "≤"
    told = f"{goal.figure.median:.2f} ({relation} {goal.goal:g}), {_met(goal.is_met)}"
    _text(svg, LABEL + WIDTH + 8, y + 19, told)


def _line(svg: ElementTree.Element, kind: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    ends = dict(zip(("x1", "y1", "x2", "y2"), (f"{place:.1f}" for place in (*start, *end)), strict=True))
    ElementTree.SubElement(svg, "line", {**ends, "class": kind})

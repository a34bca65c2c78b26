"""The brief in words: written once, for the page and for the Word file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.exchange.brief_closing import coming, uncertain
from tracker.exchange.brief_phrases import Phrases
from tracker.exchange.document import Block, Bullets, Document, Line, Paragraph, Section, Table, Words
from tracker.exchange.headline import headline
from tracker.exchange.tongue import Tongue
from tracker.queries.brief import Brief, Stand
from tracker.queries.cells import StatusLine
from tracker.queries.entries import EntryLine
from tracker.queries.moves import Move
from tracker.queries.open_points import Point
from tracker.queries.steps import StatusStep


def write(brief: Brief, tongue: Tongue) -> Document:
    """Write the brief. Sources are numbered as they are first cited."""
    return _Writer(brief, tongue).document()


class _Writer(Phrases):
    """Writes the sections in their order: sources are numbered on the way."""

    def __init__(self, brief: Brief, tongue: Tongue) -> None:
        super().__init__(tongue)
        self.brief, self.since = brief, tongue.day(brief.since)

    def document(self) -> Document:
        t, brief = self.t, self.brief
        sections = [
            ("stands", t.gettext("Where it stands"), self._stands()),
            ("changed", t.gettext("What changed since %(day)s", day=self.since), self._changed()),
            ("moved", t.gettext("Who moved"), self._moved()),
            ("agreed", t.gettext("What is agreed, and according to whom"), self._agreed()),
            ("open", t.gettext("Open points"), self._open()),
            ("doubts", t.gettext("What is stale or uncertain"), uncertain(brief, self)),
            ("next", t.gettext("What comes next"), coming(brief, self)),
        ]
        days = {"day": t.day(brief.day), "since": self.since}
        return Document(
            title=brief.title,
            subtitle=t.gettext("State of play as of %(day)s, and what changed since %(since)s", **days),
            lead=headline(brief, t),
            sections=[Section(*each) for each in sections if each[2]],
            sources=[*self.sources.values()],
        )

    def _stands(self) -> list[Block]:
        t, stands = self.t, self.brief.stands
        has_parties = any(self.between(line) for each in stands.shown for line in each.issue.statuses)
        heads = [t.gettext("Issue"), t.gettext("Status"), t.gettext("Between whom"), t.gettext("Since")]
        rows = [row for each in stands.shown for row in self._rows(each)]
        widths = [40, 24, 20, 16]
        if not has_parties:
            heads, widths = [*heads[:2], heads[3]], [48, 34, 18]
            rows = [[*row[:2], row[3]] for row in rows]
        table = Table(t.gettext("Each issue, as the desk has it"), heads, widths, rows)
        return [self._counts(), table, *self._more(stands.more, "issues")] if rows else []

    def _counts(self) -> Paragraph:
        line: list[Words] = []
        for status, number in self.brief.counts:
            label = self.label(status) if status else self.t.gettext("No status yet")
            line += [Words(" · ", is_muted=True)] if line else []
            line += [Words(label, status=status), Words(f" {self.t.number(number)}", is_strong=True)]
        return Paragraph(line)

    def _rows(self, stand: Stand) -> Iterator[list[list[Line]]]:
        """Give a row for the whole, and one for each track."""
        key, nothing = stand.issue.key, Words(self.t.gettext("No status yet"), is_muted=True)
        head = self.issue(key, stand.issue.title)
        if stand.issue.status is None:
            yield [[head], [[nothing]], [], []]
        for line in stand.issue.statuses:
            named = [Words(f"{key} {self.track(line.track)}", is_muted=True)] if line.track else head
            between = self.between(line)
            since = self.t.on(line.since, line.since_words)
            status = self._status(stand, replace(line, track=""))
            yield [[named], [status], [[Words(between)]] if between else [], [[Words(since)]]]

    def _status(self, stand: Stand, line: StatusLine) -> Line:
        cited = self.cite(stand.references.get(line.track_code, ()))
        track = [Words(f"{self.track(line.track)}: ", is_muted=True)] if line.track else []
        return [*track, Words(self.label(line.status), status=line.status), cited]

    def _changed(self) -> list[Block]:
        t, steps, new = self.t, self.brief.steps, self.brief.changes.novelties
        blocks: list[Block] = []
        if steps.shown:
            heads = [t.gettext("Issue"), t.gettext("From"), t.gettext("To"), t.gettext("When and why")]
            caption = t.gettext(
                "Steps of the status; what slipped back, was dropped or sidelined stands first"
            )
            blocks = [Table(caption, heads, [30, 15, 19, 36], [self._step(each) for each in steps.shown])]
            blocks += self._more(steps.more, "changes")
        else:
            blocks = [Paragraph([Words(t.gettext("No status changed."))])]
        kinds = [
            t.ngettext("%(num)s claim", "%(num)s claims", new.claim_count) if new.claim_count else "",
            t.ngettext("%(num)s proposal", "%(num)s proposals", new.proposal_count)
            if new.proposal_count
            else "",
            t.ngettext("%(num)s source", "%(num)s sources", new.source_count) if new.source_count else "",
        ]
        told = self.joined(filter(None, kinds))
        if told:
            blocks.append(Paragraph([Words(t.gettext("New since then: %(what)s.", what=told))], "changes"))
        return blocks

    def _step(self, step: StatusStep) -> list[list[Line]]:
        t = self.t
        where: list[Line] = [self.issue(step.issue.key, step.issue.title)]
        if step.track:
            where.append([Words(self.track(step.track.title), is_muted=True)])
        ends: list[list[Line]] = [
            [
                [Words(self.label(end.status), status=end.status)]
                if end
                else [Words(t.gettext("No status"), is_muted=True)]
            ]
            for end in (step.before, step.after)
        ]
        kind = t.gettext(step.kind.label) if step.kind else t.gettext("Back where it was")
        ends[1].append([Words(kind, is_strong=step.has_slipped, is_muted=not step.has_slipped)])
        return [where, *ends, [self.why(taken.entry) for taken in step.changes[-1:]]]

    def _moved(self) -> list[Block]:
        t, moves = self.t, self.brief.moves
        blocks: list[Block] = []
        if moves.shown:
            heads = [t.gettext("Party and issue"), t.gettext("From"), t.gettext("To"), t.gettext("Movement")]
            caption = t.gettext("Moves as the editors judged them; repeating is not moving")
            blocks = [Table(caption, heads, [24, 30, 30, 16], [self._move(each) for each in moves.shown])]
            blocks += self._more(moves.more, "changes")
        else:
            blocks = [Paragraph([Words(t.gettext("No party moved."))])]
        for name, said in (
            (
                t.gettext("First statements"),
                [(tally.party.label, tally.first) for tally in self.brief.changes.tallies],
            ),
            (
                t.gettext("Clarified"),
                [(tally.party.label, tally.clarified) for tally in self.brief.changes.tallies],
            ),
            (
                t.gettext("Only repeated"),
                [(tally.party.label, tally.restated) for tally in self.brief.changes.tallies],
            ),
        ):
            told = ", ".join(
                t.ngettext("%(party)s on %(num)s issue", "%(party)s on %(num)s issues", number, party=party)
                for party, number in said
                if number
            )
            if told:
                blocks.append(Paragraph([Words(f"{name}: ", is_muted=True), Words(f"{told}.")]))
        return blocks

    def _move(self, move: Move) -> list[list[Line]]:
        t = self.t
        before: list[Line] = [[Words(t.gettext("Not stated"), is_muted=True)]]
        if move.before or len(move.said) > 1:
            before = [self.said(move.before or move.said[0].entry)]
        if move.earlier:
            told = t.ngettext(
                "%(num)s earlier line between the two days",
                "%(num)s earlier lines between the two days",
                move.earlier,
            )
            before.append([Words(told, is_muted=True)])
        by_way_of = Words(f"{t.gettext('By way of')}: ", is_muted=True)
        return [
            [[Words(move.party.label, is_strong=True)], self.issue(move.issue.key, move.issue.title)],
            before,
            [self.said(move.after), *([by_way_of, *self.said(each)] for each in move.way)],
            self._judged([*move.way, move.after]),
        ]

    def _judged(self, lines: Sequence[EntryLine]) -> list[Line]:
        """Say of each line how it was judged, and where there are several, which is meant."""
        days = [f"{self.t.on(each.effective_on, each.effective_words)}: " for each in lines]
        labels = [self.t.gettext(each.movement.label) if each.movement else "" for each in lines]
        told = zip(days if len(lines) > 1 else [""], labels, strict=True)
        return [[Words(day, is_muted=True), Words(label)] for day, label in told]

    def _agreed(self) -> list[Block]:
        t, brief = self.t, self.brief
        blocks: list[Block] = []
        if not any(stand.is_agreed for stand in brief.agreed.shown):
            blocks.append(Paragraph([Words(t.gettext("The desk has no issue agreed."))]))
        if brief.agreed.shown:
            heads = [t.gettext("Issue"), t.gettext("The desk"), t.gettext("According to the parties")]
            caption = t.gettext("The desk’s status, and what the parties claim")
            rows = [self._according(each) for each in brief.agreed.shown]
            blocks += [Table(caption, heads, [28, 30, 42], rows), *self._more(brief.agreed.more, "issues")]
        if brief.claims:
            blocks.append(Paragraph([Words(t.gettext("Of the talks as a whole:"), is_muted=True)]))
            blocks.append(Bullets([self.claim(each) for each in brief.claims]))
        if brief.is_single_undertaking:
            told = t.gettext("Nothing is agreed until everything is agreed.")
            blocks.append(Paragraph([Words(told, is_muted=True)]))
        return blocks if brief.issues or brief.claims else []

    def _according(self, stand: Stand) -> list[list[Line]]:
        t = self.t
        desk: list[Line] = []
        for line in stand.issue.statuses:
            since = t.gettext("since %(day)s", day=t.on(line.since, line.since_words))
            told = "".join(f", {words}" for words in (self.between(line), since) if words)
            desk.append([*self._status(stand, line), Words(told)])
        claims: list[Line] = []
        for each in stand.claims:
            differs = f"{t.gettext('differs from the desk')}: " if each.id in stand.differing else ""
            claims.append([Words(differs, is_strong=True), *self.claim(each)])
        return [
            [self.issue(stand.issue.key, stand.issue.title)],
            desk or [[Words(t.gettext("No status yet"), is_muted=True)]],
            claims or [[Words(t.gettext("No claim"), is_muted=True)]],
        ]

    def _open(self) -> list[Block]:
        t, points = self.t, self.brief.points
        heads = [t.gettext("Issue"), t.gettext("Each party’s line")]
        rows = [self._point(each) for each in points.shown]
        table = Table(t.gettext("What is still to be agreed, and who wants what"), heads, [28, 72], rows)
        return [table, *self._more(points.more, "issues")] if rows else []

    def _point(self, point: Point) -> list[list[Line]]:
        t = self.t
        lines: list[Line] = []
        through: dict[str, list[str]] = {}
        silent = []
        for held in point.held:
            if held.cell:
                stance = Words(f" ({self.stance(held.cell)}): ", is_muted=True)
                lines.append([Words(held.party, is_strong=True), stance, *self.line(held.cell)])
            elif held.through:
                through.setdefault(self.joined(held.through), []).append(held.party)
            else:
                silent.append(held.party)
        rest = [
            t.gettext("Through %(bloc)s: %(parties)s.", bloc=bloc, parties=self.joined(members))
            for bloc, members in through.items()
        ]
        if silent:
            rest.append(t.gettext("Not stated: %(parties)s.", parties=self.joined(silent)))
        if rest:
            lines.append([Words(" ".join(rest), is_muted=True)])
        return [[self.issue(point.issue.key, point.issue.title)], lines]

    def _more(self, number: int, place: str) -> list[Block]:
        if not number:
            return []
        told = self.t.gettext("And %(number)s more.", number=self.t.number(number))
        return [Paragraph([Words(told, is_muted=True)], place)]

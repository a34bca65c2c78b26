"""Phrases of the brief: how an issue, a status, a line, a claim and a citation are said in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.exchange.document import Line, Words
from tracker.exchange.tongue import Tongue, in_order
from tracker.models.vocabulary import Firmness, Status
from tracker.queries.cells import Cell, StatusLine
from tracker.queries.claims import ClaimLine
from tracker.queries.entries import EntryLine
from tracker.queries.references import Reference, SourceLine
from tracker.text import cut, first_sentence

#: So many letters of a line or condition are said, and of what an agreement is subject to.
SAID, SUBJECT = 180, 90
#: So many of a reason or claim, whose caveats stand behind its first sentence.
TOLD = 360
#: So many names are listed.
NAMED = 6


class Phrases:
    """Holds what the phrases share: the language, with the parties' names, and the sources cited so far."""

    def __init__(self, tongue: Tongue) -> None:
        self.t = tongue
        self.sources: dict[int, SourceLine] = {}

    def issue(self, key: str, title: str) -> Line:
        return [Words(f"{key} ", is_muted=True), Words(title, is_strong=True, issue=key)]

    def track(self, title: str) -> str:
        """Name a track so that nobody takes it for an issue."""
        return self.t.gettext("on the track %(track)s", track=title)

    def label(self, status: Status) -> str:
        return self.t.gettext(status.label)

    def between(self, line: StatusLine) -> str:
        """Say who agreed, and subject to what."""
        whom = self.names(line.agreed_between)
        what = cut(line.subject_to, SUBJECT).rstrip(".")
        condition = self.t.gettext("subject to %(what)s", what=what) if what else ""
        return ", ".join(filter(None, (whom, condition)))

    def names(self, codes: Sequence[str]) -> str:
        """Name parties, in the order of the columns."""
        return self.joined(in_order(codes, self.t.names))

    def joined(self, names: Iterable[str]) -> str:
        """Write names as a list with its last two joined by a word; of many the first few."""
        every = [*names]
        shown = every if len(every) <= NAMED + 1 else every[:NAMED]
        if len(shown) < len(every):
            others = self.t.gettext("%(number)s others", number=self.t.number(len(every) - len(shown)))
            shown.append(others)
        return self.t.series(shown)

    def and_more(self, number: int) -> str:
        return ", " + self.t.ngettext("and %(num)s more", "and %(num)s more", number) if number else ""

    def cite(self, cited: Iterable[Reference]) -> Words:
        """Give the numbers of the sources that the reader may see; the first citation numbers one."""
        numbers = []
        is_withheld = False
        for reference in cited:
            source = reference.source
            if source is None:
                is_withheld = True
                continue
            self.sources.setdefault(source.id, source)
            numbers.append([*self.sources].index(source.id) + 1)
        text = f" ({self.t.gettext('source withheld')})" if is_withheld else ""
        return Words(text, is_muted=True, cited=tuple(sorted({*numbers})))

    def line(self, line: Cell | EntryLine) -> Line:
        """Say a line, its day and sources; where nobody names its stance besides, `said`."""
        day = self.t.on(line.effective_on, line.effective_words)
        cited = line.citations if isinstance(line, Cell) else line.references
        said = first_sentence(line.summary or "", SAID)
        return [Words(said), Words(f" ({day})", is_muted=True), self.cite(cited)]

    def said(self, line: Cell | EntryLine) -> Line:
        """Say a line, and first the condition that it is on."""
        condition = self.condition(line)
        before = [Words(f"{condition[:1].upper()}{condition[1:]}: ", is_muted=True)] if condition else []
        return [*before, *self.line(line)]

    def condition(self, line: Cell | EntryLine) -> str:
        """Say what a party accepts on which condition; else nothing."""
        what = cut(line.condition or "", SAID).rstrip(".")
        return self.t.gettext("accepts on condition that %(what)s", what=what) if what else ""

    def stance(self, cell: Cell) -> str:
        """Say how a party stands to an issue, how firmly, and on which condition."""
        told = [self.condition(cell) or self.t.gettext(cell.stance.label).lower()]
        if cell.firmness is not Firmness.UNKNOWN:
            firmness = self.t.gettext(cell.firmness.label).lower()
            # A condition stands last, so that nothing is read as a part of it.
            told.insert(0 if cell.condition else 1, firmness)
        return ", ".join(told)

    def entry(self, entry: EntryLine) -> Line:
        """Name an entry by what it is about, whose it is, and its day."""
        t = self.t
        kinds = {
            "status_change": t.gettext("the desk’s status"),
            "claim": t.gettext("%(party)s’s claim", party=entry.party),
            "position": t.gettext("%(party)s’s line", party=entry.party),
        }
        day = t.gettext("of %(day)s", day=t.on(entry.effective_on, entry.effective_words))
        return [Words(f"{entry.issue_title or t.gettext('the whole talks')}, {kinds[entry.kind]} {day}")]

    def why(self, entry: EntryLine) -> Line:
        day = self.t.on(entry.effective_on, entry.effective_words)
        reason = cut(entry.reason or "", TOLD)
        return [Words(f"{day}: " if reason else day), Words(reason), self.cite(entry.references)]

    def claim(self, claim: ClaimLine) -> Line:
        t = self.t
        said = [
            t.gettext("%(share)s %% agreed", share=claim.share) if claim.share is not None else "",
            self.label(claim.status) if claim.status else "",
            t.gettext("between %(whom)s", whom=self.names(claim.between)) if claim.between else "",
            cut(claim.words, TOLD),
        ]
        day = t.on(claim.on, claim.on_words)
        by = f"{claim.stated_by}, {day}" if claim.stated_by else day
        track = f" ({self.track(claim.track)})" if claim.track else ""
        return [
            Words(f"{claim.party}{track}: ", is_strong=True),
            Words("; ".join(filter(None, said)) + " "),
            Words(f"({by})", is_muted=True),
            self.cite(claim.references),
        ]

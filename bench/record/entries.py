"""The entries of the made-up record, and what stands beside them: what each act of a plan writes."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from bench.record import cast, texts
from bench.record.frame import CORE, Act, chance, moment, on
from bench.record.ledger import Ledger
from bench.record.plans import PROPOSED, Plans, round_on
from bench.record.sources import Shelf, signed
from bench.record.words import AR, EN, FR, RU, UK, Tongue
from tracker.models import (
    Clause,
    ClauseIssue,
    EntryLink,
    Event,
    Issue,
    Note,
    Position,
    Proposal,
    Retraction,
    Review,
    StatusChange,
    StatusClaim,
)
from tracker.models.vocabulary import (
    DayBasis,
    EntryLinkKind,
    EventKind,
    EventState,
    NoteKind,
    Stance,
    Standing,
    Status,
)

_TONGUES = {3: UK, 5: FR, 7: RU, 9: AR}
_BASES = (DayBasis.STATED, DayBasis.STATED, DayBasis.PUBLISHED, DayBasis.INFERRED)


def tongue_of(issue: int) -> Tongue:
    """Tell in which language an issue is written up."""
    return _TONGUES.get(issue % 10, EN)


def deciding_of(issue: int) -> list[str] | None:
    """Tell who decides on an issue, where it is not all parties."""
    return ["avarn", "belmark"] if issue % 7 == 3 else None


def has_scale(issue: int) -> bool:
    return issue % 5 == 1


class Desk:
    """Enters acts into a ledger, each with the rows it rests on."""

    def __init__(self, ledger: Ledger, shelf: Shelf, plans: Plans) -> None:
        self.ledger, self.shelf, self.seed = ledger, shelf, plans.seed
        self._versions = array("I", [1] * (plans.size.issues + 1))
        self._said = bytearray((len(cast.PARTIES) + 1) * (plans.size.issues + 1))
        #: The entries that a later act speaks of: their ids, and when they were first recorded.
        self._referred: dict[tuple[int, int], tuple[int, datetime]] = {}
        self._enter: dict[str, Callable[[int, int, Act, Random], None]] = {
            "change": self._change,
            "position": self._position,
            "claim": self._claim,
            "retraction": self._retract,
            "link": self._link,
            "review": self._review,
            "note": self._note,
            "event": self._event,
            "proposal": self._propose,
        }

    def enter(self, issue: int, place: int, act: Act) -> None:
        """Write what one act of an issue's plan writes."""
        self._enter[act.kind](issue, place, act, chance(self.seed, "words", issue, place))

    def _sign(self, issue: int, place: int, act: Act, *more: Any) -> dict[str, Any]:
        return signed(moment(act.at), self.seed, act.kind, issue, place, *more)

    def _entry(self, kind: Any, issue: int, place: int, act: Act, luck: Random, **values: Any) -> None:
        """Write an entry with its citations; what it corrects is withdrawn first."""
        signature = self._sign(issue, place, act)
        first_recorded_at = moment(act.at)
        if act.of is not None:
            first_recorded_at = self._withdraw(issue, place, act, signature["uid"])
        day = on(act.day)
        id_ = self.ledger.insert(
            kind,
            moment(act.at),
            **signature,
            negotiation_id=1,
            issue_id=issue or None,
            effective_on=day,
            effective_words=f"by {day.day} {day:%B}" if luck.random() < 0.06 else "",
            day_basis=luck.choice(_BASES),
            event_id=round_on(act.day),
            first_recorded_at=first_recorded_at,
            **values,
        )
        self.shelf.cite(issue, place, act, entry_id=id_)
        if act.is_referred:
            self._referred[issue, place] = (id_, first_recorded_at)

    def _withdraw(self, issue: int, place: int, act: Act, replaced_by: str | None = None) -> datetime:
        """Retract what an act corrects or withdraws; tell when that was first recorded."""
        assert act.of is not None
        id_, first_recorded_at = self._referred.pop((issue, act.of))
        luck = chance(self.seed, "why", issue, place)
        self.ledger.insert(
            Retraction,
            moment(act.at),
            **self._sign(issue, place, act, "retraction"),
            entry_id=id_,
            reason=texts.prose(luck, EN, 200, "the source"),
            replaced_by=replaced_by,
        )
        return first_recorded_at

    def _change(self, issue: int, place: int, act: Act, luck: Random) -> None:
        status, track = act.values["status"], act.values["track_id"]
        deciding = sorted(cast.TRACKS[track - 1][2] if track else deciding_of(issue) or cast.DECIDING)
        agreed = luck.sample(deciding, luck.randint(2, 3)) if track else deciding
        is_open = Status.AGREED_IN_PRINCIPLE.rank <= (status.rank or 0) < Status.AGREED.rank  # type: ignore[operator]
        is_quoted = act.values["is_plain"] and "offset" in self.shelf.quote(issue, place, act)
        self._entry(
            StatusChange,
            issue,
            place,
            act,
            luck,
            track_id=track,
            status=status,
            level=act.values["level"],
            agreed_between=sorted(agreed) if status.is_agreed else [],
            deciding_parties=deciding if status.is_agreed else None,
            subject_to=texts.prose(luck, EN, 120, "except where") if is_open and luck.random() < 0.4 else "",
            reason="" if is_quoted and luck.random() < 0.3 else texts.prose(luck, tongue_of(issue), 300),
            base_version=self._versions[issue],
        )
        self._touch(issue, act, 1 if act.of is None else 2)

    def _touch(self, issue: int, act: Act, by: int) -> None:
        """Move an issue's version, as changes of its status do."""
        old = self._versions[issue]
        self._versions[issue] += by
        self.ledger.update(Issue, moment(act.at), issue, {"version": old}, {"version": old + by})

    def _position(self, issue: int, place: int, act: Act, luck: Random) -> None:
        party = act.values["party_id"]
        tongue = tongue_of(issue)
        is_line = act.values["standing"] is Standing.LINE
        name = cast.PARTIES[party - 1][1]
        is_conditional = act.values["stance"] is Stance.CONDITIONAL
        cell = issue * (len(cast.PARTIES) + 1) + party
        self._entry(
            Position,
            issue,
            place,
            act,
            luck,
            **act.values,
            summary=texts.prose(luck, tongue, 400, name if tongue is EN else ""),
            condition=texts.prose(luck, tongue, 200) if is_conditional else "",
            stated_by=cast.person(party, luck.randrange(2)) if not is_line or luck.random() < 0.5 else "",
            value=float(luck.randint(0, 60)) if has_scale(issue) and is_line else None,
            base_version=self._said[cell],
        )
        self._said[cell] += 1 if act.of is None else 2

    def _claim(self, issue: int, place: int, act: Act, luck: Random) -> None:
        status = luck.choice((Status.OPEN, Status.AGREED_IN_PRINCIPLE, Status.PROVISIONALLY_AGREED, None))
        party = act.values["party_id"]
        self._entry(
            StatusClaim,
            issue,
            place,
            act,
            luck,
            **act.values,
            status=status,
            words=texts.prose(luck, EN, 200, cast.PARTIES[party - 1][1]),
            stated_by=cast.person(party, luck.randrange(2)),
            between=sorted(luck.sample(cast.DECIDING, 2)) if status and status.is_agreed else [],
        )

    def _retract(self, issue: int, place: int, act: Act, _luck: Random) -> None:
        self._withdraw(issue, place, act)
        if act.values["subject"] == "change":
            self._touch(issue, act, 1)
        else:
            self._said[issue * (len(cast.PARTIES) + 1) + act.values["party_id"]] += 1

    def _link(self, issue: int, place: int, act: Act, _luck: Random) -> None:
        assert act.of is not None
        ends = [self._referred.pop((issue, act.of + turn))[0] for turn in (0, 1)]
        self.ledger.insert(
            EntryLink,
            moment(act.at),
            **self._sign(issue, place, act),
            from_id=ends[1],
            kind=EntryLinkKind.CONTRADICTS,
            to_id=ends[0],
        )

    def _review(self, issue: int, place: int, act: Act, luck: Random) -> None:
        note = texts.prose(luck, EN, 150) if luck.random() < 0.5 else ""
        signature = self._sign(issue, place, act)
        self.ledger.insert(
            Review, moment(act.at), **signature, issue_id=issue, checked_on=on(act.day), note=note
        )

    def _note(self, issue: int, place: int, act: Act, luck: Random) -> None:
        kind = luck.choice(list(NoteKind))
        is_due = kind is NoteKind.ACTION
        self.ledger.insert(
            Note,
            moment(act.at),
            **self._sign(issue, place, act),
            issue_id=issue,
            kind=kind,
            text=texts.prose(luck, EN, 400, "the desk"),
            owner=cast.EDITOR if is_due else "",
            due_on=on(act.day + 30) if is_due else None,
        )

    def _event(self, issue: int, place: int, act: Act, luck: Random) -> None:
        is_held = act.values["is_held"]
        track = luck.choice((None, 1, 2))
        codes = cast.TRACKS[track - 1][2] if track else [*cast.DECIDING, "mission"]
        id_ = self.ledger.insert(
            Event,
            moment(act.at),
            **self._sign(issue, place, act),
            negotiation_id=1,
            kind=EventKind.ROUND,
            state=EventState.HELD if is_held else EventState.PLANNED,
            title=f"Round {place + 1} of the talks",
            starts_on=on(act.day),
            ends_on=on(act.day + 1),
            place=luck.choice(("Lakeside", "Three Bridges", "Upper Ford")),
            participants=sorted(codes),
            track_id=track,
        )
        if is_held:
            self.shelf.cite(issue, place, act, event_id=id_)

    def _propose(self, issue: int, place: int, act: Act, luck: Random) -> None:
        """Write a proposal; its clause 1 touches issue 1, and so on."""
        at = moment(act.at)
        signature = self._sign(issue, place, act)
        number = PROPOSED.index(act.day)
        id_ = self.ledger.insert(
            Proposal,
            at,
            **signature,
            negotiation_id=1,
            title=f"Framework of {on(act.day):%B %Y}",
            tabled_by=[cast.CODES[number]],
            tabled_on=on(act.day),
            source_id=self.shelf.id_of(issue, act.source),
        )
        for clause in range(1, CORE + 1):
            words = texts.prose(luck, EN, 300, "each party")
            clause_id = self.ledger.insert(
                Clause, at, proposal_id=id_, number=str(clause), text=words, locator=f"para {clause}"
            )
            self.ledger.insert(ClauseIssue, at, clause_id=clause_id, issue_id=clause)

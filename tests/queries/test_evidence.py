"""What the record rests on: independent sources, grades, and what others say against it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state, withdraw
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import View
from tracker.models import Cite, Entry, EntryLink, Source, SourceMerge, User
from tracker.models.vocabulary import (
    Credibility,
    Directness,
    EntryLinkKind,
    Handling,
    Reliability,
    Standing,
    Status,
)
from tracker.queries.evidence import Evidence, EvidenceFilters, Founded, evidence
from tracker.queries.speaking import spoken_of
from tracker.queries.weighing import Trait


def look(world: World, view: View | None = None, user: User | None = None, **asked: Any) -> Evidence:
    session = world.talks.session
    filters = EvidenceFilters(**asked)
    return evidence(session, world.talks, view or View(), user or world.vera, filters)


def row_of(found: Evidence, entry: Entry) -> Founded:
    (row,) = [row for row in found.rows if row.entry.uid == entry.uid]
    return row


def sources(session: Session, world: World, *named: tuple[str, str]) -> list[Source]:
    """Make sources of publishers that took over from agencies."""
    made = []
    for number, (publisher, origin) in enumerate(named):
        source = make_source(session, world.talks, f"Source {number}")
        source.publisher, source.origin = publisher, origin
        made.append(source)
    session.commit()
    return made


def cites(made: list[Source], **more: Any) -> list[Cite]:
    return [Cite(source, **more) for source in made]


def test_what_is_in_force_is_listed_issue_by_issue(world: World) -> None:
    found = look(world)
    kinds = [(row.entry.kind, row.entry.party) for row in found.rows]
    assert kinds == [
        ("status_change", None),
        ("position", "Red"),
        ("position", "Blue"),
        ("position", "Union of the Shore"),
    ]
    assert (found.total, found.single, found.paging.total) == (4, 4, 4)


def test_what_came_before_and_voices_and_claims_are_listed_when_all_is_asked_for(
    world: World, session: Session
) -> None:
    old = world.water.position_of(world.red)
    assert old is not None
    new = state(world, world.red, DAY + timedelta(days=1), issue=world.water)
    voice = state(world, world.blue, standing=Standing.VOICE)
    said = claim(world, world.red)
    session.commit()
    shown = {row.entry.uid for row in look(world).rows}
    assert new.uid in shown
    assert not shown & {old.uid, voice.uid, said.uid}
    every = [row.entry.uid for row in look(world, every=True).rows]
    assert {new.uid, old.uid, voice.uid, said.uid} < {*every}
    assert every[-1] == said.uid  # on no issue
    assert look(world, every=True).total == 7


@pytest.mark.parametrize(
    ("named", "independent"),
    [
        ([("The Lake", ""), ("The Shore", "")], 2),
        ([("The Lake", "Agency"), ("The Shore", " AGENCY "), ("The Hill", "agency")], 1),
        ([("The Lake", ""), ("THE LAKE", "")], 1),
        ([("Agency", ""), ("The Shore", "Agency")], 1),
        ([("", ""), ("", "")], 2),
        ([("The Lake", "Agency"), ("The Lake", "")], 2),
    ],
)
def test_publishers_that_reprint_one_agency_count_once(
    world: World, session: Session, named: list[tuple[str, str]], independent: int
) -> None:
    entered = change(world, Status.OPEN, citing=cites(sources(session, world, *named)))
    session.commit()
    found = look(world)
    assert row_of(found, entered).independent == independent
    shown = {row.entry.uid for row in look(world, traits=(Trait.SINGLE,)).rows}
    assert (entered.uid in shown) is (independent == 1)
    assert found.single == found.total - (independent > 1)


def test_copies_that_were_merged_count_once(world: World, session: Session) -> None:
    kept, copy = sources(session, world, ("The Lake", ""), ("The Shore", ""))
    entered = change(world, Status.OPEN, citing=cites([kept, copy]))
    session.commit()
    assert row_of(look(world), entered).independent == 2
    merge = SourceMerge(source=copy, into=kept, reason="The same.")
    merge.add(session, by=world.ed)
    session.commit()
    assert row_of(look(world), entered).independent == 1
    earlier = View(known_at=merge.recorded_at - timedelta(microseconds=1))
    assert row_of(look(world, earlier), entered).independent == 2


def test_as_of_and_as_known_at_are_asked(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN, date(2025, 12, 5))
    session.commit()
    added = entered.cite(Cite(world.report), by=world.ed)
    session.commit()
    assert row_of(look(world), entered).independent == 2
    before = View(known_at=added.recorded_at - timedelta(microseconds=1))
    assert row_of(look(world, before), entered).independent == 1
    assert entered.uid not in {row.entry.uid for row in look(world, View(DAY)).rows}
    withdraw(world, added)
    session.commit()
    assert row_of(look(world), entered).independent == 1
    withdraw(world, entered)
    session.commit()
    assert entered.uid not in {row.entry.uid for row in look(world).rows}


def graded(world: World, reliability: Reliability, credibility: Credibility) -> Cite:
    source = make_source(world.talks.session, world.talks, f"{reliability}{credibility}")
    source.reliability = reliability
    world.talks.session.flush()
    return Cite(source, credibility=credibility)


def test_a_grade_is_asked_of_one_citation_in_both_respects(world: World, session: Session) -> None:
    a6 = graded(world, Reliability.A, Credibility.NOT_JUDGED)
    c1 = graded(world, Reliability.C, Credibility.CONFIRMED)
    b2 = graded(world, Reliability.B, Credibility.PROBABLE)
    apart = change(world, Status.OPEN, citing=[a6, c1])
    good = change(world, Status.OPEN, citing=[c1, b2], issue=world.prisoners)
    session.commit()
    asked: dict[str, Any] = {"reliability": Reliability.B, "credibility": Credibility.PROBABLE}
    assert [row.entry.uid for row in look(world, **asked).rows] == [good.uid]
    assert [row.entry.uid for row in look(world, reliability=Reliability.A).rows] == [apart.uid]
    assert len(look(world, credibility=Credibility.CONFIRMED).rows) == 2
    assert look(world, **asked).total == 6  # the head counts all
    best = row_of(look(world), apart).best, row_of(look(world), good).best
    assert [grade and (grade.code, grade.is_judged) for grade in best] == [("A6", True), ("B2", True)]
    (plain, *_rest) = look(world).rows
    assert plain.best is not None
    assert (plain.best.code, plain.best.is_judged) == ("F6", False)


def test_what_was_not_judged_is_at_least_nothing(world: World) -> None:
    assert look(world, reliability=Reliability.E).rows == []
    assert look(world, credibility=Credibility.IMPROBABLE).rows == []


def test_hearsay_is_told_from_what_was_said_openly(world: World, session: Session) -> None:
    (first, second) = sources(session, world, ("A", ""), ("B", ""))
    quiet = change(world, Status.OPEN, citing=[Cite(first, directness=Directness.ANONYMOUS)])
    mixed = change(
        world,
        Status.OPEN,
        issue=world.prisoners,
        citing=[Cite(first, directness=Directness.ANONYMOUS), Cite(second)],
    )
    session.commit()
    assert [row.entry.uid for row in look(world, traits=(Trait.ANONYMOUS,)).rows] == [quiet.uid]
    assert {quiet.uid, mixed.uid} < {row.entry.uid for row in look(world, traits=(Trait.REPORTED,)).rows}
    mixed.cite(Cite(second, quote="Openly.", directness=Directness.ON_RECORD), by=world.ed)
    session.commit()
    assert mixed.uid not in {row.entry.uid for row in look(world, traits=(Trait.REPORTED,)).rows}


def test_unchecked_quotes_are_found(world: World, session: Session) -> None:
    unchecked = change(world, Status.OPEN, citing=[world.cite(QUOTE), Cite(world.report, quote="Perhaps.")])
    session.commit()
    assert [row.entry.uid for row in look(world, traits=(Trait.UNCHECKED,)).rows] == [unchecked.uid]


def test_quotes_that_were_found_later_are_checked(world: World, session: Session) -> None:
    change(world, Status.OPEN, citing=[Cite(world.report, quote="Perhaps.")])
    session.commit()
    assert len(look(world, traits=(Trait.UNCHECKED,)).rows) == 1
    world.report.edit({"text": "They said: Perhaps."})
    session.commit()
    assert look(world, traits=(Trait.UNCHECKED,)).rows == []


def test_traits_are_asked_together(world: World, session: Session) -> None:
    change(world, Status.OPEN, citing=[world.cite(QUOTE), Cite(world.report, quote="Perhaps.")])
    session.commit()
    assert look(world, traits=(Trait.UNCHECKED, Trait.SINGLE)).rows == []


@pytest.mark.parametrize(
    ("kind", "trait", "label"),
    [
        (EntryLinkKind.CONTRADICTS, Trait.CONTRADICTED, "Contradicted by"),
        (EntryLinkKind.DENIES, Trait.DENIED, "Denied by"),
        (EntryLinkKind.CONFIRMS, Trait.CONFIRMED, "Confirmed by"),
    ],
)
def test_entries_that_others_speak_to_are_found(
    world: World, session: Session, kind: EntryLinkKind, trait: Trait, label: str
) -> None:
    red, blue = world.water.position_of(world.red), world.water.position_of(world.blue)
    assert red is not None
    assert blue is not None
    link = EntryLink(from_entry=blue, kind=kind, to_entry=red)
    link.add(session, by=world.ed)
    session.commit()
    found = {row.entry.uid for row in look(world, traits=(trait,)).rows}
    is_mutual = kind is EntryLinkKind.CONTRADICTS
    assert found == ({red.uid, blue.uid} if is_mutual else {red.uid})
    (to_red,) = row_of(look(world), red).spoken
    (of_blue,) = row_of(look(world), blue).spoken
    assert (to_red.uid, to_red.is_by, to_red.party, to_red.other) == (link.uid, True, "Blue", blue.uid)
    assert (of_blue.is_by, of_blue.party, of_blue.issue) == (False, "Red", 1)
    assert (to_red.label, of_blue.label) == (label, kind.label)
    earlier = View(known_at=link.recorded_at - timedelta(microseconds=1))
    assert look(world, earlier, traits=(trait,)).rows == []
    assert spoken_of(session, [red.id], earlier) == {}
    withdraw(world, link)
    session.commit()
    assert look(world, traits=(trait,)).rows == []
    assert row_of(look(world), red).spoken == ()


def test_a_link_to_what_was_retracted_says_nothing(world: World, session: Session) -> None:
    red, said = world.water.position_of(world.red), claim(world, world.blue)
    assert red is not None
    session.commit()
    EntryLink(from_entry=said, kind=EntryLinkKind.DENIES, to_entry=red).add(session, by=world.ed)
    withdraw(world, said)
    session.commit()
    assert look(world, traits=(Trait.DENIED,)).rows == []
    assert spoken_of(session, [red.id], View()) == {}


def test_strangers_learn_no_grade_of_what_is_withheld(world: World, session: Session) -> None:
    secret = graded(world, Reliability.A, Credibility.CONFIRMED)
    assert secret.source is not None
    secret.source.handling = Handling.AMBER
    entered = change(world, Status.OPEN, citing=[secret, world.cite()])
    session.commit()

    def strangers(**asked: Any) -> Evidence:
        return evidence(session, world.talks, View(), None, EvidenceFilters(**asked))

    best = row_of(strangers(), entered).best
    assert best is not None
    assert best.code == "F6"
    assert strangers(reliability=Reliability.A).rows == []
    assert len(look(world, reliability=Reliability.A).rows) == 1


def test_pages_hold_fifty(world: World, session: Session) -> None:
    for number in range(51):
        state(world, world.red, DAY - timedelta(days=number), standing=Standing.VOICE)
    session.commit()
    found = evidence(session, world.talks, View(), world.vera, EvidenceFilters(every=True), page=2)
    assert (found.paging.count, found.total, len(found.rows)) == (2, 55, 5)

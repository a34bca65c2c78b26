"""Notes, reviews and links between entries."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, claim, refuses, withdraw
from tests.world import DAY, World
from tracker.dates import FIRST_DAY, latest_day
from tracker.models import Dating, EntryLink, Negotiation, Party, StatusClaim
from tracker.models.vocabulary import EntryLinkKind, NoteKind


def test_note_is_written_by_someone(world: World, session: Session) -> None:
    note = world.border.note(
        " Ask the envoy. ", by=world.ed, kind=NoteKind.ACTION, owner=" Vera ", due_on=latest_day()
    )
    session.commit()
    assert (note.text, note.owner, note.kind) == ("Ask the envoy.", "Vera", NoteKind.ACTION)
    assert (note.recorded_by, note.issue) == ("Ed", world.border)
    assert world.border.note("Hm.", by="shell", recorded=at(0, uid="n")).recorded_at == at(0).at


def test_note_says_something(world: World) -> None:
    with refuses("text"):
        world.border.note(" \n", by=world.ed)
    with refuses("text"):
        world.border.note("a" * 10_001, by=world.ed)
    with refuses("owner"):
        world.border.note("Ask.", by=world.ed, owner="a" * 301)


def test_review_is_of_a_day_that_has_come(world: World, session: Session) -> None:
    for day in (latest_day() + timedelta(days=1), date(999, 1, 1)):
        with refuses("checked_on"):
            world.border.review(by=world.ed, on=day)
    with refuses("note"):
        world.border.review(by=world.ed, on=DAY, note="\x00")
    review = world.border.review(by=world.ed, on=FIRST_DAY, note=" Nothing new. ")
    session.commit()
    assert (review.note, review.recorded_by, review.audit_chain) == ("Nothing new.", "Ed", "TK")
    assert world.border.review(by=world.ed, on=latest_day(), recorded=at(0, uid="r")).uid == "r"


@pytest.mark.parametrize("kind", EntryLinkKind)
def test_one_entry_speaks_to_another(world: World, session: Session, kind: EntryLinkKind) -> None:
    link = EntryLink(from_entry=claim(world, world.red), kind=kind, to_entry=claim(world, world.blue))
    link.add(session, by=world.ed)
    session.commit()
    assert (link.recorded_by, link.audit_chain) == ("Ed", "TK")


def test_no_entry_speaks_to_itself(world: World, session: Session) -> None:
    said = claim(world, world.red)
    link = EntryLink(from_entry=said, kind=EntryLinkKind.DENIES, to_entry=said)
    with refuses("to"):
        link.add(session, by=world.ed)
    link.uid, link.recorded_at, link.recorded_by = "l", NOON, "Ed"
    session.add(link)
    with pytest.raises(IntegrityError):
        session.flush()


def test_entries_of_other_talks_are_not_spoken_to(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks", recorded_at=NOON)
    party = Party(negotiation=other, code="red", name="Red")
    session.add_all([other, party])
    world.article.file_under(other)
    far = StatusClaim(negotiation=other, party=party, share=1)
    far.enter(session, dating=Dating(DAY), by=world.ed, citing=[world.cite()])
    link = EntryLink(from_entry=claim(world, world.red), kind=EntryLinkKind.DENIES, to_entry=far)
    with refuses("to"):
        link.add(session, by=world.ed)


def test_two_entries_are_linked_in_one_way_once(world: World, session: Session) -> None:
    here, there = claim(world, world.red), claim(world, world.blue)
    made = {}
    for kind in EntryLinkKind:
        made[kind] = EntryLink(from_entry=here, kind=kind, to_entry=there)
        made[kind].add(session, by=world.ed)
    session.commit()
    for kind in EntryLinkKind:
        with refuses("to"):
            EntryLink(from_entry=here, kind=kind, to_entry=there).add(session, by=world.ed)
    with refuses("to"):  # to contradict is mutual
        EntryLink(from_entry=there, kind=EntryLinkKind.CONTRADICTS, to_entry=here).add(session, by=world.ed)
    EntryLink(from_entry=there, kind=EntryLinkKind.DENIES, to_entry=here).add(session, by=world.ed)
    withdraw(world, made[EntryLinkKind.CONFIRMS])
    EntryLink(from_entry=here, kind=EntryLinkKind.CONFIRMS, to_entry=there).add(session, by=world.ed)
    session.commit()

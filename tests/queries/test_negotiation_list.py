"""The list of negotiations: what each may see of it, and how much of the record strangers see counted."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Event, Negotiation, Proposal, publication
from tracker.models.vocabulary import EventState, Handling, Status, Visibility
from tracker.queries.happenings import list_events, list_proposals
from tracker.queries.negotiation_list import NegotiationLine, list_negotiations


def lines(session: Session, user: object) -> dict[str, NegotiationLine]:
    session.flush()
    return {line.code: line for line in list_negotiations(session, user).negotiations}  # type: ignore[arg-type]


def test_each_sees_what_visibility_allows(session: Session, world: World) -> None:
    for code, visibility in (("IN", Visibility.INTERNAL), ("RE", Visibility.RESTRICTED)):
        talks = Negotiation(code=code, title=code, visibility=visibility)
        publication.found(session, talks, by=world.ed)
    assert set(lines(session, None)) == {"TK"}
    assert set(lines(session, world.vera)) == {"TK", "IN"}
    assert set(lines(session, world.ann)) == {"TK", "IN"}
    assert set(lines(session, world.ed)) == {"TK", "IN", "RE"}


def test_issues_are_counted_by_status(session: Session, world: World) -> None:
    line = lines(session, world.vera)["TK"]
    assert (line.issues, line.counts) == (3, [(Status.OPEN, 1), (None, 2)])
    assert line.last_entry_at is not None


def test_strangers_see_what_was_published(session: Session, world: World) -> None:
    world.talks.published_at = datetime(2020, 1, 1, tzinfo=UTC)
    stranger, vera = lines(session, None)["TK"], lines(session, world.vera)["TK"]
    assert (stranger.counts, stranger.last_entry_at) == ([(None, 3)], None)
    assert vera.counts == [(Status.OPEN, 1), (None, 2)]


def test_closed_talks_stand_last(session: Session, world: World) -> None:
    world.talks.ended_on = DAY
    publication.found(session, Negotiation(code="ZZ", title="Z"), by=world.ed)
    assert [*lines(session, world.vera)] == ["ZZ", "TK"]


def test_an_empty_desk_lists_nothing(session: Session, world: World) -> None:
    world.talks.visibility = Visibility.INTERNAL
    assert lines(session, None) == {}


def test_events_are_listed_once_they_are_known(session: Session, world: World) -> None:
    for title, on in (("Round", DAY), ("Signing", date(2999, 1, 1))):
        state = EventState.HELD if on == DAY else EventState.PLANNED
        event = Event(negotiation=world.talks, title=title, starts_on=on, state=state)
        event.add(session, by=world.ed, citing=[world.cite()])
    session.flush()
    found = list_events(session, world.talks, View(), None).events
    assert [(each.title, len(each.references)) for each in found] == [("Signing", 1), ("Round", 1)]
    past = View(known_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert list_events(session, world.talks, past, None).events == []


def test_a_proposals_source_is_withheld_from_strangers_where_it_is_not_clear(
    session: Session, world: World
) -> None:
    kept = make_source(session, world.talks, "A paper that is not for all")
    kept.handling = Handling.AMBER
    proposal = Proposal(negotiation=world.talks, title="Plan", tabled_on=DAY, source=kept)
    proposal.add(session, by=world.ed)
    session.flush()
    [stranger] = list_proposals(session, world.talks, View(), None).records
    [vera] = list_proposals(session, world.talks, View(), world.vera).records
    assert (stranger.source, stranger.is_withheld) == (None, True)
    assert (vera.source, vera.is_withheld) == (kept, False)
    assert list_proposals(session, world.talks, View(date(2025, 12, 1)), world.vera).records == []

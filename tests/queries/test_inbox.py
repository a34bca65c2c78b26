"""What waits in the inbox, and when it leaves it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import change, withdraw
from tests.world import DAY, World, make_source
from tracker.models import Cite, Event, Grant, Negotiation, Proposal, Source, SourceMerge
from tracker.models.vocabulary import InboxState, Role, SourceKind, Status, Visibility
from tracker.queries.inbox import MANY, Inbox, InboxFilters, InboxSort, inbox, new_count, new_counts


@pytest.fixture
def waiting(world: World, session: Session) -> Source:
    """A source that nothing rests on; the two of the world are cited."""
    source = make_source(session, world.talks, "Nobody read it")
    session.commit()
    return source


def look(world: World, **asked: Any) -> Inbox:
    return inbox(world.talks.session, world.talks, world.ed, InboxFilters(**asked))


def titles(world: World, **asked: Any) -> list[str]:
    return [row.title for row in look(world, **asked).rows]


def test_what_nothing_rests_on_waits(world: World, waiting: Source, session: Session) -> None:
    (row,) = look(world).rows
    assert (row.id, row.title, row.version, row.state) == (
        waiting.id,
        "Nobody read it",
        waiting.version,
        None,
    )
    assert look(world).counts == {None: 1, InboxState.IN_WORK: 0, InboxState.SET_ASIDE: 0}
    assert new_count(session, world.talks) == 1
    assert new_counts(session, world.vera) == {"TK": 1}


@pytest.mark.parametrize("is_set_aside", [False, True])
def test_it_leaves_by_itself_when_it_is_cited_and_comes_back(
    world: World, waiting: Source, session: Session, is_set_aside: bool
) -> None:
    if is_set_aside:
        waiting.set_aside("Old.")
    states = (None, *InboxState)
    entered = change(world, Status.OPEN, citing=[Cite(waiting), world.cite()])
    session.commit()
    assert titles(world, states=states) == []
    withdraw(world, entered.citations[0])
    session.commit()
    assert titles(world, states=states) == ["Nobody read it"]
    added = entered.cite(Cite(waiting), by=world.ed)
    session.commit()
    assert titles(world, states=states) == []
    withdraw(world, entered)
    session.commit()
    assert added.retraction is None
    assert titles(world, states=states) == ["Nobody read it"]


def test_an_event_and_a_proposal_rest_on_it_too(world: World, waiting: Source, session: Session) -> None:
    other = make_source(session, world.talks, "The plan")
    session.commit()
    assert titles(world) == ["The plan", "Nobody read it"]
    event = Event(negotiation=world.talks, title="Round", starts_on=DAY)
    event.add(session, by=world.ed, citing=[Cite(waiting)])
    Proposal(negotiation=world.talks, title="Plan", source=other).add(session, by=world.ed)
    session.commit()
    assert titles(world) == []
    withdraw(world, event.citations[0])
    session.commit()
    assert titles(world) == ["Nobody read it"]


def test_a_copy_waits_no_more_and_what_rests_on_it_rests_on_the_other(
    world: World, waiting: Source, session: Session
) -> None:
    copy = make_source(session, world.talks, "The same again")
    session.commit()
    merge = SourceMerge(source=copy, into=waiting, reason="The same.")
    merge.add(session, by=world.ed)
    session.commit()
    assert titles(world) == ["Nobody read it"]
    entered = change(world, Status.OPEN, citing=[Cite(copy), world.cite()])
    session.commit()
    assert titles(world) == []
    withdraw(world, entered.citations[0])
    withdraw(world, merge)
    session.commit()
    assert titles(world) == ["The same again", "Nobody read it"]


def test_what_is_set_aside_is_shown_when_asked_for(world: World, waiting: Source, session: Session) -> None:
    waiting.set_aside("Old.")
    session.commit()
    assert titles(world) == []
    (row,) = look(world, states=(InboxState.SET_ASIDE,)).rows
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, "Old.")
    assert look(world).counts[InboxState.SET_ASIDE] == 1
    assert new_count(session, world.talks) == 0


@pytest.mark.usefixtures("waiting")
def test_filters_leave_what_was_asked_for(world: World, session: Session) -> None:
    speech = make_source(session, world.talks, "A speech")
    speech.kind, speech.language = SourceKind.TRANSCRIPT, "uk"
    session.commit()
    speech.take_up(by=world.ed)
    session.commit()
    assert titles(world) == ["A speech", "Nobody read it"]
    assert titles(world, sort=InboxSort.OLDEST) == ["Nobody read it", "A speech"]
    asked: list[dict[str, Any]] = [
        {"states": (InboxState.IN_WORK,)},
        {"assignee": world.ed.id},
        {"kind": SourceKind.TRANSCRIPT},
        {"language": "uk"},
        {"q": "SPEECH a"},
    ]
    for each in asked:
        assert titles(world, **each) == ["A speech"], each
    assert titles(world, is_nobodys=True) == ["Nobody read it"]
    assert titles(world, assignee=world.ann.id) == []
    assert look(world, q="speech").languages == ["en", "uk"]
    assert look(world).rows[0].assignee == "Ed"


def test_a_page_past_the_end_is_the_last_one(world: World, session: Session) -> None:
    for number in range(51):
        make_source(session, world.talks, f"Source {number}")
    session.commit()
    found = inbox(session, world.talks, world.ed, InboxFilters(), page=9)
    assert (found.paging.number, found.paging.count, len(found.rows)) == (2, 2, 1)


@pytest.mark.usefixtures("waiting")
def test_sources_of_other_talks_wait_elsewhere(world: World, session: Session) -> None:
    other = Negotiation(code="OT", title="Other talks", visibility=Visibility.RESTRICTED)
    session.add(other)
    other.recorded_at = other.moment
    make_source(session, other, "Far away")
    session.commit()
    assert titles(world) == ["Nobody read it"]
    assert new_counts(session, world.ed) == {"TK": 1}


def test_the_head_of_the_talks_counts_to_a_hundred(world: World, session: Session) -> None:
    for number in range(MANY + 1):
        make_source(session, world.talks, f"Source {number}")
    session.commit()
    assert new_count(session, world.talks) == MANY
    assert new_counts(session, world.ed) == {"TK": MANY + 1}


def test_editors_who_see_the_talks_can_be_given_something(world: World, session: Session) -> None:
    assert [person.name for person in look(world).people] == ["Ann", "Ed"]
    world.ed.role = Role.VIEWER
    session.commit()
    assert [person.name for person in look(world).people] == ["Ann"]
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert look(world).people == []


def test_a_reason_is_for_those_who_see_every_negotiation_of_the_source(
    world: World, session: Session
) -> None:
    hidden = Negotiation(code="XX", title="Behind doors", visibility=Visibility.RESTRICTED)
    session.add(hidden)
    hidden.recorded_at = hidden.moment
    session.add(Grant(negotiation=hidden, user=world.ann))
    source = make_source(session, world.talks, "Filed under both")
    source.file_under(hidden)
    session.flush()
    source.set_aside("It would give the talks behind doors away.")
    session.commit()
    aside = InboxFilters(states=(InboxState.SET_ASIDE,))
    (ann,), (ed,) = (inbox(session, world.talks, user, aside).rows for user in (world.ann, world.ed))
    assert (ann.reason, ed.reason) == ("It would give the talks behind doors away.", None)

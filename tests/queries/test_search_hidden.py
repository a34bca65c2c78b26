"""What the reader may not see stays inside the index, so that the time of a search does not tell of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session

from tests.queries.searching import find, kept, kinds
from tests.world import DAY, World, make_source
from tracker.models import Cite, Dating, Event, Grant, Issue, Negotiation, Party, Proposal, User
from tracker.models.claim import claim_status
from tracker.models.proposal import Tabled
from tracker.models.search_doc import (
    DOC,
    Kind,
    kind_of,
    matching,
    search_doc,
)
from tracker.models.vocabulary import PartyKind, PartyRole, Stance, Status, Visibility
from tracker.queries.search import SearchSort


def make_talks(world: World, code: str, visibility: Visibility) -> Negotiation:
    """Make talks with something of every kind that tells of herons."""
    session = world.talks.session
    talks = Negotiation(code=code, title=code, visibility=visibility)
    session.add(talks)
    talks.recorded_at = talks.moment
    red = Party(
        negotiation=talks, code="red", name="Red", kind=PartyKind.STATE, role=PartyRole.PARTY, ordering=1
    )
    issue = Issue(negotiation=talks, number=1, title="Heron", topic="Herons")
    session.add(red)
    issue.add(session)
    source = make_source(session, talks, "Heron news", "The heron.\n\nThe heron again.")
    source.is_free_to_show = True
    session.flush()
    more: dict[str, Any] = {"dating": Dating(DAY), "by": world.ed, "citing": [Cite(source)]}
    issue.state_position(red, stance=Stance.SUPPORTS, summary="A heron.", **more)
    issue.change_status(Status.OPEN, reason="A heron.", **more)
    claim_status(talks, red, words="A heron.", share=90, **more)
    issue.note("A heron.", by=world.ed)
    Event(negotiation=talks, title="Heron", starts_on=DAY).add(session, by=world.ed, citing=[Cite(source)])
    proposal = Proposal(negotiation=talks, title="Heron", tabled_by=["red"])
    proposal.add(session, by=world.ed)
    session.flush()
    proposal.add_clauses([Tabled("1", "A heron.")])
    session.flush()
    return talks


def ids(session: Session) -> set[int]:
    return {row.rowid for row in kept(session)}


@pytest.fixture
def matches(session: Session) -> Iterator[set[str]]:
    """Gather what the index is asked for of herons."""
    found: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        values = given.values() if isinstance(given, dict) else given
        if statement.startswith(("SELECT", "WITH")):
            found.update(each for each in values if isinstance(each, str) and "heron" in each)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


def given_by(session: Session, match: str) -> set[int]:
    query = select(DOC.rowid).select_from(search_doc).where(matching(bindparam("match")))
    return {*session.scalars(query, {"match": match})}


LINES = (
    "heron",
    "heron again",
    "her",
    "topic:herons heron",
    "red heron",
    "party:red heron",
    "kind:issue heron",
)


@pytest.mark.parametrize("open_count", [1, 3])
@pytest.mark.parametrize("name", [None, "vera"])
def test_the_index_gives_nothing_that_the_reader_may_not_see(
    world: World, session: Session, matches: set[str], name: str | None, open_count: int
) -> None:
    for number in range(open_count):
        shown = make_talks(world, f"OPEN{number}", Visibility.PUBLIC)
    before = ids(session)
    secret = make_talks(world, "SECRET", Visibility.RESTRICTED)
    make_source(session, secret, "Heron, filed twice").file_under(
        make_talks(world, "OTHER", Visibility.RESTRICTED)
    )
    hidden = ids(session) - before
    assert {kind_of(id_) for id_ in hidden} == {*Kind}
    make_source(session, secret, "Heron of both").file_under(shown)
    session.flush()
    reader: User | None = getattr(world, name) if name else None
    for line in LINES:
        for sort in SearchSort:
            assert not find(session, line, reader, sort=sort).is_empty, line
    assert len(matches) >= 6
    for match in matches:
        assert not given_by(session, match) & hidden, match
    assert kinds(world, "heron both", reader) == ["source"]
    if reader:
        session.add_all(
            Grant(negotiation=talks, user=reader) for talks in session.scalars(select(Negotiation))
        )
        matches.clear()
        find(session, "heron", reader)
        assert {each for match in matches for each in hidden & given_by(session, match)} == hidden

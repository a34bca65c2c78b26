"""In which order search tells what it found, how it is counted, and on which pages."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.models.acts import state
from tests.queries.searching import find, lines, passages
from tests.world import DAY, World, make_source
from tracker.models import Cite, Dating, Event, Proposal
from tracker.models.proposal import Tabled
from tracker.queries.search import LOOKED_AT, PAGE, SHOWN, SearchSort


def test_many_are_counted_so_far_and_listed_page_by_page(world: World) -> None:
    session = world.talks.session
    for number in range(LOOKED_AT + 5):
        day = DAY - timedelta(days=number)
        world.border.state_position(
            world.red,
            dating=Dating(day),
            by=world.ed,
            citing=[Cite(world.report)],
            stance="supports",  # type: ignore[arg-type]
            summary=f"Heron number {number}.",
        )
    session.flush()
    (group,) = find(session, "heron").groups
    assert (group.count, group.more, len(group.lines)) == (LOOKED_AT, True, SHOWN)
    listed = [find(session, "kind:position heron", page=page) for page in (1, 2, 3)]
    assert [len(each.lines) for each in listed] == [PAGE, LOOKED_AT + 5 - PAGE, 0]
    assert [each.is_last for each in listed[:2]] == [False, True]
    newest = [find(session, "heron", sort=SearchSort.NEWEST, page=page).lines for page in (1, 2)]
    days: list[date | None] = [line.day for each in newest for line in each]
    assert days == [DAY - timedelta(days=number) for number in range(LOOKED_AT + 5)]


def pages(session: Session, line: str, user: Any) -> list[str]:
    """Give the titles of all that is found, newest first."""
    found = []
    for page in range(1, 10):
        part = find(session, line, user, sort=SearchSort.NEWEST, page=page)
        found += ["".join(piece.words for piece in each.title) for each in part.lines]
        if part.is_last:
            break
    return found


def test_the_newest_stand_on_their_pages_once_whenever_they_were_recorded(world: World) -> None:
    session = world.talks.session
    count = 2 * PAGE + 5
    for number in range(count):  # the newest is recorded first, and every third has no day
        day = DAY - timedelta(days=number)
        source = make_source(session, world.talks, f"Heron {number:02}", "Of herons.")
        source.published_on = day if number % 3 else None
        proposal = Proposal(negotiation=world.talks, title=f"Heron {number:02}", tabled_by=["red"])
        proposal.tabled_on = day if number % 3 else None
        proposal.add(session, by=world.ed)
        session.flush()
        proposal.add_clauses([Tabled(str(number), "Of herons.")])
        event = Event(negotiation=world.talks, title=f"Heron {number:02}", starts_on=day)
        event.add(session, by=world.ed, citing=[world.cite()])
    session.flush()
    every = {f"Heron {number:02}" for number in range(count)}
    for kind in ("source", "proposal", "clause", "event"):
        found = pages(session, f"kind:{kind} heron*", world.ed)
        assert (len(found), {*found}) == (count, every), kind
    assert pages(session, "kind:event heron*", world.ed) == sorted(every)
    dated = sorted(title for title in every if int(title[-2:]) % 3)
    assert pages(session, "kind:source herons", world.ed)[: len(dated)] == dated
    assert pages(session, "kind:source heron", world.ed)[: len(dated)] == dated
    all_ = [
        find(session, "heron*", world.ed, sort=SearchSort.NEWEST, page=page).lines for page in range(1, 10)
    ]
    seen = [(line.kind, line.row) for lines_ in all_ for line in lines_]
    assert len(seen) == len({*seen}) == 4 * count


def test_a_long_source_hides_no_other(world: World) -> None:
    session = world.talks.session
    for number in range(3):
        make_source(session, world.talks, f"Old {number}", "Nothing.\n\nA swan lands.")
    make_source(session, world.talks, "Long", "A swan, again.\n\n" * (LOOKED_AT + 10))
    session.flush()
    (group,) = find(session, "swan", world.ed).groups
    assert (group.count, group.more, len(group.lines)) == (4, False, 4)
    assert {*pages(session, "swan", world.ed)} == {"Old 0", "Old 1", "Old 2", "Long"}
    for number in range(LOOKED_AT):
        make_source(session, world.talks, f"Other {number}", "A swan.")
    session.flush()
    (group,) = find(session, "swan", world.ed).groups
    assert (group.count, group.more) == (LOOKED_AT, True)
    assert len(pages(session, "swan", world.ed)) == LOOKED_AT + 4


def test_a_title_counts_before_a_text_and_words_in_a_row_before_words_apart(world: World) -> None:
    session = world.talks.session
    world.water.edit({"title": "Fish"})
    world.border.edit({"description": "Of fish."})
    state(world, world.red, summary="Fresh fish.")
    state(world, world.red, summary="Fish that is fresh.")
    session.flush()
    assert [line.number for line in lines(find(session, "kind:issue fish"))] == ["1", "2"]
    assert passages(world, "kind:position fresh fish")[0] == "[Fresh] [fish]."

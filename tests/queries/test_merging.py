"""What readers are shown of sources that were merged, and of merges that were undone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.models.acts import change
from tests.queries.merged import cited, kept_elsewhere, merge, table, tabled_places, undo
from tests.world import DAY, QUOTE, TEXT, World, make_source
from tracker.dates import View
from tracker.db import now
from tracker.models import (
    Cite,
    Entry,
    Event,
    Grant,
    Negotiation,
    Source,
    SourceMerge,
    User,
)
from tracker.models.vocabulary import Handling, Status, Visibility
from tracker.queries.merging import merges_of
from tracker.queries.novelties import novelties
from tracker.queries.references import references
from tracker.queries.resting import rests_on
from tracker.queries.sources import SourceFilters, choices, list_sources


@pytest.fixture
def copy(world: World, session: Session) -> Source:
    """A second source with the text of the article, published on its day."""
    made = make_source(session, world.talks, "The agency’s text", TEXT)
    made.publisher, made.published_on = "Agency", DAY
    session.commit()
    return made


@pytest.fixture
def entered(world: World, copy: Source, session: Session) -> Entry:
    """A status that rests on the copy."""
    made = change(world, Status.OPEN, citing=[Cite(copy, quote=QUOTE)])
    session.commit()
    return made


def test_a_reference_shows_what_its_source_was_merged_into(
    world: World, copy: Source, entered: Entry
) -> None:
    before = now()
    assert cited(world, entered) == [("The agency’s text", QUOTE, None)]
    merge(world, copy, world.article)
    assert cited(world, entered) == [("Talks on the lake go on", QUOTE, copy.id)]
    assert cited(world, entered, world.vera, before) == [("The agency’s text", QUOTE, None)]


def test_an_undone_merge_shows_only_as_known_while_it_stood(
    world: World, copy: Source, entered: Entry
) -> None:
    made = merge(world, copy, world.article)
    gone = undo(made, world)
    assert cited(world, entered) == [("The agency’s text", QUOTE, None)]
    assert cited(world, entered, at=made.recorded_at)[0][0] == "Talks on the lake go on"
    assert cited(world, entered, at=gone)[0][0] == "The agency’s text"
    merge(world, copy, world.report)
    assert cited(world, entered)[0][0] == "A report without its text"
    assert cited(world, entered, at=made.recorded_at)[0][0] == "Talks on the lake go on"


def test_what_is_no_longer_filed_there_is_not_shown_as_known_before(
    world: World, copy: Source, entered: Entry, session: Session
) -> None:
    held = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
    held.add(session, by=world.ed, citing=[Cite(copy, quote=QUOTE)])
    table(world, copy)
    kept = kept_elsewhere(world)
    kept.published_on = DAY
    session.commit()
    made = SourceMerge(source=copy, into=kept, reason="The agency’s text.")
    made.add(session, by="import")
    session.commit()
    stood = now()
    undo(made, world)

    def told() -> set[str]:
        found = references(session, [held.id], world.vera, stood, of_events=True)[held.id]
        found += references(session, [entered.id], world.vera, stood)[entered.id]
        places: list[Any] = [*found, *tabled_places(world, View(DAY, stood), world.vera)]
        return {place.source.title for place in places}

    def new() -> set[str]:
        seen = novelties(session, world.talks, DAY - timedelta(1), View(DAY, stood), world.vera)
        return {source.title for source in seen.sources} - {world.article.title}

    assert told() == new() == {"Kept elsewhere"}
    kept.edit({}, withdraw_from=[world.talks])
    session.commit()
    assert told() == new() == {"The agency’s text"}
    assert cited(world, entered, world.vera, stood) == [("The agency’s text", QUOTE, None)]


def test_strangers_find_a_copy_again_when_what_was_kept_is_filed_there_no_more(
    world: World, copy: Source, session: Session
) -> None:
    kept = kept_elsewhere(world)
    session.commit()
    made = SourceMerge(source=copy, into=kept, reason="The agency’s text.")
    made.add(session, by="import")
    session.commit()
    world.talks.published_at = made.recorded_at
    session.commit()
    undo(made, world)
    assert "The agency’s text" not in titles(session, None)
    kept.edit({}, withdraw_from=[world.talks])
    session.commit()
    assert "The agency’s text" in titles(session, None)


@pytest.mark.usefixtures("entered")
def test_nothing_withheld_is_seen_through_what_is_kept(world: World, copy: Source, session: Session) -> None:
    entry = change(world, Status.PARKED, citing=[Cite(copy, quote=QUOTE), Cite(world.report)])
    made = merge(world, copy, world.article)
    undo(made, world)
    world.talks.visibility = Visibility.INTERNAL
    copy.edit({"handling": Handling.AMBER})
    session.commit()
    for moment in (None, made.recorded_at):  # as known when it was merged, too
        assert cited(world, entry, None, moment) == [
            (None, "", None),
            ("A report without its text", "", None),
        ]
    assert cited(world, entry, world.vera, made.recorded_at)[0][0] == "The agency’s text"


def test_a_merge_sleeps_while_the_handlings_differ(
    world: World, copy: Source, entered: Entry, session: Session
) -> None:
    merge(world, copy, world.report)
    world.talks.visibility = Visibility.INTERNAL
    world.report.edit({"handling": Handling.RED})
    session.commit()
    assert cited(world, entered) == [("The agency’s text", QUOTE, None)]  # and is not withheld with it
    assert "The agency’s text" in titles(session, world.vera)
    assert merges_of(session, copy, None).into is None
    [seen] = merges_of(session, world.report, world.vera).copies
    assert not seen.is_same_handling
    assert merges_of(session, world.report, world.vera).shown == []


def titles(session: Session, user: User | None, **asked: Any) -> list[str]:
    return sorted(row.title for row in list_sources(session, user, SourceFilters(**asked), 1).rows)


def test_the_list_leaves_copies_out_and_counts_them(world: World, copy: Source, session: Session) -> None:
    assert list_sources(session, None, SourceFilters(), 1).copies == 0
    made = merge(world, copy, world.article)
    for user in (world.vera, None):
        assert titles(session, user) == ["A report without its text", "Talks on the lake go on"]
        assert list_sources(session, user, SourceFilters(), 1).copies == 1
        assert list_sources(session, user, SourceFilters(q="report"), 1).copies == 0
        assert titles(session, user, copies=True) == ["The agency’s text"]
    found = choices(session, world.ed, SourceFilters(q="agency"))
    assert found == []
    undo(made, world)
    assert len(titles(session, None)) == 3


@pytest.mark.usefixtures("entered")
def test_what_rests_on_a_copy_rests_on_what_is_kept(world: World, copy: Source, session: Session) -> None:
    change(world, Status.PARKED, citing=[Cite(copy, quote=QUOTE), world.cite(QUOTE)])
    session.commit()
    before = rests_on(session, world.article, None, 1)
    merge(world, copy, world.article)
    copies = [each.id for each in merges_of(session, world.article, None).shown]
    rests = rests_on(session, world.article, None, 1, copies=copies)
    assert [row.source_id for row in rests.rows] == [world.article.id] * 3 + [copy.id] * 2
    assert rests.marks == before.marks  # the words of the copy stand in another text
    assert [row.number for row in rests.rows] == [1, 2, 3, 4, 5]
    counts = {row.id: row.entries for row in list_sources(session, None, SourceFilters(), 1).rows}
    assert counts[world.article.id] == 4  # what cites both counts once
    assert [row.entries for row in list_sources(session, None, SourceFilters(copies=True), 1).rows] == [2]


def test_each_source_tells_of_its_merge(world: World, copy: Source, session: Session) -> None:
    made = merge(world, copy, world.article)
    into = merges_of(session, copy, None).into
    assert into is not None
    assert (into.title, into.uid, into.reason) == ("Talks on the lake go on", made.uid, "The agency’s text.")
    [seen] = merges_of(session, world.article, None).copies
    assert (seen.id, seen.publisher, seen.recorded_by) == (copy.id, "Agency", "Ed")
    undo(made, world)
    assert merges_of(session, copy, None).into is None
    assert merges_of(session, world.article, world.vera).copies == []


@pytest.mark.usefixtures("entered")
def test_strangers_know_of_a_merge_once_a_record_with_it_is_published(
    world: World, copy: Source, session: Session
) -> None:
    world.talks.published_at = now()
    session.commit()
    made = merge(world, copy, world.article)
    assert merges_of(session, copy, None).into is None
    assert merges_of(session, copy, world.vera).into is not None
    assert "The agency’s text" in titles(session, None)
    assert "The agency’s text" not in titles(session, world.vera)
    world.talks.published_at = made.recorded_at + timedelta(microseconds=1)
    session.commit()
    assert merges_of(session, copy, None).into is not None
    assert "The agency’s text" not in titles(session, None)
    undo(made, world)  # of which they learn with the next publication
    assert "The agency’s text" not in titles(session, None)
    assert "The agency’s text" in titles(session, world.vera)


def test_a_copy_in_a_negotiation_that_the_reader_does_not_see_is_not_named(
    world: World, session: Session
) -> None:
    closed = Negotiation(code="CL", title="Closed", visibility=Visibility.RESTRICTED)
    session.add(closed)
    closed.recorded_at = closed.moment
    session.add(Grant(negotiation=closed, user=world.ed))
    hidden = make_source(session, closed, "A closed file")
    session.commit()
    merge(world, hidden, world.report)
    assert merges_of(session, world.report, world.vera).copies == []


def test_tabled_texts_name_the_source_that_is_kept(world: World, copy: Source, session: Session) -> None:
    table(world, copy)
    session.commit()
    before, after = View(DAY, now()), View(DAY)
    merge(world, copy, world.article)

    def named(view: View, user: User | None) -> set[Any]:
        return {place.source.title for place in tabled_places(world, view, user)}

    assert named(before, None) == {"The agency’s text"}
    assert named(after, None) == named(after, world.vera) == {"Talks on the lake go on"}


def test_a_copy_is_not_new_beside_what_is_kept(world: World, copy: Source, session: Session) -> None:
    since, before = DAY - timedelta(1), View(DAY, now())
    merge(world, copy, world.article)

    def told(view: View) -> tuple[int, list[str]]:
        found = novelties(session, world.talks, since, view, None)
        return found.source_count, [source.title for source in found.sources]

    assert told(before) == (2, ["The agency’s text", "Talks on the lake go on"])
    assert told(View(DAY)) == (1, ["Talks on the lake go on"])


def test_references_take_one_statement_merged_or_not(
    world: World, copy: Source, entered: Entry, session: Session
) -> None:
    merge(world, copy, world.article)
    vera, ids = world.vera, [entered.id]
    assert vera.name
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    references(session, ids, vera)
    assert len([each for each in statements if each.startswith("SELECT")]) == 1

"""The list of sources, and what rests on one."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.world import DAY, QUOTE, World, make_source
from tracker.models import Cite, Dating, Event, Negotiation, Proposal, Source
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, SourceKind, Status, Visibility
from tracker.queries.resting import rests_on
from tracker.queries.sources import SourceFilters, SourceSort, choices, filings, issues_of, list_sources


def titles(session: Session, user: object, **asked: object) -> list[str]:
    """List the titles that a reader gets."""
    found = list_sources(session, user, SourceFilters(**asked), 1)  # type: ignore[arg-type]
    return [row.title for row in found.rows]


@pytest.mark.parametrize("q", ["TALKS lake", "the lake", "EXAMPLE.org/lake", "go talks"])
def test_each_word_is_looked_for_in_whatever_case(session: Session, world: World, q: str) -> None:
    assert titles(session, world.vera, q=q) == ["Talks on the lake go on"]


@pytest.mark.parametrize("q", ["ЗЕЛЕНСЬКИЙ", "зеленський про", "Ґрунт", "ґ", "коваль", "ІРИНА"])
def test_cyrillic_is_found_in_whatever_case(session: Session, world: World, q: str) -> None:
    source = make_source(session, world.talks, "Зеленський про ґрунт")
    source.authors = ["Ірина Коваль"]
    session.flush()
    assert titles(session, world.vera, q=q) == ["Зеленський про ґрунт"]


@pytest.mark.parametrize("q", ["100%", "_", "lake zebra"])
def test_signs_that_sql_reads_otherwise_are_letters(session: Session, world: World, q: str) -> None:
    assert titles(session, world.vera, q=q) == []


def test_the_newest_stands_first_and_the_undated_last(session: Session, world: World) -> None:
    make_source(session, world.talks, "Older").published_on = DAY - timedelta(1)
    session.flush()
    assert titles(session, world.vera) == ["Talks on the lake go on", "Older", "A report without its text"]
    assert titles(session, world.vera, sort=SourceSort.TITLE)[0] == "A report without its text"
    assert titles(session, world.vera, sort=SourceSort.RECORDED)[0] == "Older"


def test_filters_narrow_by_negotiation_and_kind(session: Session, world: World) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    make_source(session, other, "Elsewhere").kind = SourceKind.DATASET
    session.flush()
    assert titles(session, world.vera, negotiation=other) == ["Elsewhere"]
    assert titles(session, world.vera, kind=SourceKind.DATASET) == ["Elsewhere"]
    assert "Elsewhere" not in titles(session, world.vera, negotiation=world.talks)
    assert len(choices(session, world.vera, SourceFilters(negotiation=world.talks))) == 2


def test_sources_of_a_restricted_negotiation_are_for_its_members(session: Session, world: World) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.flush()
    assert titles(session, world.vera) == []
    assert titles(session, None) == []


def test_a_stranger_sees_clear_sources_recorded_before_publication(session: Session, world: World) -> None:
    make_source(session, world.talks, "For the desk alone").handling = Handling.AMBER
    session.flush()
    assert titles(session, None) == ["Talks on the lake go on", "A report without its text"]
    world.talks.published_at = world.article.recorded_at - timedelta(hours=1)
    session.flush()
    assert titles(session, None) == []
    assert filings(session, [world.article.id], None)[world.article.id] == []


def test_standing_entries_are_counted_as_far_as_the_reader_may_know(session: Session, world: World) -> None:
    def counted(user: object) -> int:
        found = list_sources(session, user, SourceFilters(q="lake"), 1)  # type: ignore[arg-type]
        return found.rows[0].entries

    assert counted(world.vera) == 2
    world.talks.publish()
    world.border.change_status(
        Status.OPEN, dating=Dating(DAY), by=world.ed, citing=[world.cite()], reason="First talks"
    )
    session.flush()
    late = world.border.status_on()
    assert late is not None
    assert counted(world.vera) == 3
    world.talks.published_at = late.recorded_at - timedelta(microseconds=1)
    session.flush()
    assert counted(None) == 2
    assert not retract(late, reason="Wrong talks", by=world.ed)
    assert counted(world.vera) == 2


def test_what_rests_stands_in_the_order_of_the_text(session: Session, world: World) -> None:
    world.border.change_status(
        Status.OPEN,
        dating=Dating(DAY),
        by=world.ed,
        citing=[world.cite("The delegations of Red and Blue met"), Cite(world.article)],
    )
    visit = Event(negotiation=world.talks, title="Third round", starts_on=DAY)
    visit.add(session, by=world.ed, citing=[world.cite("The prisoners of last winter")])
    Proposal(negotiation=world.talks, title="Paper", source=world.article).add(session, by=world.ed)
    session.flush()
    rests = rests_on(session, world.article, world.vera, 1)
    assert [(row.kind, row.issue) for row in rests.rows] == [
        ("status_change", 2),
        ("status_change", 1),
        ("position", 1),
        ("event", None),
        ("status_change", 2),
    ]
    assert [row.number for row in rests.rows] == [1, 2, 3, 4, 5]
    assert [mark.number for mark in rests.marks] == [1, 2, 3, 4]
    assert rests.rows[2].party == "Red"
    assert rests.rows[2].quote == QUOTE
    assert [each.title for each in rests.proposals] == ["Paper"]
    second = rests_on(session, world.article, world.vera, 2, size=3)
    assert [row.number for row in second.rows] == [4, 5]
    assert len(second.marks) == 4


def test_the_retracted_stays_with_its_reason_but_is_not_marked(session: Session, world: World) -> None:
    line = world.water.position_of(world.red)
    assert line is not None
    assert not retract(line, reason="Misread", by=world.ed)
    rests = rests_on(session, world.article, world.vera, 1)
    assert [(row.kind, row.gone_reason) for row in rests.rows] == [
        ("status_change", None),
        ("position", "Misread"),
    ]
    assert [mark.kind for mark in rests.marks] == ["status_change"]
    world.talks.published_at = line.recorded_at
    session.flush()
    assert [row.gone_reason for row in rests_on(session, world.article, None, 1).rows] == [None, None]


def test_what_rests_in_a_negotiation_that_one_may_not_see_is_not_listed(
    session: Session, world: World
) -> None:
    secret = Negotiation(code="SE", title="Secret", visibility=Visibility.RESTRICTED)
    session.add(secret)
    secret.recorded_at = secret.moment
    world.article.file_under(secret)
    session.flush()
    event = Event(negotiation=secret, title="Hidden visit", starts_on=DAY)
    event.add(session, by=world.ed, citing=[world.cite()])
    Proposal(negotiation=secret, title="Hidden paper", source=world.article).add(session, by=world.ed)
    session.flush()
    rests = rests_on(session, world.article, world.vera, 1)
    assert len(rests.rows) == 2
    assert rests.proposals == []
    assert [n.code for n in filings(session, [world.article.id], world.vera)[world.article.id]] == ["TK"]


def test_issues_are_those_of_the_negotiations_it_is_filed_under(session: Session, world: World) -> None:
    assert issues_of(session, [world.talks], 1) == [("TK", 1, "Water"), ("TK", 2, "Border")]
    assert issues_of(session, [], 10) == []


def test_a_source_is_edited_at_its_version(session: Session, world: World) -> None:
    source: Source = world.article
    source.edit({"title": "Another", "published_on": date(2025, 12, 3)}, base_version=1)
    session.flush()
    assert (source.title, source.version) == ("Another", 2)
    source.edit({"title": "Another"}, base_version=2)
    assert source.version == 2

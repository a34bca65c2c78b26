"""What search looks through is kept with every write, and is what a rebuild would make of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state, withdraw
from tests.queries.searching import hold_as_rebuilt, kept
from tests.world import DAY, World, make_source
from tracker.models import Event, Negotiation, Proposal
from tracker.models.editable import edit
from tracker.models.proposal import Tabled
from tracker.models.search import PIECE, lags, pieces, rebuild
from tracker.models.search_doc import ROW, Doc, Kind, add, day_of, id_of, kind_of, remove, row_of
from tracker.models.vocabulary import Handling, Status


def add_texts(world: World) -> None:
    session = world.talks.session
    proposal = Proposal(negotiation=world.talks, title="A draft", tabled_by=["red"])
    proposal.add(session, by=world.ed)
    session.flush()
    proposal.add_clauses(
        [Tabled("1", "The dam is shared."), Tabled("2", "Costs are split.", issues=[world.water])]
    )


def last(world: World, table: Any) -> Any:
    return world.talks.session.scalars(select(table).order_by(table.id.desc())).first()


def edit_texts(world: World) -> None:
    if proposal := last(world, Proposal):
        edit(proposal, {"tabled_by": ["blue", "union"], "title": "Another draft", "tabled_on": DAY})
        proposal.clauses[0].edit({"text": "The dam is not shared."}, [world.border])


def drop_clause(world: World) -> None:
    if (proposal := last(world, Proposal)) and len(proposal.clauses) > 1:
        proposal.clauses[-1].remove()
        world.talks.session.flush()
        world.talks.session.expire(proposal)


def add_event(world: World) -> None:
    event = Event(negotiation=world.talks, title="Round", place="Port", starts_on=DAY, participants=["red"])
    event.add(world.talks.session, by=world.ed, citing=[world.cite()])


def edit_event(world: World) -> None:
    if event := last(world, Event):
        edit(event, {"starts_on": event.starts_on - timedelta(days=2), "participants": ["blue", "med"]})


def add_source(world: World) -> None:
    make_source(
        world.talks.session, world.talks, "Another article", "One paragraph.\n\nAnother one, on dams."
    )


def close_source(world: World) -> None:
    source = make_source(world.talks.session, world.talks, "A third article", "Of the dam.")
    source.is_free_to_show = True
    world.talks.session.flush()
    source.edit({"handling": Handling.GREEN})


def edit_source(world: World) -> None:
    world.report.edit(
        {"title": "The report", "authors": ["A. Reed"], "text": "New.\n\nText.", "is_free_to_show": True}
    )


def file_elsewhere(world: World) -> None:
    """File a source under other talks too, and take it back when this is done again."""
    session = world.talks.session
    other = session.scalars(select(Negotiation).where(Negotiation.code == "ELSE")).first()
    if other is None:
        other = Negotiation(code="ELSE", title="Other talks", recorded_at=world.talks.recorded_at)
        session.add(other)
    if any(filing.negotiation is other for filing in world.article.filings):
        world.article.edit({}, withdraw_from=[other])
    else:
        world.article.edit({}, file_under=[other])


def date_all(world: World) -> None:
    """Give another day to what has one."""
    day = DAY if world.report.published_on is None else None
    world.talks.session.expire_all()
    world.report.published_on = day
    for proposal in world.talks.session.scalars(select(Proposal)):
        proposal.tabled_on = day
    for event in world.talks.session.scalars(select(Event)):
        event.starts_on += timedelta(days=1)


def fall_back(world: World) -> None:
    session = world.talks.session
    with session.begin_nested() as savepoint:
        world.border.note("Never to be found.", by=world.ed)
        session.flush()
        savepoint.rollback()


ACTS: list[Callable[[World], Any]] = [
    lambda world: (
        change(world, Status.OPEN, reason="So it was said, again.") if not world.border.status_on() else None
    ),
    lambda world: state(world, world.red, summary="Red wants the border shut.", stated_by="Rosa Reed"),
    lambda world: claim(world, world.blue, words="Nine tenths are settled."),
    lambda world: withdraw(world, state(world, world.blue)),
    lambda world: world.border.note("Ask about the dam.", by=world.ed),
    lambda world: world.water.edit({"title": "Waters", "topic": "Lakes"}),
    lambda world: world.water.edit({"description": "Of the dam.", "ordering": 4}),
    add_texts,
    edit_texts,
    drop_clause,
    add_event,
    edit_event,
    add_source,
    close_source,
    edit_source,
    file_elsewhere,
    date_all,
    fall_back,
]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, len(ACTS) - 1), min_size=3, max_size=10))
def test_after_any_acts_the_table_is_what_a_rebuild_makes(
    world: World, session: Session, chosen: list[int]
) -> None:
    with session.begin_nested() as savepoint:
        for number in chosen:
            ACTS[number](world)
            session.flush()
        hold_as_rebuilt(session)
        savepoint.rollback()
    session.expire_all()


def test_after_all_acts_the_table_is_what_a_rebuild_makes(world: World, session: Session) -> None:
    for act in [*ACTS, file_elsewhere, file_elsewhere]:
        act(world)
        session.flush()
        session.expire(world.article)
        hold_as_rebuilt(session)
    assert {kind_of(row.rowid) for row in kept(session)} == {*Kind}


def test_a_table_that_holds_too_little_or_too_much_of_any_kind_is_noticed(
    world: World, session: Session
) -> None:
    for act in ACTS:
        act(world)
        session.flush()
    assert not lags(session)
    for kind in {*Kind} - {Kind.TEXT}:
        one = next(row.rowid for row in kept(session) if kind_of(row.rowid) is kind)
        remove(session, [(one, one)])
        assert lags(session)
        rebuild(session)
        assert not lags(session)
        add(session, [Doc(kind.ids[1], "Nobody's", "words")])
        assert lags(session)
        rebuild(session)
    remove(session, [(0, Kind.TEXT.ids[1])])
    world.border.note("One save after all was lost.", by=world.ed)
    session.flush()
    assert lags(session)


def test_an_id_tells_kind_row_and_day(world: World, session: Session) -> None:
    position = state(world, world.red)
    session.flush()
    ids = [row.rowid for row in kept(session) if kind_of(row.rowid) is Kind.POSITION]
    assert {row_of(id_) for id_ in ids} >= {position.id}
    assert {day_of(id_) for id_ in ids} == {DAY.toordinal()}


def test_what_is_written_in_vain_is_not_kept(world: World, session: Session) -> None:
    before = kept(session)
    fall_back(world)
    assert kept(session) == before


def test_a_paragraph_without_end_is_taken_in_pieces() -> None:
    written = "First.\n\n" + "dam " * 4000 + "\n\n" + "я" * (2 * PIECE + 1)
    found = [*pieces(written)]
    assert all(written[offset : offset + len(words)] == words for _, offset, words in found)
    assert all(len(words) <= PIECE for *_, words in found)
    assert found[0] == (1, 0, "First.")
    assert {number for number, *_ in found} == {1, 2, 3}
    assert "".join(words for *_, words in found).count("dam") == 4000
    assert [*pieces("")] == []


def test_no_id_is_as_large_as_those_that_fts5_passes_over() -> None:
    assert max(kind.ids[1] for kind in Kind) < 2**56
    assert id_of(Kind.NOTE, date.max, ROW) <= Kind.NOTE.ids[1]
    assert id_of(Kind.NOTE, date.min) == Kind.NOTE.ids[0]

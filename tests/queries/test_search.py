"""What search finds, for whom, and in which order, on either database."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state, withdraw
from tests.queries.searching import find, kinds, lines, passages, told
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.db import now
from tracker.models import Event, Grant, Person, Proposal, Source, StatusChange
from tracker.models.proposal import Tabled
from tracker.models.search_doc import SOURCE_BIT, Doc, Kind, add, id_of
from tracker.models.vocabulary import Handling, Status, Visibility
from tracker.queries.search import SearchSort


@pytest.fixture
def full(world: World) -> World:
    """The world, with something of every kind that tells of herons."""
    session = world.talks.session
    state(world, world.red, summary="Red counts the herons.", stated_by="R. Reed")
    change(world, Status.OPEN, reason="The herons are back.", subject_to="the heron annex")
    claim(world, world.blue, words="The heron question is settled.", stated_by="Bo")
    world.water.edit({"description": "It matters to the herons."})
    world.border.note("Ask who counted the herons.", by=world.ed)
    event = Event(negotiation=world.talks, title="Heron round", starts_on=DAY, participants=["red"])
    event.add(session, by=world.ed, citing=[world.cite()])
    proposal = Proposal(negotiation=world.talks, title="Heron draft", tabled_by=["blue"], tabled_on=DAY)
    proposal.add(session, by=world.ed)
    session.flush()
    proposal.add_clauses([Tabled("1", "Herons may nest.", issues=[world.border])])
    source = make_source(session, world.talks, "Heron news", "First.\n\nThe herons of the lake.")
    source.published_on = DAY
    session.flush()
    return world


def test_each_kind_is_found_with_its_words_marked(full: World) -> None:
    found = find(full.talks.session, "heron*", full.ed)
    assert [group.kind.value for group in found.groups] == [
        *("issue", "position", "status", "claim", "proposal", "clause", "event", "note", "source")
    ]
    assert all(group.count == 1 and not group.more for group in found.groups)
    assert all(told(line)[6] for line in lines(found))
    assert "Red counts the [herons]." in passages(full, "herons", full.ed)


def test_all_words_must_occur_and_phrases_in_a_row(full: World) -> None:
    assert passages(full, "counts herons") == ["Red counts the [herons].".replace("counts", "[counts]")]
    assert kinds(full, '"the herons" lake', full.ed) == ["source"]
    assert kinds(full, '"lake herons"', full.ed) == []
    assert kinds(full, "herons unicorn", full.ed) == []


def test_a_last_word_may_be_only_begun_and_whole_words_come_first(full: World) -> None:
    assert kinds(full, "kind:position her") == ["position"]
    assert kinds(full, "kind:position her herons ") == []
    assert kinds(full, 'kind:position "her"') == []
    state(full, full.blue, summary="A heron, says Blue.")
    state(full, full.coast, summary="Heronry is what Coast wants.")
    found = passages(full, "kind:position heron")
    assert found[0] == "A [heron], says Blue."
    assert len(found) == 3


def test_strangers_find_no_note_no_text_and_nothing_above_clear(full: World) -> None:
    session = full.talks.session
    secret = make_source(session, full.talks, "Secret herons", "Of herons.")
    secret.handling = Handling.AMBER
    secret.is_free_to_show = True
    session.flush()
    strangers, eds = kinds(full, "herons"), kinds(full, "herons", full.ed)
    assert strangers == ["issue", "position", "status", "clause"]
    assert sorted([*strangers, "note", "source", "source"]) == sorted(eds)
    assert kinds(full, "kind:source heron") == ["source"]
    open_ = make_source(session, full.talks, "Open", "Of herons, too.")
    session.flush()
    open_.edit({"is_free_to_show": True})
    session.flush()
    assert kinds(full, "kind:source herons") == ["source"]
    open_.edit({"is_free_to_show": False})
    session.flush()
    assert kinds(full, "kind:source herons") == []


def test_nobody_finds_what_is_of_talks_that_they_do_not_see(full: World) -> None:
    full.talks.visibility = Visibility.INTERNAL
    full.talks.session.flush()
    assert kinds(full, "heron*") == []
    assert kinds(full, "heron*", full.vera)
    full.talks.visibility = Visibility.RESTRICTED
    full.talks.session.flush()
    assert kinds(full, "heron*", full.vera) == []
    assert kinds(full, "party:red", full.vera) == []
    full.talks.session.add(Grant(negotiation=full.talks, user=full.vera))
    full.talks.session.flush()
    assert kinds(full, "heron*", full.vera)


def test_strangers_find_nothing_that_was_recorded_after_the_record_was_published(world: World) -> None:
    session = world.talks.session
    old = state(world, world.red, summary="Red counts the herons.")
    session.flush()
    world.talks.published_at = now()
    session.commit()
    withdraw(world, old)
    state(world, world.red, summary="Red lost the herons.")
    change(world, Status.BLOCKED, reason="Herons.")
    make_source(session, world.talks, "Herons, later")
    proposal = Proposal(negotiation=world.talks, title="Herons", tabled_by=["red"])
    proposal.add(session, by=world.ed)
    session.flush()
    (line,) = lines(find(session, "herons"))
    assert not line.is_withdrawn
    assert len(lines(find(session, "herons", world.ed))) == 5
    assert kinds(world, "herons status:blocked") == []
    assert kinds(world, "herons status:blocked", world.ed) == ["position", "position", "status"]
    assert kinds(world, "herons", negotiation=world.talks) == ["position"]


def test_what_was_withdrawn_is_last_and_says_so(full: World) -> None:
    session = full.talks.session
    old = state(full, full.blue, summary="Herons and herons, herons.")
    session.commit()
    withdraw(full, old)
    found = lines(find(session, "kind:position herons"))
    assert [line.is_withdrawn for line in found] == [False, True]
    before = View(known_at=old.recorded_at)
    assert not any(
        line.is_withdrawn for line in lines(find(session, "kind:position herons", full.ed, before))
    )


def test_the_past_is_searched_as_it_was(full: World) -> None:
    session = full.talks.session
    day_before = View(as_of=DAY - timedelta(days=1))
    assert kinds(full, "heron*", full.ed, view=day_before) == ["issue", "event", "note", "source"]
    not_yet = View(known_at=full.talks.recorded_at)
    assert kinds(full, "heron*", full.ed, view=not_yet) == ["issue"]
    assert session.get(Person, 1)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("party:red heron*", {"position", "event"}),
        ("party:BLUE heron*", {"claim", "proposal", "clause"}),
        ("kind:clause kind:event heron*", {"clause", "event"}),
        ("status:open heron*", {"position", "status", "clause", "note", "issue"}),
        ("status:agreed heron*", set()),
        ("issue:tk-2 heron*", {"position", "status", "clause", "note"}),
        ("topic:terr heron*", {"position", "status", "clause", "note"}),
        ("topic:econ heron*", {"issue"}),
        ("after:2025-12-01 before:2025-12-03 kind:position heron*", {"position"}),
        ("after:2025-12-02 kind:position kind:source heron*", set()),
        ("before:2025-12-02 kind:event heron*", set()),
        ("party:red", {"position", "event"}),
        ("kind:note", {"note"}),
    ],
)
def test_filters_narrow(full: World, line: str, found: set[str]) -> None:
    assert {*kinds(full, line, full.ed)} == found


@pytest.mark.parametrize("line", ["party:nobody heron*", "topic:zzz heron*", "issue:TK-77 heron*"])
def test_a_filter_that_names_nothing_is_told(full: World, line: str) -> None:
    found = find(full.talks.session, line, full.ed)
    assert found.is_empty
    assert len(found.faults) == 1
    assert str(found.faults[0])


@pytest.mark.parametrize(
    "line",
    [
        "topic:terr " * 45 + "topic:econ",
        "issue:TK-2 " * 40 + "issue:TK-1",
        "topic:terr topic:econ issue:TK-1 issue:tk-2 status:open party:red heron* her",
    ],
)
def test_six_statements_answer_whatever_is_asked(full: World, line: str) -> None:
    connection = full.talks.session.connection()
    for sort in SearchSort:
        seen: list[str] = []

        def note(*given: Any, seen: list[str] = seen) -> None:
            seen.append(given[2])

        event.listen(connection, "before_cursor_execute", note)
        find(full.talks.session, line, sort=sort)
        event.remove(connection, "before_cursor_execute", note)
        assert 1 <= len(seen) <= 6


def test_of_several_topics_and_issues_any_is_enough(full: World) -> None:
    assert {*kinds(full, "kind:issue topic:terr topic:econ")} == {"issue"}
    assert len(kinds(full, "kind:issue topic:terr topic:econ topic:zzz")) == 2
    assert len(kinds(full, "kind:issue topic:terr")) == len(kinds(full, "kind:issue topic:econ")) == 1
    assert len(kinds(full, "kind:issue issue:TK-1 issue:tk-2 issue:TK-77 issue:ZZ-1")) == 2
    full.water.edit({"topic": "Lake waters"})
    full.border.edit({"topic": "Lake border"})
    full.talks.session.flush()
    assert len(kinds(full, 'kind:issue topic:"wat lake"')) == 1
    assert len(kinds(full, 'kind:issue topic:"wat lake" topic:bor')) == 2


def test_parties_and_people_are_found_under_all_their_names(full: World) -> None:
    session = full.talks.session
    full.red.aliases = ["Red Federation", "Червоні"]
    session.flush()
    state(full, full.blue, summary="Blue blames the Red Federation.")
    for name in ("Red", "червони", "red federation", '"Red Federation"'):
        found = passages(full, f"kind:position {name}", full.ed)
        assert "Red counts the herons." in [each.replace("[", "").replace("]", "") for each in found]
        assert "Blue blames the [Red Federation]." in found or "Blue blames the [Red] Federation." in found
    session.add(Person(name="Boris Berg", aliases=["Bergh"], party=full.blue))
    state(full, full.blue, summary="It is late.", stated_by="Boris Berg")
    claim(full, full.blue, words="Says Berg.")
    session.flush()
    assert {*kinds(full, "Bergh", full.ed)} == {"position", "claim"}
    assert {*kinds(full, "Berg", full.ed)} == {"position", "claim"}


def test_what_the_index_holds_of_rows_that_are_not_there_is_passed_over(full: World) -> None:
    session = full.talks.session
    change = session.scalars(select(StatusChange)).first()
    source = session.scalars(select(Source).where(Source.text.is_not(None))).first()
    assert change is not None
    assert source is not None
    stale = [id_of(Kind.POSITION, DAY, change.id), (source.id << SOURCE_BIT) + Kind.TEXT.ids[0] + 3]
    add(session, [Doc(id_, "heron heron", "the heron") for id_ in stale])
    session.flush()
    for sort in SearchSort:
        found = lines(find(session, "heron*", full.ed, sort=sort))
        assert "position" in {each.kind.value for each in found}
        assert all(each.uid != change.uid for each in found if each.kind is Kind.POSITION)


def test_one_negotiation_can_be_searched_alone(full: World) -> None:
    alone = kinds(full, "heron*", full.ed, negotiation=full.talks)
    assert alone == kinds(full, "heron*", full.ed)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(["", 'party:"', "heron ", "kind:position ", "before:"]))
def test_any_text_at_all_gives_results_or_a_word(
    world: World, session: Session, line: str, before: str
) -> None:
    for user in (None, world.ed):
        for sort in SearchSort:
            found = find(session, before + line, user, sort=sort)
            assert all(str(fault) for fault in found.faults)


def test_the_passage_is_cut_around_the_words(world: World) -> None:
    long: Any = "Nothing here. " * 60
    state(world, world.red, summary=f"{long}The heron stands. {long}")
    (passage,) = passages(world, "heron")
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert "The [heron] stands." in passage
    assert len(passage) < 350

"""The columns of the comparison: tabled texts beside parties, and blocs with their members folded in."""

from dataclasses import asdict, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from tests.queries.comparing import LATER, NOW, cell, propose, state, table, texts
from tests.queries.test_comparison import counting
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Membership, Party
from tracker.models.vocabulary import Handling, PartyKind, Stance
from tracker.queries.clauses import ClauseCell
from tracker.queries.comparison import Comparison
from tracker.queries.folding import Folded


def codes(found: Comparison) -> list[str]:
    return [column.code for column in found.columns]


def test_a_tabled_text_stands_where_it_was_asked_for(world: World) -> None:
    plan = propose(world)
    [line] = texts(world)
    found = table(world, columns=[world.red, line, world.blue])
    assert [(each.kind, each.code, each.name) for each in found.columns] == [
        ("party", "red", "Red"),
        ("proposal", str(plan.id), "Plan"),
        ("party", "blue", "Blue"),
    ]
    said = found.rows[0].cells[1]
    assert isinstance(said, ClauseCell)
    assert [(each.number, each.text, each.locator) for each in said.clauses] == [
        ("1", "Red pays.", "point 1"),
        ("2", "In gold.", "point 2"),
    ]
    assert [row.cells[1] for row in found.rows[1:]] == [None, None]
    assert (found.stated, found.total) == (2, 6)  # of the parties alone


def test_a_text_is_there_from_its_day_and_once_it_is_known(world: World) -> None:
    session = world.talks.session
    session.commit()
    propose(world, "Early", DAY)
    propose(world, "Late", LATER)
    propose(world, "Undated", None)
    session.commit()
    assert [line.title for line in texts(world)] == ["Early", "Late", "Undated"]
    assert [line.title for line in texts(world, View(DAY))] == ["Early", "Undated"]
    long_ago = world.water.recorded_at
    assert texts(world, View(known_at=long_ago)) == []


def test_strangers_do_not_see_a_text_s_withheld_source(world: World) -> None:
    memo = make_source(world.talks.session, world.talks, "A memo")
    propose(world, "Open", source=world.article)
    propose(world, "Kept", source=memo)
    propose(world, "Bare")
    memo.handling = Handling.AMBER
    world.talks.session.flush()
    titles = [(each.source and each.source.title, each.is_withheld) for each in texts(world, NOW, None)]
    assert titles == [(world.article.title, False), (None, True), (None, False)]
    assert [each.is_withheld for each in texts(world, NOW, world.vera)] == [False] * 3


def members(found: Comparison, row: int = 0) -> Folded:
    beside = next(each for each in found.rows[row].beside if each and each.folded)
    assert beside.folded is not None
    return beside.folded


def join(world: World, *names: str) -> list[Party]:
    """Let more parties into the Union."""
    session = world.talks.session
    found = [Party(negotiation=world.talks, code=name.lower(), name=name, ordering=9) for name in names]
    session.add_all(found)
    session.add_all(Membership(member=party, bloc=world.union) for party in found)
    session.flush()
    session.refresh(world.talks)
    return found


def test_members_stand_in_their_bloc_s_column(world: World) -> None:
    assert table(world).blocs == ["union"]
    found = table(world, folds=("union",))
    assert codes(found) == ["red", "blue", "med", "union"]
    [union] = [column for column in found.columns if column.is_folded]
    assert (union.code, union.members) == ("union", ["coast"])
    folded = members(found)
    assert [(each.code, each.cell, each.differs) for each in folded.members] == [("coast", None, False)]
    assert (folded.own, folded.differing, folded.is_split) == (0, 0, False)


def test_members_that_differ_are_counted(world: World) -> None:
    shore, hill = join(world, "Shore", "Hill")
    state(world, world.coast, "The Coast pays nothing.", stance=Stance.OPPOSES)
    state(world, shore, "The Shore wants it too.", stance=Stance.SUPPORTS)
    folded = members(table(world, world.union, folds=("union",)))
    assert [(each.code, each.differs) for each in folded.members] == [
        ("coast", True),
        ("shore", False),
        ("hill", False),
    ]
    assert (len(folded.members), folded.own, folded.differing) == (3, 2, 1)
    state(world, world.coast, "Free them.", stance=Stance.OPPOSES, issue=world.prisoners)
    state(world, hill, "Keep them.", stance=Stance.SUPPORTS, issue=world.prisoners)
    folded = members(table(world, world.union, folds=("union",)), row=2)
    assert (folded.own, folded.differing, folded.is_split) == (2, 0, True)  # the bloc states nothing


def test_members_folded_in_are_marked_against_the_baseline(world: World) -> None:
    state(world, world.coast, "The Coast pays nothing.", stance=Stance.OPPOSES)
    [coast] = members(table(world, world.union, folds=("union",), baseline=DAY)).members
    assert coast.cell is not None
    assert coast.cell.changed


def test_a_bloc_takes_the_place_of_its_first_member(world: World) -> None:
    fold: dict[str, Any] = {"folds": ("union",)}
    assert codes(table(world, world.coast, world.red, **fold)) == ["union", "red"]
    assert codes(table(world, world.coast, world.red, world.union, **fold)) == ["red", "union"]
    propose(world)
    [line] = texts(world)
    found = table(world, columns=[line, world.coast, world.red], **fold)
    assert codes(found) == [line.code, "union", "red"]
    assert sorted(codes(table(world, world.red, **fold))) == ["red", "union"]


def test_blocs_inside_one_another_keep_their_columns(world: World) -> None:
    session = world.talks.session
    league = Party(negotiation=world.talks, code="league", name="League", kind=PartyKind.BLOC)
    session.add(league)
    session.add_all(
        [Membership(member=world.union, bloc=league), Membership(member=league, bloc=world.union)]
    )
    session.flush()
    session.refresh(world.talks)
    found = table(world, folds=("union", "league"))
    assert {"union", "league"} <= set(codes(found))
    assert "coast" not in codes(found)


def test_members_of_another_day_are_not_folded(world: World) -> None:
    membership = world.talks.session.query(Membership).one()
    membership.until_on = DAY
    world.talks.session.flush()
    assert table(world, view=View(DAY), folds=("union",)).blocs == ["union"]
    later = table(world, view=View(DAY + timedelta(days=1)), folds=("union",))
    assert later.blocs == []
    assert "coast" in codes(later)


def test_swapped_the_same_cells_stand_across(world: World) -> None:
    found = table(world, is_swapped=True)
    [(topic, band)] = found.bands
    assert topic is None
    assert [line.column and line.column.code for line in band] == codes(found)
    for index, line in enumerate(band):
        for row, (place, column, held, _) in zip(found.rows, line.places, strict=True):
            assert (place, column, held) == (row, found.columns[index], row.cells[index])
    assert found.paging.size == 12


def test_everything_asked_for_takes_as_many_statements_for_few_as_for_many(world: World) -> None:
    session = world.talks.session
    propose(world)
    with counting(session) as few:
        table(world, columns=[world.red, *texts(world)], baseline=DAY, folds=("union",))
    parties = join(world, "Shore", "Hill", "Lake", "Wood")
    for party in parties:
        state(world, party, "Aye.")
    for number in range(8):
        propose(world, f"Plan {number}")
    _ = [party.code for party in world.talks.parties]
    with counting(session) as many:
        table(world, columns=[*parties, *texts(world)], baseline=DAY, folds=("union",))
    assert len(few) == len(many) <= 14


def plain(value: Any) -> bool:
    """Tell whether JSON could hold what a query gave, days and words among it."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and plain(each) for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return all(plain(each) for each in value)
    if isinstance(value, Enum):
        return isinstance(value, str)
    return value is None or isinstance(value, (str, int, float, bool, date, datetime))


def test_the_answer_is_ready_for_json(world: World) -> None:
    propose(world, source=world.article)
    state(world, world.red, "Red pays a third.")
    found = table(world, columns=[world.red, world.union, *texts(world)], baseline=DAY, folds=("union",))
    assert is_dataclass(found)
    assert plain(asdict(found))
    assert cell(world, world.red, baseline=DAY) == found.rows[0].cells[0]

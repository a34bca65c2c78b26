"""Two tabled texts side by side: which clauses are paired, and which words are marked."""

from collections.abc import Sequence
from dataclasses import asdict

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import at, state
from tests.models.test_event import table
from tests.queries.test_comparison import counting
from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Proposal
from tracker.models.proposal import Tabled
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling
from tracker.queries.clauses import proposals_on
from tracker.queries.concordance import COMPARED, EFFORT, ClauseLine, Pair, clauses_of, compared, concord
from tracker.queries.ladder import IssueName
from tracker.text import Change

NOW = View()


def clause(number: str, text: str, *keys: str) -> ClauseLine:
    return ClauseLine(int(number), number, text, "", [IssueName(key, key) for key in keys], [])


def paired(left: list[ClauseLine], right: list[ClauseLine]) -> list[tuple[str | None, str | None]]:
    pairs = concord(left, right)
    return [(one.left.number if one.left else None, one.right.number if one.right else None) for one in pairs]


ARMY = clause("6", "The army is limited to 600,000 men.", "TK-1")
ARMY_THEN = clause("3", "The army is limited to 800,000 men in peacetime.", "TK-1")
VOTE = clause("7", "Elections are held in a hundred days.")
VOTE_THEN = clause("1", "Elections are held in a hundred days.")


def test_clauses_are_paired_by_their_words_and_by_the_issues_they_share() -> None:
    money = clause("8", "Frozen assets rebuild the towns.", "TK-2")
    other_money = clause("2", "What was taken is paid back first.", "TK-2")
    assert paired([ARMY, VOTE, money], [VOTE_THEN, other_money, ARMY_THEN]) == [
        ("6", "3"),
        ("7", "1"),
        ("8", "2"),
    ]


def test_what_has_no_counterpart_stands_alone_on_either_side() -> None:
    peace = clause("1", "Nobody invades anybody.")
    pay = clause("2", "The guarantors will pay.", "TK-3")
    assert paired([peace, ARMY], [ARMY_THEN, pay]) == [("1", None), ("6", "3"), (None, "2")]
    assert paired([], [pay]) == [(None, "2")]
    assert paired([pay], []) == [("2", None)]
    assert paired([], []) == []


def test_each_clause_is_paired_once_with_the_nearest() -> None:
    near = clause("1", "The army is limited to 600,000 men.", "TK-1")
    assert paired([near, ARMY_THEN], [ARMY]) == [("1", "6"), ("3", None)]
    twice = [clause("1", "The same."), clause("2", "The same.")]
    assert paired(twice, twice) == [("1", "1"), ("2", "2")]


def printed(changes: Sequence[Change]) -> str:
    return "".join(each.words if each.is_joined else f" {each.words}" for each in changes).strip()


def test_the_words_that_only_one_has_are_marked_in_it() -> None:
    pair = concord([ARMY], [ARMY_THEN])[0]
    assert [(each.kind, each.words) for each in pair.before if each.kind != "same"] == [("del", "600,000")]
    assert [(each.kind, each.words) for each in pair.after if each.kind != "same"] == [
        ("ins", "800,000"),
        ("ins", "in peacetime"),
    ]
    assert printed(pair.before) == ARMY.text
    assert printed(pair.after) == ARMY_THEN.text
    assert (pair.shared, pair.is_same, pair.is_other) == (["TK-1"], False, False)


def test_quotation_marks_of_another_shape_are_the_same_words_and_stay_as_they_are_written() -> None:
    old, new = clause("1", "Red's army - all of it - goes."), clause("1", "Red’s army – all of it – goes.")
    assert concord([old], [new])[0].is_same
    pair = concord([old], [clause("1", "Red’s army – all of it – stays.")])[0]
    assert printed(pair.before) == old.text
    assert printed(pair.after) == "Red’s army – all of it – stays."
    assert [each.words for each in pair.before if each.kind == "del"] == ["goes"]


def test_the_same_words_and_wholly_other_words_have_no_marks() -> None:
    same: Pair = concord([VOTE], [VOTE_THEN])[0]
    assert (same.is_same, same.is_other, same.before, same.likeness) == (True, False, (), 100)
    other = concord([clause("1", "One thing.", "TK-1")], [clause("2", "Quite another matter.", "TK-1")])[0]
    assert (other.is_same, other.is_other, other.after) == (False, True, ())


@pytest.fixture
def plan(world: World, session: Session) -> Proposal:
    plan = table(world, tabled_on=DAY, source=world.article)
    session.flush()
    plan.add_clauses(
        [Tabled("1", "Red pays.", "para 3", [world.water, world.border]), Tabled("2", "So be it.")]
    )
    session.flush()
    return plan


def read(world: World, view: View = NOW, **more: bool) -> list[ClauseLine]:
    session = world.talks.session
    proposal = proposals_on(session, world.talks, view, None)[0]
    return clauses_of(session, world.talks, proposal, view, None, **more)


def test_clauses_tell_their_issues_and_the_positions_that_answer_them(
    world: World, session: Session, plan: Proposal
) -> None:
    state(world, world.red, issue=world.water, clause=plan.clauses[0], summary="Not all of it.")
    gone = state(world, world.blue, issue=world.water, clause=plan.clauses[0])
    state(world, world.blue, issue=world.water)
    session.flush()
    retract(gone, reason="No.", by=world.ed)
    first, second = read(world)
    assert [issue.key for issue in first.issues] == ["TK-1", "TK-2"]
    assert [answer.summary for answer in first.answers] == ["Not all of it."]
    assert (second.issues, second.answers) == ([], [])
    assert read(world, with_answers=False)[0].answers == []
    assert asdict(first)


def test_where_the_source_is_withheld_its_places_are_too(
    world: World, session: Session, plan: Proposal
) -> None:
    assert read(world)[0].locator == "para 3"
    plan.source = make_source(session, world.talks, "Not for all")
    plan.source.handling = Handling.AMBER
    session.flush()
    assert read(world)[0].locator == ""


def test_statements_stay_as_many_for_many_clauses(world: World, session: Session, plan: Proposal) -> None:
    with counting(session) as few:
        read(world)
    plan.add_clauses([Tabled(str(n), f"Point {n}.", issues=[world.water]) for n in range(3, 40)])
    for each in plan.clauses:
        state(world, world.red, issue=world.water, clause=each)
    session.flush()
    with counting(session) as many:
        assert len(read(world)) == 39
    assert len(few) == len(many) - 1  # the references of answers, of which there were none


def test_a_text_that_was_not_tabled_yet_is_not_there(world: World, session: Session) -> None:
    table(world, tabled_on=DAY, recorded=at(0, uid="p"))
    session.flush()
    assert proposals_on(session, world.talks, View(as_of=DAY.replace(day=1)), None) == []


def test_of_long_texts_fewer_words_are_compared() -> None:
    assert compared(28, 20) == compared(1, 0) == COMPARED
    for many in (200, 600):
        assert many * many * compared(many, many) ** 2 <= EFFORT
        assert compared(many, many) > 20

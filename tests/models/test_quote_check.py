"""Quotes that were kept unchecked are looked up as soon as the text is stored."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import change, refuses
from tests.world import QUOTE, World
from tracker.models import AuditEntry, Citation, Cite, QuoteCheck, StatusChange
from tracker.models.quote_check import check, check_unchecked
from tracker.models.vocabulary import Status, Visibility
from tracker.queries.integrity import verify
from tracker.queries.references import references
from tracker.queries.resting import rests_on

WORDS = "“We all agree.”"
STORED = 'Late at night.\n\nThe envoy said: "We  all\nagree."'


@pytest.fixture
def quoted(world: World, session: Session) -> StatusChange:
    """Quote a source without a text twice: words that it has, and words that it has not."""
    citing = [Cite(world.report, quote=WORDS), Cite(world.report, quote="We never met."), Cite(world.report)]
    entered = change(world, Status.OPEN, citing=citing)
    session.commit()
    return entered


def checks(session: Session) -> list[QuoteCheck]:
    return [*session.scalars(select(QuoteCheck).order_by(QuoteCheck.id))]


def test_a_text_stored_later_is_searched_for_what_was_quoted(
    world: World, session: Session, quoted: StatusChange
) -> None:
    world.report.edit({"text": STORED})
    session.commit()
    found, missing = checks(session)
    assert found.citation is quoted.citations[0]
    assert found.offset is not None
    assert found.length is not None
    text = world.report.text or ""
    assert text[found.offset : found.offset + found.length] == '"We  all\nagree."'
    assert (found.prefix, found.suffix) == (text[: found.offset][-32:], "")
    assert (missing.citation, missing.offset, missing.length) == (quoted.citations[1], None, None)
    assert found.recorded_by == "Ed"
    told = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "quote_checks")).all()
    assert [(entry.chain, entry.action) for entry in told] == [("TK", "insert")] * 2
    assert verify(session).faults == []


def test_readers_see_what_was_found_from_then_on(
    world: World, session: Session, quoted: StatusChange
) -> None:
    world.report.edit({"text": STORED})
    session.commit()
    shown = references(session, [quoted.id], world.vera)[quoted.id]
    assert [reference.is_checked for reference in shown] == [True, False, False]
    moment = checks(session)[0].recorded_at - timedelta(microseconds=1)
    before = references(session, [quoted.id], world.vera, moment)[quoted.id]
    assert [reference.is_checked for reference in before] == [False, False, False]
    rests = rests_on(session, world.report, world.vera, 1)
    assert [(mark.number, world.report.text[mark.start : mark.end]) for mark in rests.marks] == [  # type: ignore[index]
        (1, '"We  all\nagree."')
    ]
    assert ([row.quote for row in rests.rows if row.number in rests.missing], rests.unchecked) == (
        ["We never met."],
        0,
    )


@pytest.mark.usefixtures("quoted")
def test_a_text_in_which_a_quote_was_found_stays(world: World, session: Session) -> None:
    world.report.edit({"text": STORED})
    session.commit()
    assert world.report.is_quoted
    with refuses("text"):
        world.report.edit({"text": "Other words."})
    session.rollback()
    with refuses("text"):
        world.report.set_text("Other words.")
        session.commit()


@pytest.mark.usefixtures("quoted")
def test_a_text_in_which_nothing_was_found_may_be_replaced_and_is_searched_anew(
    world: World, session: Session
) -> None:
    world.report.edit({"text": "Nothing of it."})
    session.commit()
    assert not world.report.is_quoted
    world.report.edit({"text": STORED})
    session.commit()
    assert [check.offset is not None for check in checks(session)] == [False, False, True, False]
    assert len(rests_on(session, world.report, world.vera, 1).missing) == 1
    assert verify(session).faults == []


def test_on_demand_only_what_was_never_looked_up_is(world: World, session: Session) -> None:
    cites = [Cite(world.article, quote=words, is_unchecked=True) for words in (QUOTE, "We never met.")]
    change(world, Status.OPEN, citing=cites)
    session.commit()
    done = check_unchecked(world.article, by=world.ann)
    session.commit()
    assert [(check.citation.quote, check.offset is None, check.recorded_by) for check in done] == [
        (QUOTE, False, "Ann"),
        ("We never met.", True, "Ann"),
    ]
    assert {check.recorded_at for check in done} == {done[0].recorded_at}
    assert check_unchecked(world.article, by=world.ann) == []


def test_records_that_one_does_not_see_are_left_alone(world: World, session: Session) -> None:
    change(world, Status.OPEN, citing=[Cite(world.article, quote=QUOTE, is_unchecked=True)])
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert check_unchecked(world.article, by=world.ed) == []
    assert checks(session) == []


def test_a_source_without_a_text_or_quotes_is_not_searched(world: World, session: Session) -> None:
    assert check_unchecked(world.report, by=world.ed) == []
    world.report.edit({"text": STORED})
    session.commit()
    assert checks(session) == []


@pytest.mark.usefixtures("quoted")
def test_verify_finds_a_check_that_lies(world: World, session: Session) -> None:
    cited = session.scalars(select(Citation).where(Citation.quote == "We never met.")).one()
    world.report.edit({"text": STORED})
    session.flush()
    lie = check(cited, STORED, by=world.ed)
    lie.offset, lie.length = 0, 4
    session.add(lie)
    session.commit()
    (fault,) = verify(session).faults
    assert fault.startswith(f"citations {cited.id}: ")

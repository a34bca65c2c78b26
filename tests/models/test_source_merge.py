from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tests.models.acts import at, change, refuses
from tests.models.chains import check_chains
from tests.world import QUOTE, TEXT, World, make_source
from tracker.models import Cite, Filing, Grant, Negotiation, Refused, Source, SourceMerge
from tracker.models.retraction import find_subject, retract
from tracker.models.vocabulary import Handling, Status, Visibility
from tracker.queries.integrity import verify


@pytest.fixture
def copy(world: World, session: Session) -> Source:
    """A second source with the text of the article."""
    made = make_source(session, world.talks, "Talks on the lake go on (agency)", TEXT)
    session.commit()
    return made


@pytest.fixture
def merge(world: World, session: Session) -> Callable[..., SourceMerge]:
    """Merge one source into another and commit."""

    def make(source: Source, into: Source, reason: str = "The agency’s text.", **more: Any) -> SourceMerge:
        made = SourceMerge(source=source, into=into, reason=reason)
        made.add(session, by=world.ed, **more)
        session.commit()
        return made

    return make


def undo(merge: SourceMerge, world: World, reason: str = "They differ after all.") -> None:
    retract(merge, reason=reason, by=world.ed).refuse()
    merge.session.commit()


def other_talks(session: Session) -> Negotiation:
    made = Negotiation(code="BB", title="Other talks")
    session.add(made)
    made.recorded_at = made.moment
    session.commit()
    return made


def filed(source: Source) -> list[str]:
    return sorted(filing.negotiation.code for filing in source.filings)


def test_a_merge_says_who_made_it_and_why_and_is_in_the_log(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    made = merge(copy, world.article, "  The agency’s text.  ")
    assert (made.reason, made.recorded_by, made.audit_chain) == ("The agency’s text.", "Ed", "desk")
    assert made.recorded_at >= max(copy.recorded_at, world.article.recorded_at)
    check_chains(session)
    assert verify(session).faults == []


def test_a_merge_needs_a_reason_and_two_sources(world: World, copy: Source, merge: Any) -> None:
    with refuses("reason"):
        merge(copy, world.article, " ")
    copy.session.rollback()
    with refuses("into"):
        merge(copy, copy)


def test_sources_of_different_handling_are_not_merged(world: World, copy: Source, merge: Any) -> None:
    copy.edit({"handling": Handling.AMBER})
    with refuses("into"):
        merge(copy, world.article)
    copy.session.rollback()
    copy.edit({"handling": Handling.AMBER})
    with refuses("into"):
        merge(world.report, copy)


def test_a_source_is_merged_once_and_in_one_step(world: World, copy: Source, merge: Any) -> None:
    merge(copy, world.article)
    with refuses(""):
        merge(copy, world.report)
    copy.session.rollback()
    with refuses("into"):
        merge(world.report, copy)
    copy.session.rollback()
    with refuses(""):
        merge(world.article, world.report)
    copy.session.rollback()
    with refuses("into"):
        merge(world.article, copy)
    copy.session.rollback()
    merge(world.report, world.article)  # as many copies of one as there are


def test_a_merge_is_undone_with_a_reason_and_may_be_made_again(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    made = merge(copy, world.article)
    assert [find_subject(session, made.uid)] == [made]
    with refuses("retraction_reason"):
        retract(made, reason=" ", by=world.ed).refuse()
    undo(made, world)
    assert made.retraction is not None
    assert made.retraction.subject is made
    assert made.retraction.audit_chain == "desk"
    with refuses("entry"):
        retract(made, reason="Twice.", by=world.ed).refuse()
    merge(world.article, copy)
    check_chains(session)
    assert verify(session).faults == []


def test_what_is_kept_is_filed_wherever_its_copy_is(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    there = other_talks(session)
    copy.edit({}, file_under=[there])
    session.commit()
    merge(copy, world.article)
    assert filed(world.article) == ["BB", "TK"]
    with refuses("negotiations"):
        world.article.edit({}, withdraw_from=[there])
        session.commit()
    session.rollback()
    copy.edit({}, withdraw_from=[there])
    session.commit()
    world.article.edit({}, withdraw_from=[there])
    session.commit()
    copy.edit({}, file_under=[there])  # and so it is when the copy is filed later
    session.commit()
    assert filed(world.article) == ["BB", "TK"]
    assert session.scalar(select(func.count()).where(Filing.source_id == world.article.id)) == 2
    assert verify(session).faults == []


def test_an_undone_merge_files_nothing_more(world: World, copy: Source, merge: Any, session: Session) -> None:
    undo(merge(copy, world.article), world)
    copy.edit({}, file_under=[other_talks(session)])
    session.commit()
    assert filed(world.article) == ["TK"]


def test_an_undone_merge_holds_no_filing(world: World, copy: Source, merge: Any, session: Session) -> None:
    there = other_talks(session)
    copy.edit({}, file_under=[there])
    session.commit()
    undo(merge(copy, world.article), world)
    assert filed(world.article) == ["BB", "TK"]
    world.article.edit({}, withdraw_from=[there])
    session.commit()
    assert (filed(world.article), filed(copy)) == (["TK"], ["BB", "TK"])
    check_chains(session)
    assert verify(session).faults == []


@pytest.mark.parametrize(("hidden", "field"), [("copy", ""), ("kept", "into")])
def test_nobody_merges_what_is_filed_where_they_see_nothing(
    world: World, copy: Source, merge: Any, session: Session, hidden: str, field: str
) -> None:
    there = other_talks(session)
    there.title, there.visibility = "Secret talks", Visibility.RESTRICTED
    source = copy if hidden == "copy" else world.article
    source.edit({}, file_under=[there])
    session.commit()
    with pytest.raises(Refused) as caught:
        merge(copy, world.article)
    session.rollback()
    [fault] = caught.value.faults
    assert fault.field == field
    assert "BB" not in str(fault)
    assert "Secret" not in str(fault)
    assert filed(copy if source is world.article else world.article) == ["TK"]
    session.add(Grant(negotiation=there, user=world.ed))
    session.commit()
    merge(copy, world.article)
    assert filed(world.article) == ["BB", "TK"]


def test_both_filings_are_taken_back_together(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    there = other_talks(session)
    copy.edit({}, file_under=[there])
    session.commit()
    merge(copy, world.article)
    copy.edit({}, withdraw_from=[there])
    world.article.edit({}, withdraw_from=[there])
    session.commit()
    assert filed(copy) == filed(world.article) == ["TK"]


def test_quotes_stay_checked_against_the_text_they_were_taken_from(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    entered = change(world, Status.OPEN, citing=[Cite(copy, quote=QUOTE)])
    session.commit()
    merge(copy, world.report)  # which has no text
    assert entered.citations[0].source is copy
    assert entered.citations[0].is_checked
    with refuses("text"):
        copy.edit({"text": "Something else."})
    session.rollback()
    assert verify(session).faults == []


def test_a_merge_is_not_recorded_before_its_sources_nor_beside_another(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    with refuses("recorded_at"):
        merge(copy, world.article, recorded=at(0))
    session.rollback()
    assert not session.scalar(select(exists().where(SourceMerge.id.is_not(None))))


def test_verify_finds_merges_that_break_a_rule(
    world: World, copy: Source, merge: Any, session: Session
) -> None:
    merge(copy, world.article)
    session.add(
        SourceMerge(
            source=copy,
            into=world.report,
            reason="Past the rules.",
            recorded_at=world.article.recorded_at,
            recorded_by="Ed",
        )
    )
    session.commit()
    [fault] = verify(session).faults
    assert "source_merges" in fault
    assert "one step" in fault

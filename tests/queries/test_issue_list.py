"""The list of issues: what it finds, in which order, as of which day."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.world import DAY, QUOTE, World
from tracker.dates import View
from tracker.models import Dating, Issue
from tracker.models.vocabulary import Status
from tracker.queries.issue_list import Filters, IssueSort, list_issues

NOW = View()


def keys(session: Session, world: World, filters: Filters, view: View = NOW) -> list[str]:
    return [issue.key for issue in list_issues(session, world.talks, view, filters).issues]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["TK-1", "TK-2", "TK-3"]),
        (Filters(statuses=(Status.OPEN,)), ["TK-1"]),
        (Filters(statuses=(None,)), ["TK-2", "TK-3"]),
        (Filters(statuses=(Status.OPEN, None)), ["TK-1", "TK-2", "TK-3"]),
        (Filters(statuses=(Status.AGREED,)), []),
        (Filters(topics=("People", "Territory")), ["TK-2", "TK-3"]),
        (Filters(q="DAM"), ["TK-1"]),
        (Filters(q="tk-2"), ["TK-2"]),
        (Filters(q="3"), ["TK-3"]),
        (Filters(q="100%"), []),
        (Filters(q="_"), []),
    ],
)
def test_filters_find_what_they_name(
    session: Session, world: World, filters: Filters, found: list[str]
) -> None:
    assert keys(session, world, filters) == found


def test_words_in_another_script_are_found_in_either_case(session: Session, world: World) -> None:
    world.border.edit({"title": "Кордон"})
    session.flush()
    assert keys(session, world, Filters(q="кордон")) == ["TK-2"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        (IssueSort.ORDER, ["TK-1", "TK-2", "TK-3"]),
        (IssueSort.TITLE, ["TK-2", "TK-3", "TK-1"]),
        (IssueSort.STATUS, ["TK-1", "TK-2", "TK-3"]),
        (IssueSort.SINCE, ["TK-2", "TK-1", "TK-3"]),
    ],
)
def test_the_order_is_the_one_asked_for(
    session: Session, world: World, sort: IssueSort, found: list[str]
) -> None:
    later = Dating(DAY + timedelta(days=3))
    world.border.change_status(Status.PARKED, dating=later, by=world.ed, citing=[world.cite(QUOTE)])
    session.flush()
    assert [issue.key for issue in list_issues(session, world.talks, NOW, sort=sort).issues] == found


def test_the_status_is_that_of_the_day(session: Session, world: World) -> None:
    later = Dating(DAY + timedelta(days=3), words="early December")
    world.water.change_status(Status.PARKED, dating=later, by=world.ed, citing=[world.cite(QUOTE)])
    session.flush()
    now = list_issues(session, world.talks, NOW).issues[0].status
    then = list_issues(session, world.talks, View(DAY)).issues[0].status
    before = list_issues(session, world.talks, View(date(2025, 12, 1))).issues[0].status
    assert now is not None
    assert then is not None
    assert (now.status, now.since_words) == (Status.PARKED, "early December")
    assert then.status is Status.OPEN
    assert before is None
    assert keys(session, world, Filters(statuses=(Status.PARKED,)), View(DAY)) == []


def test_a_page_has_fifty_issues(session: Session, world: World) -> None:
    for number in range(4, 60):
        Issue(negotiation=world.talks, number=number, title=f"Issue {number}").add(session)
    session.flush()
    second = list_issues(session, world.talks, NOW, page=2)
    assert (second.paging.total, second.paging.count, len(second.issues)) == (59, 2, 9)
    assert second.issues[-1].key == "TK-59"
    assert second.topics == ["Economy", "Territory", "People", ""]

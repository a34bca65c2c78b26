"""The sources that a form offers to choose from, in the order in which they are likely to be wanted."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import Statements
from tests.views.reading import element, words
from tests.world import World, make_source
from tracker.views.choosing import LISTED

FORM = "/issues/TK-1/status-changes/new"


def offered(client: FlaskClient) -> list[str]:
    """Give the titles offered for the source, in order."""
    shown = re.search(r'<select[^>]*name="citations-0-source".*?</select>', client.get(FORM).text, re.S)
    assert shown
    return [words(each).split(",")[0] for each in re.findall(r"<option[^>]*>(.*?)</option>", shown[0], re.S)]


@pytest.fixture
def imported(session: Session, world: World) -> None:
    """A list of reports, filed after all that was cited."""
    for number in range(LISTED + 20):
        make_source(session, world.talks, f"Report {number}")
    session.commit()


@pytest.mark.usefixtures("imported")
def test_sources_that_were_cited_stand_before_those_filed_last(as_ed: FlaskClient, world: World) -> None:
    titles = offered(as_ed)
    assert titles[:3] == ["Choose the source", world.report.title, world.article.title]
    assert titles[3] == f"Report {LISTED + 19}"
    assert len(titles) == len(set(titles)) == LISTED + 1
    assert "Those cited last stand first" in words(element(as_ed.get(FORM).text, "status_form"))


def test_sources_in_work_with_the_one_who_asks_stand_before_those_of_others(
    as_ed: FlaskClient, as_ann: FlaskClient, session: Session, world: World
) -> None:
    mine, hers = (make_source(session, world.talks, title) for title in ("Mine", "Hers"))
    session.flush()
    mine.take_up(by=world.ed)
    hers.take_up(by=world.ann)
    for number in range(3):
        make_source(session, world.talks, f"Report {number}")
    session.commit()
    cited = [world.report.title, world.article.title]
    assert offered(as_ed)[1:5] == [*cited, "Mine", "Report 2"]
    assert offered(as_ann)[1:5] == [*cited, "Hers", "Report 2"]


def test_they_are_asked_for_in_one_statement(
    as_ed: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    as_ed.get(FORM)
    with statements() as few:
        as_ed.get(FORM)
    for number in range(200):
        make_source(session, world.talks, f"Report {number}")
    session.commit()
    with statements() as many:
        as_ed.get(FORM)
    assert len(many) == len(few)

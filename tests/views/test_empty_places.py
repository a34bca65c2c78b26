"""What the pages of a negotiation with nothing on its record say, and where they send an editor."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.views.reading import element
from tests.world import World
from tracker.db import writing
from tracker.models import Issue, Negotiation, Party, editable, publication

PAGES = ["timeline", "distance", "claims", "events", "proposals"]
#: What is added on the page itself.
ADDED = ["events", "proposals"]
Begin = Callable[..., None]


@pytest.fixture
def begin(world: World) -> Begin:
    """Open a record with nothing on it, but for parties and issues if asked."""

    def open_(*, parties: bool = False, issues: bool = False) -> None:
        session = world.talks.session
        with writing():
            new = Negotiation(code="NEW", title="New talks", visibility="public")
            publication.found(session, new, by=world.ed)
            if parties:
                editable.add(session, Party(negotiation=new, code="one", name="One"))
            if issues:
                Issue(negotiation=new, number=1, title="The first").add(session)
            session.commit()

    return open_


def main(client: FlaskClient, page: str) -> str:
    answer = client.get(f"/negotiations/NEW/{page}")
    assert answer.status_code == 200
    return element(answer.text, "main")


@pytest.mark.parametrize("page", PAGES)
def test_an_editor_is_sent_to_what_has_to_be_made_first(as_ed: FlaskClient, begin: Begin, page: str) -> None:
    begin()
    html = main(as_ed, page)
    assert 'href="/negotiations/NEW/parties">Add the parties' in html
    assert "Go to the issues" not in html


@pytest.mark.parametrize("page", PAGES)
def test_with_parties_and_no_issues_the_first_issue_comes_next(
    as_ed: FlaskClient, begin: Begin, page: str
) -> None:
    begin(parties=True)
    html = main(as_ed, page)
    assert 'href="/negotiations/NEW/issues/new">Add the first issue' in html
    assert "Go to the issues" not in html


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ADDED])
def test_with_issues_an_editor_is_sent_to_them(as_ed: FlaskClient, begin: Begin, page: str) -> None:
    begin(parties=True, issues=True)
    assert 'href="/negotiations/NEW/issues">Go to the issues' in main(as_ed, page)


@pytest.mark.parametrize("page", ADDED)
def test_events_and_proposals_are_added_on_their_own_pages(
    as_ed: FlaskClient, begin: Begin, page: str
) -> None:
    begin(parties=True, issues=True)
    assert f'href="/negotiations/NEW/{page}/new">Add the first' in main(as_ed, page)


@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_is_offered_nothing_to_do(as_vera: FlaskClient, begin: Begin, page: str) -> None:
    begin()
    assert "Add the" not in main(as_vera, page)

"""The brief as a Word file: what the page says, for whoever may see the page."""

import re
from io import BytesIO
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.models.acts import change, state
from tests.views.reading import element, words
from tests.views.test_briefs import LATER, PAGE, fill
from tests.world import World, make_source
from tracker.db import now
from tracker.models import Cite
from tracker.models.vocabulary import Handling, Status, Visibility

FILE = PAGE.replace("/brief?", "/brief.docx?")


def read(client: FlaskClient, address: str = FILE) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return docx.Document(BytesIO(answer.data))


def told(file: Any) -> str:
    """Give all that it says: paragraphs, and tables cell by cell."""
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def test_it_says_what_the_page_says(client: FlaskClient, session: Session, world: World) -> None:
    fill(world, session)
    page, file = client.get(PAGE).text, read(client)
    headings = [each.text for each in file.paragraphs if each.style.name == "Heading 1"]
    assert headings == [words(each) for each in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    rows = [" ".join(cell.text for cell in row.cells).split() for table in file.tables for row in table.rows]
    shown = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    assert [" ".join(row) for row in rows] == [words(row) for row in shown]
    assert next(each.text for each in file.paragraphs if each.style.name == "Lead") in words(page)


def test_what_is_cited_is_listed_at_its_end(as_vera: FlaskClient, session: Session, world: World) -> None:
    fill(world, session)
    text = told(read(as_vera))
    cited = {number for found in re.findall(r" \[([\d, ]+)\]", text) for number in found.split(", ")}
    assert cited == {*re.findall(r"^\[(\d+)\]\t", text, re.MULTILINE)} == {"1", "2"}


def test_its_name_tells_day_and_marking_and_nobody_keeps_what_a_user_saw(
    client: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    world.talks.handling = Handling.AMBER
    session.commit()
    answer = as_vera.get(FILE)
    assert answer.headers["Content-Disposition"] == "attachment; filename=TK-brief-2025-12-12-TLP-AMBER.docx"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert read(client).sections[0].header.paragraphs[0].text.endswith("\tTLP:AMBER")


def test_the_address_at_its_foot_is_the_pages_and_frozen(client: FlaskClient) -> None:
    state_ = read(client).sections[0].footer.paragraphs[1].text
    assert state_.startswith("As of 12 Dec 2025, as known on ")
    address = re.search(r"/negotiations/TK/brief\?\S*as_of=2025-12-12&known_at=\S+", state_)
    assert address
    assert client.get(address[0]).status_code == 200


def test_strangers_get_nothing_withheld_or_not_published(
    client: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    secret = make_source(session, world.talks, "A cable")
    secret.handling = Handling.AMBER
    state(world, world.med, LATER, issue=world.water, citing=[world.cite(), Cite(secret)])
    world.talks.published_at = now()
    session.commit()
    change(world, Status.BLOCKED, LATER)
    session.commit()
    kept, open_ = told(read(as_vera)), told(read(client))
    assert "A cable" in kept
    assert "Blocked" in kept
    assert "A cable" not in open_
    assert "Blocked" not in open_
    assert "(source withheld)" in open_
    world.talks.visibility = Visibility.INTERNAL
    session.commit()
    assert client.get(FILE).status_code == 404


@pytest.mark.parametrize("address", ["/negotiations/TK/brief.docx?since=soon", "/negotiations/TK/brief.pdf"])
def test_what_cannot_be_read_or_is_no_form_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == (400 if "soon" in address else 404)


def test_the_page_offers_it_once_in_its_menu(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert page.count("/brief.docx") == element(page, "along").count("/brief.docx?") == 1

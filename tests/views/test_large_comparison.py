"""Comparing a made-up negotiation of 164 issues, 3 parties and 449 positions, page by page."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.views.conftest import Statements
from tests.views.tables import Table, sources
from tests.world import DAY, World
from tracker.db import now, writing
from tracker.models import Cite, Dating, Issue, Source
from tracker.models.vocabulary import Stance

COMPARE = "/negotiations/TK/compare"


@pytest.fixture
def large(world: World) -> World:
    """Add 161 issues to the world's three, and lines of Red, Blue and the Mediator up to 449 in all."""
    with writing():
        session, talks = world.talks.session, world.talks
        files = [Source(title=f"Paper {n}", recorded_at=now(), recorded_by="Ed") for n in range(9)]
        for file in files:
            file.file_under(talks)
        session.add_all(files)
        for number in range(4, 165):
            issue = Issue(negotiation=talks, number=number, title="More", topic=f"Topic {number % 5}")
            issue.add(session)
        session.flush()
        places = [
            (issue, party)
            for issue in session.query(Issue).where(Issue.number > 1).order_by(Issue.number)
            for party in (world.red, world.blue, world.med)
        ]
        for index, (issue, party) in enumerate(places[: 449 - 2]):
            issue.state_position(
                party,
                summary=f"{party.code} on {issue.number}",
                stance=[*Stance][index % 3],
                dating=Dating(DAY),
                by=world.ed,
                citing=[Cite(files[index % 9])],
            )
        session.commit()
    return world


def all_pages(client: FlaskClient) -> Iterator[Table]:
    """Follow the pager from the first page on."""
    address: str | None = f"{COMPARE}?party=red&party=blue&party=med"
    while address:
        html = client.get(address).text
        yield Table(html)
        link = re.search(r'<a href="([^"]*page=\d+)" rel="next">', html)
        address = link[1].replace("&amp;", "&") if link else None


@pytest.mark.usefixtures("large")
def test_a_large_table_is_compared_page_by_page_with_every_cell_and_its_source(client: FlaskClient) -> None:
    pages = [*all_pages(client)]
    assert [len(page.rows) for page in pages] == [50, 50, 50, 14]
    rows = [row for page in pages for row in page.rows]
    assert {row[0].split()[0] for row in rows} == {f"TK-{number}" for number in range(1, 165)}
    cells = [
        (row[0].split()[0], column, text, links)
        for page in pages
        for row, row_links in zip(page.rows, page.links, strict=True)
        for column, text, links in zip(("red", "blue", "med"), row[1:], row_links[1:], strict=True)
    ]
    stated = [cell for cell in cells if not cell[2].startswith("Not stated")]
    assert len(stated) == 449
    assert all(len(sources(links)) == 1 for *_, links in stated)
    for key, code, text, _ in stated:
        number = key.removeprefix("TK-")
        assert number == "1" or f"{code} on {number}" in text


@pytest.mark.usefixtures("large")
def test_statements_do_not_grow_with_rows(client: FlaskClient, statements: Statements) -> None:
    client.get(COMPARE)
    with statements() as few:
        client.get(f"{COMPARE}?party=red&q=water")
    with statements() as many:
        client.get(COMPARE)
    assert len(few) == len(many) <= 14

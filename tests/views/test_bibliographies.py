"""Bibliographies: who gets which, under which type and name, and with which filters."""

import json

import pytest
import rispy
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.world import World, make_source
from tracker.intake.references import read_references
from tracker.models.vocabulary import Handling
from tracker.views.words import today

TALKS = "/negotiations/TK/bibliography"
CSL = "application/vnd.citationstyles.csl+json"


@pytest.mark.parametrize(
    ("address", "media_type", "name", "suffix"),
    [
        (f"{TALKS}.json", CSL, "TK-bibliography", "json"),
        (f"{TALKS}.bib", "application/x-bibtex; charset=utf-8", "TK-bibliography", "bib"),
        (f"{TALKS}.ris", "application/x-research-info-systems; charset=utf-8", "TK-bibliography", "ris"),
        ("/sources.csl", CSL, "sources", "json"),
        ("/sources/1.csl", CSL, "source-1", "json"),
        ("/sources/1.bib", "application/x-bibtex; charset=utf-8", "source-1", "bib"),
        ("/sources.ris", "application/x-research-info-systems; charset=utf-8", "sources", "ris"),
    ],
)
def test_each_form_has_its_type_and_name_and_is_read_back(
    client: FlaskClient,
    as_vera: FlaskClient,
    world: World,
    address: str,
    media_type: str,
    name: str,
    suffix: str,
) -> None:
    for reader, kept in ((client, "private, no-cache"), (as_vera, "private, no-store")):
        answer = reader.get(address)
        assert answer.headers["Content-Type"] == media_type
        assert (
            answer.headers["Content-Disposition"]
            == f"attachment; filename={name}-{today()}-TLP-CLEAR.{suffix}"
        )
        assert answer.headers["Cache-Control"] == kept
        titles = [reference.title for reference in read_references(answer.text).references]
        assert titles[0] == world.article.title
        assert len(titles) == (1 if "/1." in address else 2)


def test_filters_and_what_one_may_see_are_obeyed(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    secret = make_source(session, world.talks, "A secret")
    secret.handling = Handling.AMBER
    session.commit()
    for reader, expected in ((as_vera, ["A secret"]), (client, [])):
        found = rispy.loads(reader.get("/sources.ris?q=secret&negotiation=TK").text)
        assert [each["title"] for each in found] == expected
    assert "A secret" not in client.get("/sources.csl").text
    assert "TLP-AMBER" in as_vera.get("/sources.csl").headers["Content-Disposition"]
    assert client.get(f"/sources/{secret.id}.bib").status_code == 404
    assert "TLP:AMBER" in as_vera.get(f"/sources/{secret.id}.bib").text
    assert json.loads(client.get(f"{TALKS}.json?as_of=2025-12-01").text) == []


def test_what_cannot_be_read_or_is_not_there_is_told(client: FlaskClient) -> None:
    for address, status in (
        (f"{TALKS}.ris?as_of=x", 400),
        ("/sources.bib?kind=x", 400),
        ("/sources.bib?negotiation=XX", 400),
        (f"{TALKS}.doc", 404),
        ("/negotiations/XX/bibliography.ris", 404),
        ("/sources/99.ris", 404),
    ):
        assert client.get(address).status_code == status, address


def test_a_source_and_a_list_lead_to_their_bibliographies(client: FlaskClient, world: World) -> None:
    one = client.get(f"/sources/{world.article.id}").text
    assert f'href="/sources/{world.article.id}.ris"' in one
    assert f'href="{TALKS}.bib"' in client.get("/negotiations/TK").text
    some = client.get("/sources?negotiation=TK&page=1&q=lake").text
    assert 'href="/sources.ris?negotiation=TK&amp;q=lake"' in some

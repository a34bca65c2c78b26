"""Taking a source in: from elsewhere, and not twice."""

import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.intake.dam import ADDRESS
from tests.intake.loopback import Server
from tests.views.conftest import Statements, hidden_of, post
from tests.views.pages_read import count, read, value
from tests.views.reading import element
from tests.world import DAY, TEXT, World, make_source
from tracker.models import Negotiation, Source
from tracker.models.vocabulary import Visibility

# From elsewhere


def test_a_share_from_elsewhere_fills_the_form_and_fetches_nothing(
    as_ed: FlaskClient, server: Server
) -> None:
    given = {"url": ADDRESS, "title": "Seen there", "quote": "We shall pay for half of it"}
    html = as_ed.get(f"/sources/new?{urlencode(given)}").text
    assert {name: value(html, name) for name in given} == given
    assert "Words you marked" in html
    assert re.search(r"<button[^>]* data-autofocus>Read it", html)
    assert server.requests == []


def test_after_saving_the_marked_words_go_on_to_the_source(as_ed: FlaskClient, session: Session) -> None:
    quote = "Ми заплатимо за половину & не більше" * 40
    form = f"/sources/new?{urlencode({'url': ADDRESS, 'title': 'Seen there', 'quote': quote})}"
    typed = {"title": "Seen there", "negotiations": "TK"}
    refused = post(as_ed, form, typed | {"title": ""}, to="/sources")
    assert value(refused.text, "quote") == quote
    saved = as_ed.post("/sources", data=hidden_of(refused.text) | typed)
    source = session.scalars(select(Source).order_by(Source.id.desc())).first()
    assert source is not None
    assert saved.headers["Location"] == f"/sources/{source.id}?{urlencode({'quote': quote})}"


def test_a_stranger_signs_in_and_comes_back_with_what_was_shared(client: FlaskClient) -> None:
    quote = "Ми заплатимо за половину цієї дамби. " * 12
    address = f"/sources/new?{urlencode({'url': ADDRESS, 'title': 'Seen there', 'quote': quote.strip()})}"
    sent = client.get(address)
    assert sent.status_code == 303
    typed = hidden_of(client.get(sent.headers["Location"]).text)
    typed |= {"email": "ed@example.org", "password": "four swans on a lake"}
    back = client.post("/sign-in", data=typed)
    assert back.headers["Location"] == address
    assert value(client.get(address).text, "quote") == quote.strip()


# What is here already


def test_a_likely_duplicate_is_shown_and_nothing_is_saved(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    typed = {
        "title": "Another title",
        "url": "http://www.example.org/lake/?utm_source=x",
        "negotiations": "TK",
    }
    for htmx in (False, True):
        answer = post(as_ed, "/sources/new", typed, to="/sources", htmx=htmx)
        assert answer.status_code == 422
        for words in (
            "Talks on the lake go on",
            "The Lake",
            "2 Dec 2025",
            "The same address",
            "Use this one",
        ):
            assert words in answer.text
        assert f'href="/sources/{world.article.id}"' in answer.text
        assert value(answer.text, "title") == "Another title"
    assert count(session) == 2


@pytest.mark.usefixtures("server")
def test_reading_names_a_likely_duplicate_before_the_rest_is_typed(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    world.article.url = "https://shore.example/news/dam"
    session.commit()
    html = read(as_ed, {"url": ADDRESS}).text
    assert "This may be here already:" in html
    assert "The same address" in html
    assert f'href="/sources/{world.article.id}"' in html
    assert "data-error-summary" not in html
    assert value(html, "title") == "News of the dam"
    used = as_ed.post("/sources", data=hidden_of(html) | {"use": str(world.article.id), "negotiations": "TK"})
    assert used.headers["Location"] == f"/sources/{world.article.id}"
    ticked = read(as_ed, {"url": ADDRESS, "is_another": "y"}).text
    assert "This may be here already:" not in ticked
    assert count(session) == 2


def test_it_is_saved_all_the_same_once_that_is_ticked(as_ed: FlaskClient, session: Session) -> None:
    typed = {"title": "Talks on the lake go on", "published_on": "2025-12-03", "negotiations": "TK"}
    assert "Nearly the same title" in post(as_ed, "/sources/new", typed, to="/sources").text
    saved = post(as_ed, "/sources/new", typed | {"is_another": "y"}, to="/sources")
    assert saved.status_code == 303
    assert count(session) == 3


def test_all_that_is_wrong_is_told_beside_the_duplicate(as_ed: FlaskClient) -> None:
    typed = {"title": "", "text": TEXT, "negotiations": "TK"}
    answer = post(as_ed, "/sources/new", typed, to="/sources")
    assert "Give a title." in answer.text
    assert "The same text" in answer.text


def test_the_one_that_is_here_is_used_and_filed(as_ed: FlaskClient, session: Session, world: World) -> None:
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    session.commit()
    typed = {"title": "Another title", "negotiations": "OT", "use": str(world.article.id)}
    answer = post(as_ed, "/sources/new", typed, to="/sources")
    assert answer.headers["Location"] == f"/sources/{world.article.id}"
    assert count(session) == 2
    session.refresh(world.article)
    assert {filing.negotiation.code for filing in world.article.filings} == {"TK", "OT"}


def test_the_one_that_is_here_is_chosen_for_a_citation(as_ed: FlaskClient, world: World) -> None:
    form = "/sources/new?compact=1&negotiation=TK"
    typed = {"title": "Another title", "negotiations": "TK", "use": str(world.article.id)}
    answer = post(as_ed, form, typed, to="/sources", htmx=True)
    assert answer.headers["HX-Retarget"] == "#citation-source"
    assert f'name="citations-0-source" value="{world.article.id}"' in element(answer.text, "citation-source")
    plain = post(as_ed, form + "&next=/issues/TK-1/status-changes/new", typed, to="/sources")
    assert plain.headers["Location"] == f"/issues/TK-1/status-changes/new?source={world.article.id}"


@pytest.mark.parametrize("id_", ["999", "0", "-1", "x"])
def test_what_is_not_there_cannot_be_used(as_ed: FlaskClient, session: Session, id_: str) -> None:
    answer = post(as_ed, "/sources/new", {"title": "", "negotiations": "TK", "use": id_}, to="/sources")
    assert answer.status_code == 422
    assert count(session) == 2


def test_nobody_is_told_of_a_source_that_they_may_not_see(as_ed: FlaskClient, session: Session) -> None:
    secret = Negotiation(code="SE", title="Secret", visibility=Visibility.RESTRICTED)
    session.add(secret)
    secret.recorded_at = secret.moment
    hidden_one = make_source(session, secret, "Hidden talks")
    hidden_one.url = "https://example.org/hidden"
    session.commit()
    typed = {"title": "Hidden talks", "url": "https://example.org/hidden", "negotiations": "TK"}
    assert post(as_ed, "/sources/new", typed | {"use": str(hidden_one.id)}, to="/sources").status_code == 422
    assert post(as_ed, "/sources/new", typed, to="/sources").status_code == 303


def test_saving_takes_as_many_statements_among_many(
    as_ed: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    def save(title: str) -> int:
        with statements() as seen:
            typed = {
                "title": title,
                "published_on": "2025-12-02",
                "negotiations": "TK",
                "url": f"https://x.example/{title}",
            }
            assert post(as_ed, "/sources/new", typed, to="/sources").status_code == 303
        return len(seen)

    few = save("First")
    session.rollback()
    for number in range(60):
        make_source(session, world.talks, f"Report {number}").published_on = DAY
    session.commit()
    assert save("Second") == few

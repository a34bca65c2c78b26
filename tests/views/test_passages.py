"""The exact search of the stored texts, as the forms for entries use it."""

import re
from urllib.parse import quote as quoted

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements
from tests.views.reading import element
from tests.world import DAY, World, make_source
from tracker.models import Cite, Dating, Negotiation
from tracker.models.vocabulary import Status, Visibility

#: The end of an article as it came: its last but one paragraph, and the last.
ENDING = """The talks include issues of language status, demarcation lines, and future elections.
Some proposals have not been discussed with parliament or the public. There is no agreement on real
security guarantees.

The president is abroad. The author stresses the importance of “transparent negotiations”."""
WORDS = "There is no agreement on real security guarantees."
DAM = "will not pay for Blue's dam"


def find(browser: FlaskClient, words: str, more: str = "", *, htmx: bool = True) -> str:
    answer = browser.get(f"/passages?quote={quoted(words)}{more}", headers=HTMX if htmx else {})
    assert answer.status_code == 200
    return answer.text


def test_words_found_once_fill_in_source_paragraph_and_day(as_ed: FlaskClient, world: World) -> None:
    html = find(as_ed, DAM, "&negotiation=TK")
    passages, chosen = element(html, "passages"), element(html, "citation-source")
    assert "para 3" in passages
    assert "<mark>will not pay for Blue’s dam</mark>" in passages
    assert f'<input type="hidden" name="citations-0-source" value="{world.article.id}">' in chosen
    assert f'data-fill="effective_on" data-value="{DAY}"' in chosen
    assert 'data-fill="citations-0-locator" data-value="para 3"' in chosen
    assert '<hx-partial hx-target="#citation-source" hx-swap="outerHTML">' in html


def test_the_field_of_the_form_is_searched_for_too(as_ed: FlaskClient) -> None:
    html = as_ed.get(f"/passages?citations-0-quote={quoted(DAM)}", headers=HTMX).text
    assert "para 3" in html


def test_the_part_is_the_part_of_the_page(as_ed: FlaskClient) -> None:
    for words in (DAM, "words that stand nowhere", "too few"):
        part = find(as_ed, words, htmx=True)
        page = find(as_ed, words, htmx=False)
        assert element(part, "passages") == element(page, "passages")


def test_words_of_the_last_but_one_paragraph_are_found_and_marked(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    source = make_source(session, world.talks, "Raising the stakes", ENDING)
    session.commit()
    assert "para 1" in element(find(as_ed, WORDS, "&negotiation=TK"), "passages")
    world.border.change_status(
        Status.OPEN, dating=Dating(DAY), by=world.ed, citing=[Cite(source, quote=WORDS)]
    )
    session.commit()
    html = as_ed.get(f"/sources/{source.id}").text
    words = WORDS.replace(" ", r"\s")
    assert re.search(rf'<mark id="q-1">{words}<a [^>]*href="/issues/TK-2#e-', html)


def test_one_word_changed_is_not_found(as_ed: FlaskClient, session: Session, world: World) -> None:
    make_source(session, world.talks, "Raising the stakes", ENDING)
    session.commit()
    html = find(as_ed, WORDS.replace("real", "true"), "&negotiation=TK")
    assert "Not found in the stored texts" in html
    assert "citation-source" not in html.replace("#citation-source", "")
    assert "Find a source by title" in html
    assert "/sources/new?negotiation=TK" in html


def test_a_chosen_source_without_the_words_shows_the_nearest(as_ed: FlaskClient, world: World) -> None:
    html = find(as_ed, "will never pay for Blue's dam", f"&source={world.article.id}")
    assert "These words are not in the stored text of" in html
    assert "will not pay for Blue’s dam" in html
    assert f'value="{world.article.id}"' in element(html, "citation-source")


def test_a_chosen_source_without_a_text_is_taken_unchecked(as_ed: FlaskClient, world: World) -> None:
    html = find(as_ed, "any words at all", f"&source={world.report.id}")
    assert "The quote will be kept unchecked" in html
    assert f'value="{world.report.id}"' in element(html, "citation-source")
    assert 'data-fill="citations-0-locator" data-value=""' in html


def test_several_hits_are_offered_and_one_is_taken(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    copy = make_source(session, world.talks, "A reprint", world.article.text)
    session.commit()
    html = find(as_ed, DAM)
    assert "Found in 2 texts" in html
    assert "hx-partial" not in html
    (take,) = re.findall(rf'hx-get="(/passages\?source={copy.id}&[^"]*)"', html)
    taken = as_ed.get(take.replace("&amp;", "&"), headers=HTMX).text
    assert f'value="{copy.id}"' in element(taken, "citation-source")


def test_more_hits_than_the_limit_ask_for_more_words(
    as_ed: FlaskClient, session: Session, world: World
) -> None:
    make_source(session, world.talks, "A reprint", world.article.text)
    session.commit()
    assert "Found in 1 texts, perhaps in more" not in find(as_ed, DAM, "&limit=1")
    assert "perhaps in more" in find(as_ed, DAM, "&limit=2")


def test_without_a_script_one_goes_back_with_source_and_words(as_ed: FlaskClient, world: World) -> None:
    html = find(as_ed, DAM, "&next=/issues/TK-1/status-changes/new", htmx=False)
    back = f"/issues/TK-1/status-changes/new?source={world.article.id}&amp;quote=will+not+pay"
    assert back in html
    assert "evil" not in element(find(as_ed, DAM, "&next=//evil.example", htmx=False), "passages")


@pytest.mark.parametrize("words", ["", "too few"])
def test_too_few_words_are_not_searched_for(as_ed: FlaskClient, statements: Statements, words: str) -> None:
    with statements() as seen:
        html = find(as_ed, words)
    assert not [statement for statement in seen if "instr" in statement]
    assert ("Paste a little more" in html) is bool(words)


@pytest.mark.usefixtures("world")
def test_texts_that_one_may_not_see_are_not_searched(as_ed: FlaskClient, session: Session) -> None:
    secret = Negotiation(code="SE", title="Secret", visibility=Visibility.RESTRICTED)
    session.add(secret)
    secret.recorded_at = secret.moment
    source = make_source(session, secret, "Hidden", "A word that only stands here.")
    session.commit()
    assert "Hidden" not in find(as_ed, "word that only stands")
    assert as_ed.get("/passages?negotiation=SE").status_code == 400
    assert as_ed.get(f"/passages?source={source.id}").status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        "limit=0",
        "limit=11",
        "limit=x",
        "negotiation=XX",
        "source=x",
        "source=999",
        "quote=%00abc",
        "quote=" + "x" * 10_001,
    ],
)
def test_what_cannot_be_read_is_400(as_ed: FlaskClient, asked: str) -> None:
    assert as_ed.get(f"/passages?{asked}").status_code == 400


def test_only_editors_search(client: FlaskClient, as_vera: FlaskClient) -> None:
    assert client.get("/passages").status_code == 303
    assert client.get("/passages", headers=HTMX).status_code == 401
    assert as_vera.get("/passages").status_code == 403


def test_the_search_takes_as_many_statements_for_many_texts(
    as_ed: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    with statements() as few:
        find(as_ed, "delegations of Red and Blue met nowhere")
    for number in range(50):
        make_source(session, world.talks, f"Copy {number}", world.article.text)
    session.commit()
    with statements() as many:
        find(as_ed, "delegations of Red and Blue met nowhere")
    assert len(many) == len(few)

"""Extracts: words marked in a source's text lead to the form of an entry, and back to the text."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, hidden, htmx_on, post
from tests.views.reading import element, words
from tests.world import DAY, World
from tracker.models import Cite, Dating, Issue, Negotiation, Position
from tracker.models.vocabulary import Stance, Status, Visibility

WORDS = "The mediator spoke of progress."


def show(world: World) -> str:
    return f"/sources/{world.article.id}"


def asked(world: World, act: str = "position", **given: str) -> tuple[str, dict[str, str]]:
    return f"{show(world)}/extracts/new", {
        "act": act,
        "quote": WORDS,
        "issue": "TK-2",
        "party": "red",
    } | given


def test_marked_words_lead_to_the_form_with_words_place_and_day(as_ed: FlaskClient, world: World) -> None:
    address, query = asked(world)
    answer = as_ed.get(address, query_string=query)
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == "/issues/TK-2/positions/new"
    assert parse_qs(parts.query)["next"] == [show(world)]
    form = as_ed.get(answer.headers["Location"]).text
    assert f"{WORDS}</textarea>" in form
    assert 'name="citations-0-locator" type="text" value="para 2"' in form
    assert 'value="2025-12-02"' in form
    assert f'name="citations-0-source" value="{world.article.id}"' in form


def test_marked_words_begin_a_line_that_is_the_first(as_ed: FlaskClient, world: World) -> None:
    given = {"party": "red", "source": str(world.article.id), "quote": WORDS}
    fresh = as_ed.get("/issues/TK-2/positions/new", query_string=given).text
    assert fresh.count(f"{WORDS}</textarea>") == 2  # the quote, and the summary to begin with
    stated = as_ed.get("/issues/TK-1/positions/new", query_string=given).text
    assert stated.count(f"{WORDS}</textarea>") == 1


def test_a_status_needs_no_party(as_ed: FlaskClient, world: World) -> None:
    address, query = asked(world, "status", party="")
    answer = as_ed.get(address, query_string=query)
    assert urlsplit(answer.headers["Location"]).path == "/issues/TK-2/status-changes/new"


def test_a_claim_is_about_an_issue_or_the_whole_talks(as_ed: FlaskClient, world: World) -> None:
    for issue, about in (("TK-2", ["TK-2"]), ("", None)):
        address, query = asked(world, "claim", issue=issue)
        parts = urlsplit(as_ed.get(address, query_string=query).headers["Location"])
        assert parts.path == "/negotiations/TK/claims/new"
        assert parse_qs(parts.query).get("issue") == about
        form = as_ed.get(f"{parts.path}?{parts.query}").text
        assert '<option selected value="red">' in form
        assert form.count(f"{WORDS}</textarea>") == 2  # the quote, and the claim in words to begin with


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"issue": ""}, "issue"),
        ({"issue": "TK-99"}, "issue"),
        ({"issue": "nonsense"}, "issue"),
        ({"party": ""}, "party"),
        ({"party": "mars"}, "party"),
        ({"quote": "x" * 2001}, "quote"),
    ],
)
def test_what_is_missing_is_named_and_the_words_are_kept(
    as_ed: FlaskClient, world: World, given: dict[str, str], field: str
) -> None:
    address, query = asked(world, **given)
    for headers in ({}, HTMX):
        answer = as_ed.get(address, query_string=query, headers=headers)
        assert answer.status_code == 422
        assert f'href="#extract-{field}"' in answer.text
        assert f"{query['quote']}</textarea>" in answer.text
    assert answer.headers["HX-Retarget"] == "#cite"
    assert answer.text.strip().startswith("<section")


def test_an_issue_that_the_source_is_not_filed_for_is_refused(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    other = Negotiation(code="OT", title="Other talks", visibility=Visibility.PUBLIC)
    session.add(other)
    other.recorded_at = other.moment
    Issue(negotiation=other, number=1, title="Far").add(session)
    session.commit()
    address, query = asked(world, issue="OT-1")
    assert as_ed.get(address, query_string=query).status_code == 422


def test_another_act_is_400(as_ed: FlaskClient, world: World) -> None:
    address, query = asked(world, "dance")
    answer = as_ed.get(address, query_string=query)
    assert answer.status_code == 400
    assert "act" in answer.text


def test_a_paragraph_is_taken_without_scripts(as_ed: FlaskClient, world: World) -> None:
    address, query = asked(world, "paragraph", quote="", paragraph="2")
    answer = as_ed.get(address, query_string=query)
    assert answer.status_code == 200
    assert "The delegations of Red and Blue met" in answer.text.split('id="extract-quote"')[1]


def test_words_that_are_not_there_are_told_with_the_nearest(as_ed: FlaskClient, world: World) -> None:
    html = as_ed.get(show(world), query_string={"quote": "The mediator spoke of little progress."}).text
    assert (
        "The mediator spoke of progress"
        in html.split('id="extract-quote"')[0].rsplit("not in the stored", 1)[1]
    )


def test_after_a_save_the_text_is_there_again_with_the_words_marked(as_ed: FlaskClient, world: World) -> None:
    address, query = asked(world)
    form = as_ed.get(address, query_string=query).headers["Location"]
    typed = {
        **hidden(as_ed, form),
        "citations-0-source": str(world.article.id),
        "citations-0-quote": WORDS,
        "effective_on": "2025-12-01",
        "stance": "opposes",
        "summary": "Red opposes.",
    }
    answer = as_ed.post("/issues/TK-2/positions", data=typed, headers=htmx_on(show(world)))
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#text"
    assert WORDS in element(answer.text, "text").split("<mark", 1)[1]
    assert 'hx-target="#cite"' in answer.text
    assert "Red opposes." in answer.text.split('hx-target="#rests"')[1]
    assert '<option value="TK-2" selected>' in answer.text
    assert '<option value="red" selected>' in answer.text
    again = as_ed.get(f"/issues/TK-3/status-changes/new?source={world.article.id}").text
    assert 'value="2025-12-01"' in again, "the day of the entry before, not that of the article"


def test_without_htmx_one_is_sent_back_to_the_text(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    typed = {
        "party": "red",
        "movement": "first",
        "citations-0-source": str(world.article.id),
        "citations-0-quote": WORDS,
        "effective_on": "2025-12-01",
        "stance": "opposes",
        "summary": "Red opposes.",
        "next": show(world),
    }
    answer = post(as_ed, "/issues/TK-2/positions/new?party=red", typed, to="/issues/TK-2/positions")
    assert answer.status_code == 303
    assert answer.headers["Location"] == show(world)
    session.rollback()
    entry = session.query(Position).order_by(Position.id.desc()).first()
    assert entry is not None
    assert entry.evidence[0].offset is not None


def test_a_viewer_marks_nothing(as_vera: FlaskClient, client: FlaskClient, world: World) -> None:
    html = as_vera.get(show(world)).text
    assert "data-marking" not in html
    assert "marking.js" not in html
    address, query = asked(world)
    assert as_vera.get(address, query_string=query).status_code == 403
    assert client.get(address, query_string=query).status_code == 303


def test_hostile_words_stay_words(as_ed: FlaskClient, world: World) -> None:
    for word in (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "\x00",
        "\u202e",
        "%00",
    ):
        for act in ("paragraph", "position"):
            answer = as_ed.get(
                f"{show(world)}/extracts/new", query_string={"act": act, "quote": word, "issue": word}
            )
            assert answer.status_code in (200, 400, 422)
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text


def test_a_text_that_is_stored_later_tells_which_quotes_it_has_not(as_ed: FlaskClient, world: World) -> None:
    page = f"/sources/{world.report.id}"
    for quote in ("We all agree.", "We never met."):
        typed = {
            "citations-0-source": str(world.report.id),
            "citations-0-quote": quote,
            "effective_on": "2025-12-01",
            "status": "open" if quote == "We all agree." else "clarification",
            "reason": "So it is said.",
        }
        answer = post(as_ed, "/issues/TK-2/status-changes/new", typed, to="/issues/TK-2/status-changes")
        assert answer.status_code == 303
    assert as_ed.get(page).text.count("quote unchecked") == 2
    typed = {"title": "A report", "negotiations": "TK", "text": "They said: We all agree."}
    assert post(as_ed, f"{page}/edit", typed, to=page).status_code == 303
    html = as_ed.get(page).text
    assert "quote unchecked" not in html
    assert "1 quote is not in the stored text" in html
    assert "We all agree." in html.split("<mark", 1)[1].split("</mark>")[0]


def test_quotes_that_were_never_looked_up_are_on_demand(
    as_ed: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    cite = Cite(world.article, quote=WORDS, is_unchecked=True)
    world.border.change_status(Status.OPEN, dating=Dating(DAY), by=world.ed, citing=[cite], reason="Because.")
    session.commit()
    assert "Look them up now" not in as_vera.get(show(world)).text
    assert "1 quote was never looked up" in as_ed.get(show(world)).text
    answer = post(as_ed, show(world), {}, to=f"{show(world)}/quote-checks")
    assert answer.status_code == 303
    html = as_ed.get(show(world)).text
    assert "Looked up: 1 found, 0 not." in html
    assert "never looked up" not in html


def test_the_form_begins_with_the_line_of_its_own_day(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    later = Dating(date(2025, 12, 20))
    world.water.state_position(
        world.red,
        stance=Stance.ACCEPTS,
        summary="Red gives in.",
        dating=later,
        by=world.ed,
        citing=[world.cite()],
    )
    session.commit()
    given = {"party": "red", "source": str(world.article.id), "quote": WORDS}
    html = as_ed.get("/issues/TK-1/positions/new", query_string=given).text
    assert "Red gives in." not in html
    assert "a later line stands since" in words(html)
    assert "Red gives in." in as_ed.get("/issues/TK-1/positions/new?party=red&source=").text


def test_the_words_may_support_what_is_there_instead(as_ed: FlaskClient, world: World) -> None:
    for act in ("status", "position"):
        address, query = asked(world, act, issue="TK-1")
        form = as_ed.get(as_ed.get(address, query_string=query).headers["Location"]).text
        links = re.findall(r'href="(/entries/[^"]+/citations/new[^"]*)"', form)
        assert len(links) == 1
        more = as_ed.get(unescape(links[0])).text
        assert f"{WORDS}</textarea>" in more
        assert f'name="next" type="hidden" value="{show(world)}"' in more

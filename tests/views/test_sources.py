"""The pages of sources: the list, one source, and the forms."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements, csrf, post
from tests.views.reading import element
from tests.world import DAY, QUOTE, TEXT, World, make_source
from tracker.models import Cite, Dating
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, SourceKind, Stance, Status, Visibility


def show(world: World) -> str:
    return f"/sources/{world.article.id}"


# The list


def test_the_list_tells_of_each_source_what_rests_on_it(client: FlaskClient) -> None:
    html = client.get("/sources").text
    row = html[html.index("Talks on the lake go on") : html.index("A report without its text")]
    for words in (
        "The Lake",
        "2 Dec 2025",
        "Article",
        "F - not judged, or cannot be judged",
        "TLP:CLEAR",
        ">TK</a>",
        "<p>2</p>",
    ):
        assert words in row
    assert "date unknown" in html


def test_only_editors_are_asked_to_add_one(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient
) -> None:
    assert "/sources/new" in as_ed.get("/sources").text
    assert "/sources/new" not in as_vera.get("/sources").text
    assert "/sources/new" not in client.get("/sources").text


def test_filters_stand_in_the_address(as_vera: FlaskClient, session: Session, world: World) -> None:
    make_source(session, world.talks, "Звіт про ДАМБУ").kind = SourceKind.STATEMENT
    session.commit()
    for asked in ("q=дамбу", "kind=statement&negotiation=TK", "q=звіт&sort=title"):
        html = as_vera.get(f"/sources?{asked}").text
        assert "1 source<" in html
        assert "Звіт про ДАМБУ" in html
    assert "No source fits" in as_vera.get("/sources?q=nothing").text


@pytest.mark.parametrize(
    "asked",
    [
        "kind=book",
        "negotiation=XX",
        "sort=random",
        "page=0",
        "page=x",
        "q=" + "x" * 201,
        "q=%00",
        "negotiation=%00",
    ],
)
def test_what_cannot_be_read_is_400(as_ed: FlaskClient, asked: str) -> None:
    assert as_ed.get(f"/sources?{asked}").status_code == 400


def test_a_page_beyond_the_last_is_404(client: FlaskClient, world: World) -> None:
    assert client.get("/sources?page=2").status_code == 404
    assert client.get(f"{show(world)}?page=2").status_code == 404


def test_an_empty_list_says_what_to_do_next(
    as_ed: FlaskClient, client: FlaskClient, session: Session, world: World
) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert "begin with the article at hand" in as_ed.get("/sources").text
    assert "none that you may see" in client.get("/sources").text


def test_the_list_takes_as_many_statements_for_fifty(
    client: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    with statements() as few:
        client.get("/sources")
    for number in range(60):
        source = make_source(session, world.talks, f"Source {number}")
        world.water.note(f"Note {number}", by=world.ed)
        world.water.state_position(
            world.blue,
            dating=Dating(DAY),
            by=world.ed,
            citing=[Cite(source)],
            stance=Stance.ACCEPTS,
            summary="Yes",
        )
    session.commit()
    with statements() as many:
        html = client.get("/sources").text
    assert len(many) == len(few)
    assert "Page 1 of 2" in html


def test_choosing_gives_the_first_that_fit(as_ed: FlaskClient, world: World) -> None:
    whole = as_ed.get("/sources?choose=1&q=LAKE&negotiation=TK").text
    part = as_ed.get("/sources?choose=1&q=LAKE&negotiation=TK", headers=HTMX).text
    assert part.strip() == element(whole, "choices")
    assert f"source={world.article.id}" in part
    assert "A report without its text" not in part
    picker = as_ed.get("/sources?choose=1", headers=HTMX).text
    assert picker.strip() == element(as_ed.get("/sources?choose=1").text, "picker")


# One source


def test_signed_in_people_read_the_text_with_its_quotes_marked(as_vera: FlaskClient, world: World) -> None:
    html = as_vera.get(show(world)).text
    text = element(html, "text")
    assert '<div class="text" lang="en">' in text
    assert (
        '<p id="p3" dir="auto"><mark id="q-1"><span id="q-2"></span>“We will not pay for Blue’s dam”' in text
    )
    (mark,) = re.findall(r"<mark.*?</mark>", text)
    assert mark.count('href="/issues/TK-1#e-') == 2


def test_strangers_read_quotes_but_the_text_only_where_it_is_free(
    client: FlaskClient, session: Session, world: World
) -> None:
    html = client.get(show(world)).text
    assert "The mediator spoke of progress" not in html
    assert "shown to people who are signed in" in html
    assert QUOTE in unescape(element(html, "rests"))
    world.article.is_free_to_show = True
    session.commit()
    assert "The mediator spoke of progress" in client.get(show(world)).text


def test_overlapping_quotes_each_lead_to_their_entry(
    as_vera: FlaskClient, session: Session, world: World
) -> None:
    for issue, quote in (
        (world.border, "so the envoy, on Tuesday. Blue’s minister"),
        (world.prisoners, "the envoy"),
    ):
        issue.change_status(Status.OPEN, dating=Dating(DAY), by=world.ed, citing=[world.cite(quote)])
    session.commit()
    text = element(as_vera.get(show(world)).text, "p3")
    words = re.sub(r"<a .*?</a>|<[^>]+>", "", text)
    assert unescape(words) == TEXT.split("\n\n")[2]
    assert len(re.findall("<mark", text)) == 5
    for key, count in (("TK-1", 2), ("TK-2", 1), ("TK-3", 1)):
        assert text.count(f">{key}</a>") == count


def test_right_to_left_texts_say_so_themselves(as_vera: FlaskClient, session: Session, world: World) -> None:
    source = make_source(session, world.talks, "مفاوضات", "تستمر المحادثات")
    source.language = "ar"
    session.commit()
    html = as_vera.get(f"/sources/{source.id}").text
    assert '<p id="p1" dir="auto">تستمر المحادثات</p>' in html
    assert 'lang="ar"' in html


def test_what_rests_on_it_is_told_in_a_phrase(as_vera: FlaskClient, session: Session, world: World) -> None:
    line = world.water.position_of(world.red)
    assert line is not None
    assert not retract(line, reason="The envoy spoke for himself.", by=world.ed)
    session.commit()
    rests = element(as_vera.get(show(world)).text, "rests")
    status, position = element(rests, "r-1"), element(rests, "r-2")
    change = world.water.status_on()
    assert change is not None
    for words in (
        "Status",
        f"/issues/TK-1#e-{change.uid}",
        "TK-1 Water",
        "Open",
        "2 Dec 2025",
    ):
        assert words in status
    assert "para 3" in status
    assert "entered by Ed" in status
    assert 'class="retracted"' in position
    assert "Red does not pay for the dam." in position
    assert "The envoy spoke for himself." in position


def test_more_than_fifty_citations_are_paged(
    as_vera: FlaskClient, session: Session, world: World, statements: Statements
) -> None:
    with statements() as few:
        as_vera.get(show(world))
    for number in range(60):
        world.water.state_position(
            world.blue,
            dating=Dating(DAY),
            by=world.ed,
            citing=[world.cite(QUOTE)],
            stance=Stance.ACCEPTS,
            summary=f"Blue, {number}",
        )
    session.commit()
    with statements() as many:
        html = as_vera.get(show(world)).text
    assert len(many) == len(few)
    assert html.count('<li id="r-') == 50
    assert 'id="q-62"' in html
    assert as_vera.get(f"{show(world)}?page=2").text.count('<li id="r-') == 12


def test_addresses_lead_out_without_telling_from_where(as_vera: FlaskClient, world: World) -> None:
    html = as_vera.get(show(world)).text
    assert '<a href="https://example.org/lake" rel="noopener noreferrer">' in html


def test_a_source_that_one_may_not_see_is_404(
    as_vera: FlaskClient, as_ed: FlaskClient, client: FlaskClient, session: Session, world: World
) -> None:
    source = make_source(session, world.talks, "For the desk alone")
    source.handling = Handling.GREEN
    session.commit()
    address = f"/sources/{source.id}"
    assert client.get(address).status_code == 404
    assert "For the desk alone" not in client.get("/sources").text
    assert as_vera.get(address).status_code == 200
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_vera.get(address).status_code == 404
    assert as_ed.get(f"{address}/edit").status_code == 404
    assert as_ed.post(address, data=csrf(as_ed)).status_code == 404
    for id_ in ("999", "99999999999999999999", "0"):
        assert as_ed.get(f"/sources/{id_}").status_code == 404


def test_the_last_open_source_of_a_public_entry_is_not_closed(as_ed: FlaskClient, world: World) -> None:
    typed = {"title": "Kept words", "negotiations": "TK", "handling": "red", "text": world.article.text}
    answer = post(as_ed, f"{show(world)}/edit", typed, to=show(world))
    assert answer.status_code == 422
    assert "TLP:CLEAR" in element(answer.text, "main")
    assert "Kept words" in answer.text


def test_viewers_are_not_asked_to_record(as_vera: FlaskClient, world: World) -> None:
    html = as_vera.get(show(world)).text
    assert 'name="issue"' not in html
    assert "/edit" not in html


@pytest.mark.parametrize(
    "next_", ["javascript:alert(1)", " javascript:alert(1)", "https://elsewhere.example/"]
)
@pytest.mark.parametrize("form", ["/sources/new", "/sources/1/edit"])
def test_no_form_leads_to_another_site_nor_to_a_script(as_ed: FlaskClient, form: str, next_: str) -> None:
    to = form.rpartition("/")[0]
    answer = post(as_ed, form, {"title": "", "next": next_}, to=to)
    assert answer.status_code == 422
    assert f'href="{next_}' not in answer.text
    assert f'value="{next_}' not in answer.text

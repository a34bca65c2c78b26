"""The inbox: who sees it, what is done with what waits, and that nothing typed is lost."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.views.conftest import HTMX, Statements, csrf, hidden, htmx_on, post
from tests.views.reading import element, fault, words
from tests.world import DAY, World, make_source
from tracker.models import Cite, Dating, Source
from tracker.models.vocabulary import Handling, InboxState, Status, Visibility

PAGE = "/negotiations/TK/inbox"
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def waiting(world: World, session: Session) -> list[Source]:
    """Two sources that nothing rests on."""
    made = [make_source(session, world.talks, title) for title in ("First in", "Second in")]
    session.commit()
    return made


def ticks(*sources: Source) -> list[str]:
    return [f"{source.id}-{source.version}" for source in sources]


def press(client: FlaskClient, act: str, *sources: Source, to: str = PAGE, **typed: Any) -> TestResponse:
    return post(client, to, {"act": act, "source": ticks(*sources), **typed}, to=to)


def read(session: Session, source: Source) -> Source:
    session.rollback()
    session.refresh(source)
    return source


def test_signed_in_people_read_it_and_editors_act(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient, waiting: list[Source]
) -> None:
    assert client.get(PAGE).status_code == 303
    assert client.get(PAGE, headers=HTMX).status_code == 401
    assert client.post(PAGE, data=csrf(client)).status_code == 401
    assert as_vera.post(PAGE, data=csrf(as_vera)).status_code == 403
    seen, worked = as_vera.get(PAGE).text, as_ed.get(PAGE).text
    for html in (seen, worked):
        assert html.index("Second in") < html.index("First in")
        assert "New 2 sources: list them In work 0" in words(html)
    assert 'type="checkbox"' not in seen
    assert "Take it up" not in seen
    assert f'value="{waiting[0].id}-1"' in worked


def test_a_row_is_taken_up_in_one_press(as_ed: FlaskClient, session: Session, waiting: list[Source]) -> None:
    first, second = waiting
    typed = {"mine": ticks(second)[0], "source": ticks(first)}
    answer = post(as_ed, PAGE, typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert read(session, second).inbox_state is InboxState.IN_WORK
    assert read(session, first).inbox_state is None
    html = as_ed.get(PAGE).text
    assert "1 in work with you." in words(html)
    assert "In work Ed" in words(element(html, "inbox"))
    assert "Second in" in as_ed.get(f"{PAGE}?assignee=me").text
    assert "First in" not in as_ed.get(f"{PAGE}?assignee=me").text


def test_many_are_set_aside_with_one_reason(
    as_ed: FlaskClient, session: Session, waiting: list[Source]
) -> None:
    assert press(as_ed, "set_aside", *waiting, reason="Old news.").status_code == 303
    assert {read(session, source).inbox_reason for source in waiting} == {"Old news."}
    assert "Nothing waits" in as_ed.get(PAGE).text
    html = as_ed.get(f"{PAGE}?state=set_aside").text
    assert words(html).count("Set aside Old news.") == 2
    for source in waiting:
        session.refresh(source)
    assert press(as_ed, "put_back", *waiting, to=f"{PAGE}?state=set_aside").status_code == 303
    assert {read(session, source).inbox_state for source in waiting} == {None}


def test_setting_aside_asks_for_a_reason_and_loses_no_tick(
    as_ed: FlaskClient, session: Session, waiting: list[Source]
) -> None:
    first, second = waiting
    answer = press(as_ed, "set_aside", second, reason=" ", assignee="2")
    assert answer.status_code == 422
    assert fault(answer.text, "reason") == "Error: Say why nothing of it is used."
    assert f'value="{ticks(second)[0]}" checked' in answer.text
    assert f'value="{ticks(first)[0]}" checked' not in answer.text
    assert read(session, second).inbox_state is None
    long = press(as_ed, "set_aside", second, reason="a" * 10_001)
    assert long.status_code == 422
    assert "a" * 10_001 in long.text
    assert "10001 characters" in fault(long.text, "reason")


def test_all_on_the_page_are_ticked_in_one_press_and_nothing_typed_is_lost(
    as_ed: FlaskClient, session: Session, waiting: list[Source]
) -> None:
    assert "Tick all 2 on this page" in as_ed.get(PAGE).text
    for headers in ({}, HTMX):
        sent = hidden(as_ed, PAGE) | {"act": "tick", "reason": "Old news."}
        answer = as_ed.post(PAGE, data=sent, headers=headers)
        assert answer.status_code == 200
        assert all(f'value="{tick}" checked' in answer.text for tick in ticks(*waiting))
        assert "Old news." in element(answer.text, "inbox")
        assert "2 are ticked" in answer.text
    assert {read(session, source).inbox_state for source in waiting} == {None}
    answer = press(as_ed, "untick", *waiting, reason="Old news.")
    assert " checked" not in element(answer.text, "inbox")
    assert "Old news." in answer.text


def test_they_are_given_to_somebody_and_taken_away(
    as_ed: FlaskClient, session: Session, world: World, waiting: list[Source]
) -> None:
    assert press(as_ed, "assign", *waiting, assignee=str(world.ann.id)).status_code == 303
    assert {read(session, source).assignee_id for source in waiting} == {world.ann.id}
    assert waiting[0].inbox_state is None
    assert press(as_ed, "assign", waiting[0], assignee="").status_code == 303
    assert read(session, waiting[0]).assignee_id is None
    for wrong in (str(world.vera.id), "99", "x", HARM):
        answer = press(as_ed, "assign", waiting[0], assignee=wrong)
        assert answer.status_code == 422
        assert fault(answer.text, "assignee")
    assert "<img" not in answer.text


def test_who_comes_second_is_told_and_nothing_is_saved(
    as_ed: FlaskClient, as_ann: FlaskClient, session: Session, waiting: list[Source]
) -> None:
    first, second = waiting
    form = hidden(as_ed, PAGE)
    assert press(as_ann, "take_up", second).status_code == 303
    typed = {"act": "set_aside", "reason": "Old news.", "source": ticks(first, second)}
    answer = as_ed.post(PAGE, data=form | typed)
    assert answer.status_code == 409
    assert "Someone else has just changed “Second in”." in words(answer.text)
    assert "Old news." in answer.text
    assert f'value="{second.id}-2" checked' in answer.text  # as it is now, to be pressed again
    assert read(session, first).inbox_state is None
    again = as_ed.post(PAGE, data=form | typed | {"source": [f"{first.id}-1", f"{second.id}-2"]})
    assert again.status_code == 303
    assert read(session, second).inbox_state is InboxState.SET_ASIDE


def test_one_press_counts_once(as_ed: FlaskClient, session: Session, waiting: list[Source]) -> None:
    form = hidden(as_ed, PAGE) | {"act": "take_up", "source": ticks(waiting[0])}
    assert [as_ed.post(PAGE, data=form).status_code for _ in range(2)] == [303, 303]
    assert read(session, waiting[0]).version == 2


@pytest.mark.parametrize("source", [[], ["x"], ["1"], ["999-1"], [HARM], ["1-1"] * 101])
def test_what_is_not_in_it_is_not_moved(as_ed: FlaskClient, waiting: list[Source], source: list[str]) -> None:
    assert waiting
    answer = post(as_ed, PAGE, {"act": "take_up", "source": source})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "<img" not in answer.text


@pytest.mark.parametrize("act", ["", "burn", HARM])
def test_what_is_no_act_is_refused(as_ed: FlaskClient, waiting: list[Source], act: str) -> None:
    assert press(as_ed, act, *waiting).status_code == 422


def test_a_part_is_the_part_of_the_page(as_ed: FlaskClient, waiting: list[Source]) -> None:
    headers = htmx_on(PAGE)
    form = hidden(as_ed, PAGE)
    bad = as_ed.post(PAGE, data=form | {"act": "set_aside", "source": ticks(*waiting)}, headers=headers)
    assert bad.status_code == 422
    assert bad.text.lstrip().startswith('<section id="inbox"')
    good = as_ed.post(
        PAGE, data=form | {"act": "set_aside", "reason": "Old.", "source": ticks(waiting[0])}, headers=headers
    )
    assert good.status_code == 200
    assert good.headers["HX-Retarget"] == "#inbox"
    assert "1 set aside." in good.text
    assert "First in" not in element(good.text, "inbox")
    assert "Second in" in element(good.text, "inbox")
    part = as_ed.get(PAGE, headers=HTMX | {"HX-Target": "section#inbox"})
    assert part.text.lstrip().startswith('<section id="inbox"')


@pytest.mark.parametrize(
    "asked",
    ["state=old", "assignee=x", "assignee=0", "kind=film", "sort=title", "page=0", "q=" + "x" * 201],
)
def test_what_cannot_be_read_is_400(as_ed: FlaskClient, asked: str) -> None:
    answer = as_ed.get(f"{PAGE}?{asked}")
    assert answer.status_code == 400
    assert asked.partition("=")[0] in answer.text


def test_filters_stay_after_a_press(as_ed: FlaskClient, waiting: list[Source]) -> None:
    address = f"{PAGE}?q=second&state=new"
    html = as_ed.get(address).text
    assert "First in" not in html
    assert press(as_ed, "take_up", waiting[1], to=address).headers["Location"] == address
    assert "No source that waits fits" in as_ed.get(address).text


def test_an_emptied_page_leads_to_the_last_that_is_left(as_ed: FlaskClient, waiting: list[Source]) -> None:
    assert waiting
    assert as_ed.get(f"{PAGE}?page=7").status_code == 200


def test_what_is_typed_is_shown_inert(as_ed: FlaskClient, session: Session, world: World) -> None:
    source = make_source(session, world.talks, HARM)
    source.publisher = source.language = "x"
    session.commit()
    press(as_ed, "set_aside", source, reason=HARM)
    html = as_ed.get(f"{PAGE}?state=set_aside").text
    assert "<img" not in html
    assert "<script>alert" not in html


def test_a_source_that_begins_to_be_cited_leaves(
    as_ed: FlaskClient, session: Session, world: World, waiting: list[Source]
) -> None:
    world.border.change_status(
        Status.OPEN, dating=Dating(DAY), by=world.ed, citing=[Cite(waiting[0])], reason="So it is."
    )
    session.commit()
    assert "First in" not in as_ed.get(PAGE).text


def test_it_is_found_from_the_sources_and_the_state_of_play(
    client: FlaskClient, as_vera: FlaskClient, waiting: list[Source]
) -> None:
    assert waiting
    for address, told in (
        ("/sources", "TK (2 new)"),
        ("/sources?negotiation=TK", "Inbox (2 new)"),
        ("/negotiations/TK", "Inbox (2 new)"),
    ):
        page = as_vera.get(address).text
        assert told in words(page), address
        assert f'href="{PAGE}"' in page
        assert PAGE not in client.get(address).text


def test_restricted_talks_have_no_inbox_for_others(
    as_ed: FlaskClient, session: Session, world: World, waiting: list[Source]
) -> None:
    waiting[0].handling = Handling.RED
    form = hidden(as_ed, PAGE)
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ed.get(PAGE).status_code == 404
    assert as_ed.post(PAGE, data=form | {"act": "take_up", "source": ticks(*waiting)}).status_code == 404
    assert "Inbox: TK" not in words(as_ed.get("/sources").text)


def test_it_takes_as_many_statements_for_many(
    as_ed: FlaskClient, session: Session, world: World, waiting: list[Source], statements: Statements
) -> None:
    with statements() as few:
        as_ed.get(PAGE)
    for number in range(60):
        source = make_source(session, world.talks, f"Source {number}")
        source.assignee_id = world.ann.id
    session.commit()
    with statements() as many:
        html = as_ed.get(PAGE).text
    assert len(many) == len(few)
    assert "Page 1 of 2" in html
    assert session.scalar(select(func.count(Source.id))) == 64
    assert waiting

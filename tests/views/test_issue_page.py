"""The page of an issue: everything on its row, as far as the reader may see it, and as of any day."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX
from tests.views.reading import element, words
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import moment_words
from tracker.models import Cite, Dating, EntryLink, StatusClaim
from tracker.models.retraction import retract
from tracker.models.vocabulary import (
    EntryLinkKind,
    Handling,
    Stance,
    Status,
    Visibility,
)

PAGE = "/issues/TK-1"
PAGES = (PAGE, PAGE + "/status-changes", PAGE + "/positions")
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{71*7}}${71*7}"
LATER = date(2025, 12, 5)


def same(html: str) -> str:
    """Give a part of a page without what is made anew for each answer."""
    return re.sub(r'(name="(csrf|form)_token" value=)"[^"]*"', r"\1", html).strip()


def claim(world: World, session: Session, **given: Any) -> StatusClaim:
    """Enter that Red claims something about the water."""
    made = StatusClaim(negotiation=world.talks, issue=world.water, party=world.red, **given)
    made.enter(session, dating=Dating(DAY), by=world.ed, citing=[Cite(world.report)])
    return made


@pytest.mark.parametrize("name", ["client", "as_vera", "as_ed", "as_ann"])
def test_page_holds_all_that_is_known(request: pytest.FixtureRequest, name: str) -> None:
    page = request.getfixturevalue(name).get(PAGE)
    assert page.status_code == 200
    text = words(page.text)
    for part in (
        "TK-1 · Economy Water Who pays for the dam?",
        "“Supports” and “opposes” refer to: Red pays for the dam",
        "As a whole Open since 2 Dec 2025",
        "Red does not pay for the dam.",
        "Said by Rosa Reed",
        "Accepts on a condition",
        "On condition that: the mediator keeps the accounts",
        "Not stated through Union of the Shore, 2 Dec 2025",
        "Talks on the lake go on, The Lake, 2 Dec 2025, para 3",
        "Deciding parties Red, Blue",
        "Next: TK-2",
    ):
        assert part in text, part


def test_only_editors_are_offered_to_edit(
    client: FlaskClient, as_vera: FlaskClient, as_ed: FlaskClient
) -> None:
    for reader in (client, as_vera):
        page = reader.get(PAGE).text
        assert "form_token" not in page
        assert not re.search(r"/new|/edit|retractions", element(page, "main"))
    page = as_ed.get(PAGE).text
    for act in ("/edit", "/status-changes/new", "/positions/new?party=coast", "/retractions/new?entry="):
        assert act in page


@pytest.mark.parametrize("block", ["status", "positions"])
def test_part_is_a_part_of_the_page(as_ed: FlaskClient, block: str) -> None:
    for target in (block, f"section#{block}", f"#{block}"):
        part = as_ed.get(PAGE, headers=HTMX | {"HX-Target": target})
        assert part.status_code == 200
        assert same(element(part.text, block)) == same(element(as_ed.get(PAGE).text, block))
    for headers in (HTMX | {"HX-Target": "main"}, {"HX-Target": block}, HTMX):
        assert "<html" in as_ed.get(PAGE, headers=headers).text


def test_the_address_of_an_article_goes_to_paper(client: FlaskClient, world: World, session: Session) -> None:
    world.article.url = "https://example.org/dam"
    session.commit()
    page = client.get(PAGE).text
    for block in ("status", "positions", "sources"):
        assert 'data-address="https://example.org/dam"' in element(page, block)


def test_page_that_is_not_there(as_ed: FlaskClient) -> None:
    for key in ("TK-9", "TK-01", "TK-0", "TK-", "TK", "XX-1", "tk-1", "TK-1²", "TK-99999999999", "%00-1"):
        assert as_ed.get(f"/issues/{key}").status_code in (400, 404), key


def test_visibility_alone_decides_who_sees_it(
    client: FlaskClient, as_vera: FlaskClient, as_ann: FlaskClient, world: World, session: Session
) -> None:
    for visibility, codes in ((Visibility.INTERNAL, (404, 200, 200)), (Visibility.RESTRICTED, (404,) * 3)):
        world.talks.visibility = visibility
        session.commit()
        for address in PAGES:
            found = tuple(reader.get(address).status_code for reader in (client, as_vera, as_ann))
            assert found == codes, (visibility, address)


def test_past_is_shown_as_it_was(as_ed: FlaskClient, world: World, session: Session) -> None:
    known = world.water.status_on()
    assert known is not None
    moment = known.recorded_at
    world.water.change_status(Status.PARKED, dating=Dating(LATER), by=world.ed, citing=[world.cite(QUOTE)])
    session.commit()
    for asked, status in (
        ({}, "Parked by consent"),
        ({"as_of": "2025-12-05"}, "Parked by consent"),
        ({"as_of": "2025-12-04"}, "Open"),
        ({"as_of": "2025-12-01"}, "No status yet"),
        ({"known_at": moment_words(moment)}, "Open"),
        ({"known_at": "2025-12-03"}, "No status yet"),
        ({"as_of": "2025-12-05", "known_at": moment_words(moment)}, "Open"),
    ):
        page = as_ed.get(PAGE, query_string=asked)
        assert page.status_code == 200
        assert f"As a whole {status}" in words(element(page.text, "status")), asked
        if asked:
            assert "this page shows the past" in words(page.text)
            assert "Back to today" in words(page.text)
            assert "form_token" not in page.text
            assert not re.search(r"/new|/edit|retractions", element(page.text, "main"))
    early = as_ed.get(PAGE, query_string={"as_of": "2025-12-01"}).text
    assert "Red does not pay" not in early
    assert 'href="/issues/TK-2?as_of=2025-12-01"' in early
    for history in PAGES[1:]:
        assert "2 Dec 2025" not in words(as_ed.get(history + "?as_of=2025-12-01").text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("as_of", "soon"),
        ("as_of", "2025-02-30"),
        ("as_of", "02.12.2025"),
        ("as_of", "2999-01-01"),
        ("as_of", "0001-01-01"),
        ("as_of", HARM),
        ("known_at", "soon"),
        ("known_at", "2025-12-02T10:00:00"),
        ("known_at", "2999-01-01T00:00:00Z"),
        ("known_at", "2999-01-01"),
        ("known_at", "99999-01-01T00:00:00Z"),
        ("known_at", "nul\x00"),
    ],
)
def test_day_that_cannot_be_read_is_told(client: FlaskClient, name: str, value: str) -> None:
    for address in PAGES:
        page = client.get(address, query_string={name: value})
        assert page.status_code == 400
        assert "<img" not in page.text


def test_tomorrow_is_no_future_while_it_has_begun_in_the_east(client: FlaskClient) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert client.get(PAGE, query_string={"as_of": tomorrow.isoformat()}).status_code == 200
    assert client.get(PAGE, query_string={"known_at": tomorrow.isoformat()}).status_code == 200


def test_strangers_see_what_was_published(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    world.talks.publish()
    session.commit()
    later = world.water.change_status(
        Status.PARKED, dating=Dating(LATER), by=world.ed, citing=[world.cite(QUOTE)], reason="SECRET"
    )
    world.water.state_position(
        world.red, dating=Dating(LATER), by=world.ed, citing=[world.cite()],
        stance=Stance.ACCEPTS, summary="SECRET",
    )  # fmt: skip
    claim(world, session, words="SECRET")
    world.water.review(by=world.ed, on=LATER, note="SECRET")
    session.commit()
    now_ = moment_words(later.recorded_at + timedelta(seconds=1))
    for address in PAGES:
        for asked in (
            {},
            {"known_at": now_},
            {"as_of": "2025-12-05"},
            {"as_of": "2025-12-05", "known_at": now_},
        ):
            page = client.get(address, query_string=asked).text
            assert "SECRET" not in page
            assert "Parked" not in page
        assert "SECRET" in as_vera.get(address).text


def test_withheld_sources_are_told_to_strangers_without_a_word_of_them(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    cable = make_source(session, world.talks, "SECRET cable", "SECRET words of ours.")
    cable.handling, cable.publisher = Handling.AMBER, "SECRET office"
    session.flush()
    secret = Cite(cable, quote="SECRET words of ours", translation="SECRET", locator="SECRET page")
    world.water.change_status(
        Status.PARKED, dating=Dating(LATER), by=world.ed, citing=[world.cite(QUOTE), secret]
    )
    session.commit()
    for address in PAGES[:2]:
        page = client.get(address).text
        assert "SECRET" not in page
        assert f"/sources/{cable.id}" not in page
        assert "source withheld" in page
        assert "SECRET words of ours" in as_vera.get(address).text


def test_harm_in_every_field_is_inert(as_ed: FlaskClient, world: World, session: Session) -> None:
    for field in ("title", "question", "proposition", "description", "topic"):
        setattr(world.water, field, HARM)
    world.water.scale_unit = world.water.scale_low = world.water.scale_high = HARM
    for row in (world.talks, world.shuttle, world.article):
        row.title = HARM
    world.red.name = world.red.short_name = world.article.publisher = HARM
    world.article.language = '"><img src=x>'[:35]
    world.water.change_status(
        Status.AGREED_IN_PRINCIPLE, track=world.shuttle, agreed_between=["red", "med"], subject_to=HARM,
        reason=HARM, dating=Dating(LATER, HARM), by=world.ed,
        citing=[Cite(world.report, quote=HARM, translation=HARM, locator=HARM)],
    )  # fmt: skip
    world.water.state_position(
        world.red, dating=Dating(LATER, HARM), by=world.ed, citing=[world.cite()], summary=HARM,
        stance=Stance.CONDITIONAL, condition=HARM, stated_by=HARM, value=5,
    )  # fmt: skip
    claim(world, session, words=HARM, stated_by=HARM, between=["red"])
    world.water.review(by=world.ed, on=LATER, note=f"javascript:alert(1) {HARM}")
    session.commit()
    forms = (PAGE + "/status-changes/new", PAGE + "/positions/new?party=red", PAGE + "/positions/new")
    for address in (*PAGES, *forms):
        page = as_ed.get(address)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert "<script>" not in page.text
        assert not re.search(r"""(href|src|action)=["']?\s*javascript:""", page.text)
        assert "497" not in words(page.text)


def test_claims_stand_apart_with_what_contradicts_them(
    client: FlaskClient, world: World, session: Session
) -> None:
    said = claim(
        world, session, share=90, words="Nearly done", stated_by="Rosa Reed", between=["red", "blue"]
    )
    denied = StatusClaim(negotiation=world.talks, issue=world.water, party=world.blue, status=Status.OPEN)
    denied.enter(session, dating=Dating(LATER), by=world.ed, citing=[Cite(world.report)])
    session.flush()
    link = EntryLink(from_entry=denied, to_entry=said, kind=EntryLinkKind.DENIES)
    link.add(session, by=world.ed)
    session.commit()
    claims = words(element(client.get(PAGE).text, "claims"))
    assert "Red 90 % agreed between Red, Blue; Nearly done Rosa Reed Open" in claims  # what the desk says
    assert "Denies: Red, 2 Dec 2025 (claim)" in claims
    assert "Denied by: Blue, 5 Dec 2025 (claim)" in claims
    moment = link.recorded_at
    session.commit()
    assert not retract(link, reason="No.", by=world.ed)
    session.commit()
    assert "Denie" not in words(element(client.get(PAGE).text, "claims"))
    then = client.get(PAGE, query_string={"known_at": moment_words(moment)}).text
    assert "Denies: Red, 2 Dec 2025 (claim)" in words(element(then, "claims"))


def test_issues_with_nothing_recorded_say_what_to_do(as_ed: FlaskClient) -> None:
    page = words(as_ed.get("/issues/TK-2").text)
    assert "Nothing is recorded yet. The first status change needs one source." in page
    assert page.count("Not stated") == 5
    assert "Sources None yet." in page


def test_strangers_see_no_address_of_who_recorded(
    client: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    by = "somebody@example.org"  # as a file may name who has no account here
    new = world.water.change_status(
        Status.PARKED, dating=Dating(DAY), by=by, citing=[world.cite(QUOTE)], reason="a pause"
    )
    world.water.review(by=by, on=DAY)
    session.flush()
    assert not retract(new, reason="too early", by=by)
    session.commit()
    for address in ("/issues/TK-1", "/issues/TK-1/status-changes", "/negotiations/TK", "/sources/1"):
        assert by not in client.get(address).text
    assert "by the desk" in client.get("/issues/TK-1/status-changes").text
    assert by in as_vera.get("/issues/TK-1/status-changes").text

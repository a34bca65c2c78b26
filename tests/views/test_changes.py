"""The page of changes: two days, two readings, and what is offered to choose them by."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state, withdraw
from tests.views.conftest import Statements, post
from tests.views.reading import element
from tests.views.reading import words as all_words
from tests.views.reading_sheets import csv_rows
from tests.world import DAY, World, make_source
from tracker.models import Cite, Correction, Event, Issue, Recorded
from tracker.models.vocabulary import EventKind, Handling, Movement, Status, Visibility

PAGE = "/negotiations/TK/changes"
LATER = DAY + timedelta(days=5)
PERIOD = "?since=2025-12-02&until=2025-12-12"
RECORDED = "&reading=recorded"


def words(html: str, id_: str) -> str:
    """Give the words of an element as they are read."""
    return all_words(element(html, id_))


def at(day: date, hour: int = 10) -> Recorded:
    return Recorded(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), "Ed")


def test_backsliding_stands_first_and_the_flow_names_who_left_and_joined(
    client: FlaskClient, world: World, session: Session
) -> None:
    """69 issues: of 39 agreed three slip back, and one joins."""
    issues = [world.border, world.prisoners]
    for number in range(4, 70):
        issue = Issue(negotiation=world.talks, number=number, title=f"Question {number}", topic="")
        issue.add(session)
        issues.append(issue)
    for issue in issues[:39]:
        change(world, Status.AGREED, DAY, issue=issue, agreed_between=["blue", "red"])
    slipped = [issues[number] for number in (0, 7, 38)]
    for number, issue in enumerate(slipped):
        change(world, Status.OPEN, LATER + timedelta(days=number), issue=issue, reason="It was taken back.")
    change(world, Status.AGREED, LATER, issue=issues[40], agreed_between=["blue", "red"])
    session.commit()
    page = client.get(PAGE + PERIOD).text
    assert page.index('id="slipped"') < page.index('id="steps"') < page.index('id="flow"')
    keys = re.findall(r'href="/issues/(TK-\d+)"', element(page, "slipped"))
    assert keys == [issue.key for issue in slipped]
    assert "3 slipped back, 1 opened." in words(page, "summary")
    agreed = next(row for row in element(page, "flow").split("<tr>") if "status-agreed" in row)
    assert re.findall(r"<span>(\d+)</span>", agreed) == ["39", "37"]
    left, entered = agreed.split('data-label="Left"')[1].split('data-label="Entered"')
    assert re.findall(r"/issues/(TK-\d+)", left) == [issue.key for issue in slipped]
    assert re.findall(r"/issues/(TK-\d+)", entered) == [issues[40].key]
    foot = element(page, "flow").split("<tfoot>")[1]
    assert re.findall(r"<span>(\d+)</span>", foot) == ["69", "69"]


def test_a_move_shows_the_words_taken_out_and_put_in_with_its_source(
    client: FlaskClient, world: World, session: Session
) -> None:
    state(
        world,
        world.red,
        LATER,
        issue=world.water,
        movement=Movement.SOFTENED,
        summary="Red does pay for the dam.",
    )
    session.commit()
    moves = element(client.get(PAGE + PERIOD).text, "moves")
    assert "<del>not</del>" in moves
    assert "moved on 1 issue" in moves
    assert f"/sources/{world.article.id}" in moves
    assert "Softened" in moves


def test_the_moves_of_one_party_are_told_alone(client: FlaskClient, world: World, session: Session) -> None:
    for party in (world.red, world.blue):
        state(world, party, LATER, issue=world.water, movement=Movement.HARDENED, summary="No.")
    session.commit()
    both, alone = (words(client.get(PAGE + PERIOD + more).text, "moves") for more in ("", "&party=blue"))
    assert "Red" in both
    assert "Red" not in alone
    assert "Blue" in alone


def test_the_first_year_of_all_is_no_error(client: FlaskClient) -> None:
    assert client.get(f"{PAGE}?until=1000-01-02").status_code == 200


def test_a_late_entry_is_recorded_in_between(client: FlaskClient, world: World, session: Session) -> None:
    first, tenth = date(2025, 12, 1), date(2025, 12, 10)
    change(world, Status.BLOCKED, first, recorded=at(tenth))
    session.commit()
    for moment, is_there in (("2025-12-05T00:00:00Z", False), ("2025-12-11T00:00:00Z", True)):
        issue = client.get(f"/issues/TK-2?as_of=2025-12-05&known_at={moment}").text
        assert ("status-blocked" in element(issue, "status")) is is_there
    happened = client.get(f"{PAGE}?since=2025-12-05&until=2025-12-11").text
    assert "status-blocked" not in element(happened, "steps")
    assert "Entered late" in words(happened, "recorded")
    recorded = client.get(f"{PAGE}?since=2025-12-05&until=2025-12-11{RECORDED}").text
    assert "Entered late" in words(recorded, "recorded")
    assert "Blocked" in words(recorded, "known")


def test_corrections_and_retractions_never_vanish(
    client: FlaskClient, world: World, session: Session
) -> None:
    old = change(world, Status.OPEN, DAY, recorded=at(DAY), subject_to="the annex")
    change(world, Status.BLOCKED, DAY, corrects=Correction(old, "Misread.", at(LATER)), recorded=at(LATER))
    line = state(world, world.red, DAY, recorded=at(DAY))
    withdraw(world, line, recorded=at(LATER), reason="Another town said so.")
    session.commit()
    for address in (PAGE + PERIOD, PAGE + PERIOD + RECORDED):
        told = words(client.get(address).text, "recorded")
        assert "Corrected" in told
        assert "Misread." in told
        assert "Retracted" in told
        assert "Another town said so." in told


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("since=yesterday", "since"),
        ("since=2025-02-30", "since"),
        ("until=2025-12-1x", "until"),
        ("until=2999-01-01", "until"),
        ("since=2025-12-12&until=2025-12-02", "since"),
        ("since=2025-12-02T10:00:00Z", "since"),
        ("reading=tea", "reading"),
        ("reading=recorded&since=2025-12-02T10:00", "since"),
        ("as_of=2025-12-05&until=2025-12-06", "until"),
        ("party=green", "party"),
        ("page=x", "page"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name(client: FlaskClient, query: str, name: str) -> None:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert f"{name}:" in answer.text


def test_what_was_late_corrected_or_withdrawn_has_a_page_of_its_own(
    client: FlaskClient, world: World, session: Session
) -> None:
    change(world, Status.OPEN, LATER, recorded=at(LATER), subject_to="the annex")
    change(world, Status.BLOCKED, DAY - timedelta(days=1), recorded=at(LATER))
    session.commit()
    told = words(client.get(f"{PAGE}{PERIOD}&reading=corrections").text, "recorded")
    assert "Entered late" in told
    assert "Blocked" in told
    assert "Open" not in told


def test_a_moment_is_said_as_one(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?since=2025-12-02T10:00:00Z&until=2025-12-12{RECORDED}").text
    assert "Recorded after 2 Dec 2025, 10:00 UTC, up to the end of 12 Dec 2025 (UTC)" in all_words(page)


def test_where_there_is_no_issue_yet_the_page_says_what_to_do(as_ed: FlaskClient) -> None:
    post(as_ed, "/negotiations/new", {"code": "ZZ", "title": "New talks"}, to="/negotiations")
    page = as_ed.get("/negotiations/ZZ/changes").text
    assert "has no issues yet" in page
    assert 'href="/negotiations/ZZ"' in page
    assert "last month of the record" not in page


def test_a_page_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get(PAGE + PERIOD + "&page=2").status_code == 404
    assert client.get(PAGE + PERIOD + RECORDED + "&page=2").status_code == 404


def test_the_choice_stands_in_the_address_of_every_preset(
    client: FlaskClient, world: World, session: Session
) -> None:
    Event(negotiation=world.talks, kind=EventKind.ROUND, title="Third round", starts_on=DAY).add(
        session, by=world.ed
    )
    session.commit()
    page = unescape(client.get(PAGE + PERIOD + "&known_at=2025-12-30").text)
    for since in ("2025-12-11", "2025-12-05", "2025-11-12"):
        assert f"?known_at=2025-12-30&since={since}&until=2025-12-12" in page
    page = unescape(client.get(PAGE + PERIOD).text)
    assert '<option value="2025-12-02" selected>2 Dec 2025: Third round</option>' in page


def test_without_days_the_last_month_of_the_record_is_shown(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "the last month of the record" in page
    assert 'value="2025-11-02"' in page
    assert 'value="2025-12-02"' in page


def test_strangers_are_told_nothing_that_was_recorded_after_publication(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    world.talks.publish()
    session.commit()
    change(world, Status.BLOCKED, LATER, subject_to="a secret annex")
    session.commit()
    address = f"{PAGE}?since=2025-12-02"
    for reading in ("", RECORDED):
        assert "a secret annex" not in client.get(address + reading).text
    assert "a secret annex" in as_vera.get(address).text


def test_strangers_are_not_told_why_a_withheld_source_was_withdrawn(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    cable = make_source(session, world.talks, "A cable")
    cable.handling = Handling.AMBER
    session.flush()
    entry = change(world, Status.OPEN, DAY, citing=[world.cite(), Cite(cable)])
    session.flush()
    withdraw(world, entry.citations[1], reason="The cable was forged.")
    session.commit()
    for reading in ("", RECORDED):
        address = f"{PAGE}?since=2025-12-02{reading}"
        assert "A source withdrawn" in client.get(address).text
        assert "forged" not in client.get(address).text
        assert "forged" in as_vera.get(address).text


def test_an_endless_address_is_refused(client: FlaskClient) -> None:
    for page in ("changes", "timeline", "compare", "distance", "issues"):
        assert client.get(f"/negotiations/TK/{page}?zz=" + "%80" * 2000).status_code == 414


def test_a_restricted_negotiation_is_not_found(
    client: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert client.get(PAGE).status_code == 404
    assert as_vera.get(PAGE).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_rows(
    as_ed: FlaskClient, world: World, session: Session, statements: Statements
) -> None:
    def asked(address: str) -> int:
        as_ed.get(address)
        with statements() as seen:
            assert as_ed.get(address).status_code == 200
        return len(seen)

    def live(number: int) -> None:
        on = DAY + timedelta(days=1 + number % 9)
        for issue in (world.border, world.prisoners):
            change(world, Status.OPEN, on, issue=issue, subject_to=f"annex {number}")
            state(world, world.red, on, issue=issue, summary=f"Red says {number}.")
        session.commit()

    live(0)
    addresses = [PAGE + PERIOD, f"{PAGE}?since=2020-01-01{RECORDED}"]
    few = [asked(address) for address in addresses]
    for number in range(1, 20):
        live(number)
    assert [asked(address) for address in addresses] == few


def test_what_a_correction_took_the_place_of_is_told_alike_in_tables_and_feeds(
    client: FlaskClient, session: Session, world: World
) -> None:
    old = claim(world, world.blue, between=["blue", "red"], words="All but done.")
    session.commit()
    claim(world, world.blue, share=80, corrects=Correction(old, "It was misread."))
    session.commit()
    told = "Blue claims: 90 % agreed, between Red, Blue, All but done."
    assert f"Before the correction: {told}" in client.get("/negotiations/TK/changes.atom").text
    row = csv_rows(client, f"/negotiations/TK/changes.csv?since={DAY}&reading=corrections")[0]
    assert row["In place of"] == f"2 Dec 2025: {told}"

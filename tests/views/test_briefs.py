"""The brief on a page: a headline in plain words, sections that cite, and the exact state at the foot."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.models.acts import at, change, claim, state
from tests.views.reading import element, words
from tests.world import DAY, World, make_source
from tracker.db import now
from tracker.models import Cite, Event, Issue
from tracker.models.vocabulary import Firmness, Handling, Movement, Stance, Status

LATER = DAY + timedelta(days=5)
PAGE = f"/negotiations/TK/brief?as_of=2025-12-12&since={DAY}"


def lead(client: FlaskClient, address: str = PAGE) -> str:
    page = client.get(address)
    assert page.status_code == 200
    found = re.search(r'<p class="lead">(.*?)</p>', page.text, re.DOTALL)
    assert found
    return words(found[1])


def fill(world: World, session: Session) -> None:
    """Let two statuses move, one of them back, and Red move."""
    change(world, Status.AGREED, agreed_between=["blue", "red"])
    change(world, Status.OPEN, LATER)
    change(world, Status.OPEN, LATER, issue=world.prisoners)
    state(
        world, world.red, LATER, issue=world.water, movement=Movement.SOFTENED, summary="It pays half. Later."
    )
    session.commit()


def test_the_headline_says_where_it_stands_and_what_changed(
    client: FlaskClient, session: Session, world: World
) -> None:
    assert lead(client) == (
        "Of three issues one is open and two are without a status. Nothing changed since 2 Dec 2025."
    )
    fill(world, session)
    assert lead(client) == (
        "Of three issues three are open. Since 2 Dec 2025 one status slipped back (TK-2) and one was opened; "
        "Red moved on one issue."
    )
    later = f"/negotiations/TK/brief?as_of=2025-12-12&since={LATER}"
    assert lead(client, later).endswith("Nothing changed since 7 Dec 2025.")


def test_the_headline_stays_short_where_much_happened(
    client: FlaskClient, session: Session, world: World
) -> None:
    statuses = [status for status in Status if not status.is_agreed and status is not Status.OPEN]
    for number, status in enumerate(statuses, start=9):
        issue = Issue(negotiation=world.talks, number=number, title=f"Point {number}")
        issue.add(session)
        session.flush()
        change(world, status, LATER, issue=issue)
    for party in (world.red, world.blue, world.med, world.union, world.coast):
        state(world, party, LATER, issue=world.water, movement=Movement.HARDENED)
    agreed = {"agreed_between": ["blue", "red"]}
    change(world, Status.AGREED, LATER, **agreed)
    change(world, Status.AGREED_IN_PRINCIPLE, LATER, issue=world.prisoners, **agreed)
    session.commit()
    assert lead(client) == (
        "Of nine issues one is agreed, one is agreed in principle, one is open, one is in need of "
        "clarification and five have another status. Since 2 Dec 2025 eight statuses were opened; "
        "Red moved on one issue, Blue moved on one issue, Mediator moved on one issue and two others moved."
    )


def test_each_section_says_its_part_in_short(client: FlaskClient, session: Session, world: World) -> None:
    fill(world, session)
    claim(
        world,
        world.blue,
        LATER,
        issue=world.border,
        share=None,
        status=Status.AGREED,
        stated_by="The minister",
    )
    claim(world, world.blue, LATER)
    session.commit()
    html = client.get(PAGE).text
    assert "TK-2 Border Agreed Open Slipped back 7 Dec 2025: So it was said. [1]" in words(
        element(html, "changed")
    )
    assert "Red TK-1 Water" in words(element(html, "moved"))
    assert "It pays half. … (7 Dec 2025) [1] Softened" in words(element(html, "moved"))
    agreed = words(element(html, "agreed"))
    assert "The desk has no issue agreed." in agreed
    assert "differs from the desk: Blue: Agreed (The minister, 7 Dec 2025) [1]" in agreed
    assert "Of the talks as a whole: Blue: 90 % agreed (7 Dec 2025) [1]" in agreed
    point = words(element(html, "open"))
    assert (
        "Blue (accepts on condition that the mediator keeps the accounts): Blue would share the cost. "
        "(2 Dec 2025) [2]"
    ) in point
    assert "Through Union of the Shore: Coast. Not stated: Mediator." in point


def test_a_track_is_named_as_one(client: FlaskClient, session: Session, world: World) -> None:
    given = {"agreed_between": ["med", "red"], "track": world.shuttle}
    change(world, Status.AGREED_IN_PRINCIPLE, LATER, **given)
    claim(world, world.red, LATER, track=world.shuttle)
    session.commit()
    html, track = client.get(PAGE).text, "on the track Shuttle of the mediator"
    assert f"TK-2 {track} Agreed in principle" in words(element(html, "stands"))
    assert f"TK-2 Border {track} No status" in words(element(html, "changed"))
    agreed = words(element(html, "agreed"))
    assert f"TK-2 Border {track}: Agreed in principle" in agreed
    assert f"Red ({track}): 90 % agreed" in agreed


def test_a_move_tells_by_way_of_which_lines_it_came_about(
    client: FlaskClient, session: Session, world: World
) -> None:
    said = (("Half.", Movement.SOFTENED), ("Half!", Movement.RESTATED), ("A quarter.", Movement.HARDENED))
    for days, (summary, movement) in enumerate(said, start=1):
        on = DAY + timedelta(days=days)
        state(world, world.red, on, issue=world.water, summary=summary, movement=movement)
        state(world, world.med, on, issue=world.water, summary=summary, movement=movement)
    session.commit()
    told = words(element(client.get(PAGE).text, "moved"))
    way = "By way of: Half. (3 Dec 2025) [1]"
    judged = "3 Dec 2025: Softened 5 Dec 2025: Hardened"
    assert (
        f"Red does not pay for the dam. (2 Dec 2025) [1] A quarter. (5 Dec 2025) [1] {way} {judged}" in told
    )
    # Of who had no line before, the first is where it comes from.
    assert "Mediator TK-1 Water Half. (3 Dec 2025) [1] A quarter. (5 Dec 2025) [1] Hardened" in told
    state(world, world.red, LATER, issue=world.water, summary="All.", movement=Movement.SOFTENED)
    session.commit()
    told = words(element(client.get(PAGE).text, "moved"))
    assert "Red does not pay for the dam. (2 Dec 2025) [1] 1 earlier line between the two days All." in told


def test_what_was_not_known_to_lie_ahead_says_when_it_was_recorded(
    client: FlaskClient, session: Session, world: World
) -> None:
    for title, minute in (("Round four", 0), ("Round five", 5 * 24 * 60)):
        ahead = Event(negotiation=world.talks, title=title, starts_on=date(2025, 12, 20))
        ahead.add(session, by=world.ed, citing=[world.cite()], recorded=at(minute))
    session.commit()
    told = words(element(client.get(PAGE).text, "next"))
    assert "Round four [1]" in told
    assert "Round five (recorded later, on 15 Dec 2025) [1]" in told


def test_no_line_is_told_without_its_condition(client: FlaskClient, session: Session, world: World) -> None:
    given = {"stance": Stance.CONDITIONAL, "firmness": Firmness.FLEXIBLE, "movement": Movement.SOFTENED}
    whole = "The canal is dug first. Blue digs " + "and digs " * 30
    state(world, world.red, LATER, issue=world.water, condition=whole, summary="It pays half.", **given)
    session.commit()
    html = client.get(PAGE).text
    cut = r"that The canal is dug first\. Blue digs [and digs]+…"
    told = r": It pays half\. \(7 Dec 2025\) \[1\]"
    assert re.search(rf"Red \(flexible, accepts on condition {cut}\){told}", words(element(html, "open")))
    assert re.search(rf"Accepts on condition {cut}{told} Softened", words(element(html, "moved")))


def test_what_is_cited_is_numbered_and_listed(as_vera: FlaskClient, session: Session, world: World) -> None:
    fill(world, session)
    html = as_vera.get(PAGE).text
    cited = {int(number) for number in re.findall(r'href="#source-(\d+)"', html)}
    listed = [int(number) for number in re.findall(r'<li id="source-(\d+)"', html)]
    assert listed == [1, 2]
    assert cited == {*listed}
    assert words(element(html, "source-1")) == "Talks on the lake go on, The Lake, 2 Dec 2025"
    assert words(element(html, "source-2")) == "A report without its text, date unknown"


def test_strangers_read_nothing_that_is_withheld_or_not_published(
    client: FlaskClient, as_vera: FlaskClient, session: Session, world: World
) -> None:
    secret = make_source(session, world.talks, "A cable")
    secret.handling = Handling.AMBER
    state(world, world.med, LATER, issue=world.water, citing=[world.cite(), Cite(secret)])
    session.commit()
    told = client.get(PAGE).text
    assert "A cable" not in told
    assert "(source withheld)" in told
    assert "A cable" in as_vera.get(PAGE).text
    world.talks.published_at = now()
    session.commit()
    change(world, Status.BLOCKED, LATER)
    session.commit()
    assert "Blocked" not in client.get(PAGE).text
    assert "Blocked" in as_vera.get(PAGE).text


def test_the_address_at_the_foot_leads_back_to_this_very_state(
    client: FlaskClient, session: Session, world: World
) -> None:
    fill(world, session)
    before = client.get(PAGE).text
    foot = words(element(before, "state"))
    assert foot.startswith("As of 12 Dec 2025, as known on ")
    address = urlsplit(foot.rpartition(" ")[2])
    assert "known_at=" in address.query
    change(world, Status.BLOCKED, LATER)
    session.commit()
    then = client.get(f"{address.path}?{address.query}").text
    assert lead(client) != words(re.findall(r'<p class="lead">(.*?)</p>', before)[0])
    for part in ("stands", "changed", "open", "sources"):
        assert words(element(then, part)) == words(element(before, part))
    assert words(element(then, "state")) == foot


def test_handling_stands_at_head_and_foot(client: FlaskClient, session: Session, world: World) -> None:
    world.talks.handling = Handling.GREEN
    session.commit()
    html = client.get(PAGE).text
    assert html.count(">TLP:GREEN<") == 2


def test_without_a_day_it_says_which_time_it_tells_of(client: FlaskClient) -> None:
    page = words(client.get("/negotiations/TK/brief").text)
    assert "No day was chosen" in page
    assert "What changed since 18 Nov 2025" in page
    assert "The last entry is about 2 Dec 2025" in page
    assert "chosen" not in words(client.get(PAGE).text)
    then = words(client.get("/negotiations/TK/brief?as_of=2025-12-12").text)
    assert "No first day was chosen: what changed is told of the two weeks before 2 Dec 2025" in then
    assert "the day of the last entry by then" in then
    empty = words(client.get("/negotiations/TK/brief?as_of=2025-05-01").text)
    assert "No first day was chosen: what changed is told of the two weeks before 1 May 2025." in empty


@pytest.mark.parametrize(
    ("query", "reason"),
    [("since=2025-12-03&as_of=2025-12-02", "since: "), ("since=soon", "since: "), ("as_of=then", "as_of: ")],
)
def test_days_that_cannot_be_read_are_refused(client: FlaskClient, query: str, reason: str) -> None:
    page = client.get(f"/negotiations/TK/brief?{query}")
    assert page.status_code == 400
    assert reason in page.text


def test_an_empty_record_has_a_brief_too(client: FlaskClient) -> None:
    assert lead(client, "/negotiations/TK/brief?as_of=1000-01-01") == (
        "Of three issues three are without a status. Nothing changed since 1 Jan 1000."
    )


def test_state_of_play_and_changes_lead_to_it(client: FlaskClient) -> None:
    assert "/negotiations/TK/brief?as_of=2025-12-12" in client.get("/negotiations/TK?as_of=2025-12-12").text
    changes = client.get(f"/negotiations/TK/changes?since={DAY}&until={LATER}").text
    assert f"/negotiations/TK/brief?since={DAY}&amp;as_of={LATER}" in changes

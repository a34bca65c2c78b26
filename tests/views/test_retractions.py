"""Withdrawing what was recorded, and correcting it: it stays readable, struck through, with the reason."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, csrf, hidden, post
from tests.views.reading import element, fault, form_on, shows_typed, words
from tests.world import DAY, QUOTE, World
from tracker.models import Cite, Dating, Event, Issue, Retraction, StatusChange, StatusClaim
from tracker.models.vocabulary import NoteKind, Status, Visibility

HISTORY = "/issues/TK-1/status-changes"
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def opened(world: World) -> StatusChange:
    """Give the one change of status in the world."""
    change = world.water.status_on()
    assert change is not None
    return change


def form_for(uid: str) -> str:
    """Give the address of the form that withdraws what has a uid."""
    return f"/retractions/new?entry={uid}"


def retract(client: FlaskClient, uid: str, reason: str = "Misread.", **more: str) -> Any:
    """Withdraw what has a uid through its form."""
    return post(client, form_for(uid), {"retraction_reason": reason} | more, to="/retractions")


def count(session: Session) -> int:
    """Count all retractions."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Retraction)) or 0


def test_form_shows_what_will_be_withdrawn(as_ed: FlaskClient, world: World) -> None:
    page = as_ed.get(form_for(opened(world).uid))
    assert page.status_code == 200
    part = words(element(page.text, "retraction_form"))
    assert "2 Dec 2025" in part
    assert "Open" in part
    assert "by Ed" in part
    assert "“We will not pay" in part or "We will not pay" in part
    assert words(as_ed.get(form_for(opened(world).uid), headers=HTMX).text) == part


@pytest.mark.parametrize(("name", "code"), [("client", 303), ("as_vera", 403), ("as_ed", 200)])
def test_form_is_for_editors(request: pytest.FixtureRequest, name: str, code: int, world: World) -> None:
    assert request.getfixturevalue(name).get(form_for(opened(world).uid)).status_code == code


@pytest.mark.parametrize(("name", "code"), [("client", 401), ("as_vera", 403)])
def test_who_may_not_write_does_not(
    request: pytest.FixtureRequest, name: str, code: int, world: World, session: Session
) -> None:
    client = request.getfixturevalue(name)
    given = csrf(client) | {"entry": opened(world).uid, "retraction_reason": "Mine."}
    assert client.post("/retractions", data=given).status_code == code
    assert count(session) == 0


@pytest.mark.parametrize("uid", ["", "none", "' or 1=1 --", HARM])
def test_what_is_not_there_is_not_found(as_ed: FlaskClient, uid: str) -> None:
    assert as_ed.get("/retractions/new", query_string={"entry": uid}).status_code == 404
    answer = as_ed.post("/retractions", data=csrf(as_ed) | {"entry": uid, "retraction_reason": "x"})
    assert answer.status_code == 404


def test_restricted_talks_are_not_there(as_ed: FlaskClient, world: World, session: Session) -> None:
    uid, form = opened(world).uid, hidden(as_ed, form_for(opened(world).uid))
    session.rollback()  # the page may have written since the world was read
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    assert as_ed.get(form_for(uid)).status_code == 404
    assert as_ed.post("/retractions", data=form | {"retraction_reason": "x"}).status_code == 404
    assert count(session) == 0


def test_entry_withdrawn_stays_readable_and_counts_no_more(as_ed: FlaskClient, world: World) -> None:
    uid = opened(world).uid
    version = hidden(as_ed, HISTORY + "/new")["base_version"]
    answer = retract(as_ed, uid, f"Misread {HARM}")
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1")
    page = as_ed.get("/issues/TK-1").text
    assert "Retracted. It stays readable" in words(element(page, "flash"))
    entry = element(page, f"e-{uid}")
    assert 'class="retracted"' in entry
    assert "by Ed: Misread <script>" in words(entry)
    assert "<img" not in entry
    assert "Retract</a>" not in entry
    assert "As a whole No status yet" in words(page)
    assert hidden(as_ed, HISTORY + "/new")["base_version"] == str(int(version) + 1)


def test_reason_is_asked_for_and_kept(as_ed: FlaskClient, world: World, session: Session) -> None:
    uid = opened(world).uid
    for reason, message in (
        ("", "Say why."),
        ("nul \x00", "NUL character"),
        ("x" * 1_000_000, "This text has 1000000 characters; 10000 is the most."),
    ):
        page = retract(as_ed, uid, reason)
        assert page.status_code == 422
        assert message in fault(page.text, "retraction_reason")
        if "\x00" not in reason:
            assert shows_typed(page.text, {"retraction_reason": reason, "entry": uid})
    assert count(session) == 0


def test_nothing_is_withdrawn_twice(as_ed: FlaskClient, world: World, session: Session) -> None:
    uid = opened(world).uid
    forms = [hidden(as_ed, form_for(uid)) | {"retraction_reason": "Misread."} for _ in range(2)]
    assert as_ed.post("/retractions", data=forms[0]).status_code == 303
    assert as_ed.post("/retractions", data=forms[0]).status_code == 303  # the same press again
    page = as_ed.post("/retractions", data=forms[1])
    assert page.status_code == 422
    assert "This was retracted already." in words(page.text)
    assert count(session) == 1


def test_claim_citation_and_note_are_withdrawn_and_lead_back_to_the_issue(
    as_ed: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    ed, two = world.ed, [world.cite(QUOTE), Cite(world.report)]
    claim = StatusClaim(negotiation=world.talks, issue=world.water, party=world.red, share=90)
    claim.enter(session, dating=Dating(DAY), by=ed, citing=two)
    note = world.water.note("They bluff.", by=ed, kind=NoteKind.ASSESSMENT)
    session.commit()
    quoted, whole, remark = claim.citations[0].uid, claim.uid, note.uid
    assert "We will not pay" in words(element(as_vera.get("/issues/TK-1").text, "claims"))
    for uid in (quoted, remark, whole):
        answer = retract(as_ed, uid)
        assert (answer.status_code, answer.location) == (303, "/issues/TK-1")
        page = as_vera.get("/issues/TK-1").text
        assert "We will not pay" not in words(element(page, "claims"))
    assert 'class="retracted"' in element(page, "claims")
    assert "They bluff." in words(element(page, f"n-{remark}"))
    assert "by Ed: Misread." in words(element(page, f"n-{remark}"))
    assert "by Ed: Misread." in words(as_vera.get("/issues/TK-1/notes").text)


def test_one_of_several_citations_is_offered_alone_and_shown_before_it_goes(
    as_ed: FlaskClient, as_vera: FlaskClient, world: World, session: Session
) -> None:
    offer = "Retract this citation"
    assert offer not in as_ed.get("/issues/TK-1").text  # each entry rests on one source
    claim = StatusClaim(negotiation=world.talks, issue=world.water, party=world.red, share=90)
    claim.enter(session, dating=Dating(DAY), by=world.ed, citing=[world.cite(QUOTE), Cite(world.report)])
    session.commit()
    first = claim.citations[0].uid
    assert as_ed.get("/issues/TK-1").text.count(offer) == 2
    assert offer not in as_vera.get("/issues/TK-1").text
    part = words(element(as_ed.get(form_for(first)).text, "retraction_form"))
    assert "We will not pay" in part
    assert world.report.title not in part
    assert "rests on its other sources" in words(as_ed.get(retract(as_ed, first).location).text)


def test_the_citation_of_an_event_leads_back_to_the_event(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    held = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
    held.add(session, by=world.ed, citing=[world.cite(QUOTE)])
    session.commit()
    place = f"/negotiations/TK/events/{held.id}"
    uid = held.citations[0].uid
    assert f'href="{place}"' in element(as_ed.get(form_for(uid)).text, "retraction_form")
    answer = retract(as_ed, uid)
    assert (answer.status_code, answer.location) == (303, place)
    assert "We will not pay" not in words(as_ed.get(place).text)


def test_last_source_of_an_entry_stays(as_ed: FlaskClient, world: World, session: Session) -> None:
    page = retract(as_ed, opened(world).citations[0].uid)
    assert page.status_code == 422
    assert "This is the entry’s last source; retract the entry itself." in words(page.text)
    assert count(session) == 0


def test_way_back_is_kept(as_ed: FlaskClient, world: World) -> None:
    uid = opened(world).uid
    answer = post(as_ed, form_for(uid) + "&next=/issues/TK-1/status-changes", {"retraction_reason": "x"},
                  to="/retractions")  # fmt: skip
    assert answer.location == HISTORY


def correction(client: FlaskClient, uid: str, history: str = HISTORY) -> dict[str, Any]:
    """Open the form that corrects an entry, and give all that it would send."""
    page = client.get(f"{history}/new?corrects={uid}")
    assert page.status_code == 200
    return dict(form_on(page.text))


def test_correction_begins_with_what_it_replaces(as_ed: FlaskClient, world: World) -> None:
    form = correction(as_ed, opened(world).uid)
    assert form["corrects"] == [opened(world).uid]
    assert form["retraction_reason"] == [""]
    assert (form["status"], form["effective_on"]) == (["open"], ["2025-12-02"])
    assert form["citations-0-quote"] == [QUOTE]
    assert form["citations-0-source"] == [str(world.article.id)]
    assert form["citations-0-locator"] == ["para 3"]


def test_correction_takes_the_place_of_what_it_replaces(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    old, water = opened(world), world.water
    water.change_status(Status.PARKED, dating=Dating(DAY), by=world.ed, citing=[world.cite(QUOTE)])
    session.commit()
    form = correction(as_ed, old.uid)
    form |= {"status": "blocked", "reason": "They stopped.", "retraction_reason": f"Not open {HARM}"}
    assert as_ed.post(HISTORY, data=form).status_code == 303
    page = as_ed.get("/issues/TK-1").text
    status = words(element(page, "status"))
    assert "As a whole Parked by consent" in status  # it did not jump the queue
    assert "<img" not in page
    session.rollback()
    assert old.retraction is not None
    new = session.scalars(select(StatusChange).where(StatusChange.uid == old.retraction.replaced_by)).one()
    assert (new.status, new.first_recorded_at) == (Status.BLOCKED, old.first_recorded_at)
    assert new.recorded_at == old.retraction.recorded_at
    places = [page.index(f'id="e-{uid}"') for uid in (water.status_on().uid, new.uid, old.uid)]  # type: ignore[union-attr]
    assert places == sorted(places)
    assert "Corrected" in words(element(page, f"e-{old.uid}"))
    assert "by Ed: Not open" in words(element(page, f"e-{old.uid}"))
    assert "corrects an entry of" in words(element(page, f"e-{new.uid}"))


def test_correction_needs_both_reasons_and_keeps_what_was_typed(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    form = correction(as_ed, opened(world).uid) | {"effective_on": "2025-12-01"}
    page = as_ed.post(HISTORY, data=form)
    assert page.status_code == 422
    assert fault(page.text, "retraction_reason") == "Error: Say why."
    assert "a correction always need a reason" in fault(page.text, "reason")
    assert shows_typed(page.text, {name: form[name] for name in form if name != "csrf_token"})
    assert count(session) == 0
    long = as_ed.post(HISTORY, data=form | {"reason": "x", "retraction_reason": "x" * 10_001})
    assert "10000 is the most" in fault(long.text, "retraction_reason")
    assert fault(long.text, "reason") == ""


def test_refused_correction_withdraws_nothing(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = correction(as_ed, opened(world).uid)
    form |= {"retraction_reason": "Wrong.", "reason": "So.", "citations-0-quote": "Never said"}
    assert as_ed.post(HISTORY, data=form).status_code == 422
    assert count(session) == 0


def test_what_was_withdrawn_is_not_corrected(as_ed: FlaskClient, world: World) -> None:
    form = correction(as_ed, opened(world).uid) | {"retraction_reason": "Wrong.", "reason": "So."}
    retract(as_ed, opened(world).uid)
    assert as_ed.post(HISTORY, data=form).status_code == 409
    form["base_version"] = [hidden(as_ed, HISTORY + "/new")["base_version"]]
    page = as_ed.post(HISTORY, data=form)
    assert page.status_code == 422
    assert "This was retracted already." in words(page.text)


def test_correction_of_nothing_or_of_another_kind_is_refused(as_ed: FlaskClient, world: World) -> None:
    form = correction(as_ed, opened(world).uid) | {"retraction_reason": "Wrong.", "reason": "So."}
    line = world.water.position_of(world.red)
    assert line is not None
    for uid, message in (
        ("none", "There is no such entry to correct."),
        (line.uid, "A correction replaces an entry of its own kind."),
    ):
        page = as_ed.post(HISTORY, data=form | {"corrects": uid})
        assert page.status_code == 422
        assert message in words(page.text)
        assert as_ed.get(f"{HISTORY}/new?corrects={uid}").status_code == 404


def test_many_sources_survive_a_correction(as_ed: FlaskClient, world: World, session: Session) -> None:
    citing = [Cite(world.report, locator=f"page {number}") for number in range(12)]
    change = world.border.change_status(
        Status.OPEN, dating=Dating(date(2025, 12, 3)), by=world.ed, citing=citing, reason="So."
    )
    session.commit()
    history = "/issues/TK-2/status-changes"
    form = correction(as_ed, change.uid, history) | {
        "retraction_reason": "Day.",
        "effective_on": "2025-12-04",
    }
    assert as_ed.post(history, data=form).status_code == 303
    session.rollback()
    border = session.get_one(Issue, world.border.id)
    found = border.status_on()
    assert found is not None
    assert [citation.locator for citation in found.evidence] == [f"page {number}" for number in range(12)]

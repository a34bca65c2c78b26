"""Recording what a party claims: on an issue or of the whole talks, beside the desk's status."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import HTMX, Statements, csrf, hidden, htmx_on, post, undo_of
from tests.views.reading import element, fault, form_on, shows_typed, words
from tests.world import DAY, QUOTE, World
from tracker.models import Event, Person, StatusClaim
from tracker.models.vocabulary import EventKind, Status, Visibility

ISSUE = "/issues/TK-1/claims"
TALKS = "/negotiations/TK/claims"
HARM = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def typed(world: World, **more: Any) -> dict[str, Any]:
    """What an editor types of Red's claim."""
    return {
        "party": "red",
        "share": "90",
        "effective_on": "2025-12-05",
        "citations-0-source": str(world.report.id),
    } | more


def claims(session: Session) -> list[StatusClaim]:
    """Read all claims in the order of entry."""
    session.rollback()
    return [*session.scalars(select(StatusClaim).order_by(StatusClaim.id))]


@pytest.mark.parametrize("about", [ISSUE, TALKS])
def test_form_is_a_page_and_a_part_of_it(as_ed: FlaskClient, about: str) -> None:
    page, part = as_ed.get(about + "/new"), as_ed.get(about + "/new", headers=HTMX)
    assert page.status_code == part.status_code == 200
    assert "<html" not in part.text
    assert part.text.strip() == element(part.text, "claim_form")
    assert words(element(page.text, "claim_form")) == words(part.text)
    form = form_on(page.text)
    assert (form["party"], form["status"], form["share"], form["stated_by"]) == ([""], [""], [""], [""])
    assert 'value="Rosa Reed"' in page.text  # offered
    assert ("issue" in form) is (about == TALKS)


def test_the_address_fills_the_form(as_ed: FlaskClient, world: World) -> None:
    query = {"party": "red", "issue": "TK-2", "source": world.article.id, "quote": "for Blue’s dam"}
    form = form_on(as_ed.get(TALKS + "/new", query_string=query).text)
    assert (form["party"], form["issue"]) == (["red"], ["TK-2"])
    assert form["words"] == ["for Blue’s dam"]
    assert (form["citations-0-quote"], form["effective_on"]) == (["for Blue’s dam"], [DAY.isoformat()])


@pytest.mark.parametrize("about", [ISSUE, TALKS])
@pytest.mark.parametrize(("name", "read", "write"), [("client", 303, 401), ("as_vera", 403, 403)])
def test_recording_is_for_editors(
    request: pytest.FixtureRequest, about: str, name: str, read: int, write: int, world: World,
    session: Session,
) -> None:  # fmt: skip
    who = request.getfixturevalue(name)
    assert who.get(about + "/new").status_code == read
    assert who.post(about, data=csrf(who) | typed(world)).status_code == write
    assert "Record a claim" not in words(who.get("/issues/TK-1").text + who.get(about).text)
    assert claims(session) == []


def test_restricted_talks_are_not_there(as_ed: FlaskClient, world: World, session: Session) -> None:
    form = hidden(as_ed, ISSUE + "/new")
    session.rollback()
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    for about in (ISSUE, TALKS):
        assert as_ed.get(about + "/new").status_code == 404
        assert as_ed.post(about, data=form | typed(world)).status_code == 404


def test_a_claim_on_an_issue_stands_beside_what_the_desk_says(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    event = Event(negotiation=world.talks, title="Third round", starts_on=DAY, kind=EventKind.ROUND)
    event.add(session, by=world.ed)
    session.commit()
    said = typed(
        world, stated_by="R. Reed", status="agreed_in_principle", words="Only the price is left.",
        between=["red", "blue"], track="shuttle", event=str(event.id), effective_words="early December",
        **{"citations-0-credibility": "2", "citations-0-locator": "page 3"},
    )  # fmt: skip
    answer = post(as_ed, ISSUE + "/new", said, to=ISSUE)
    assert (answer.status_code, answer.location) == (303, "/issues/TK-1#claims")
    page = as_ed.get("/issues/TK-1").text
    assert "Claim of Red on TK-1: recorded. Undo" in words(element(page, "flash"))
    (claim,) = claims(session)
    assert (claim.party, claim.issue, claim.track) == (world.red, world.water, world.shuttle)
    assert (claim.stated_by, claim.status, claim.share) == ("R. Reed", Status.AGREED_IN_PRINCIPLE, 90)
    assert (claim.words, claim.between) == ("Only the price is left.", ["blue", "red"])
    assert (claim.effective_words, claim.event and claim.event.id) == ("early December", event.id)
    assert [(c.locator, c.credibility.value) for c in claim.citations] == [("page 3", "2")]
    told = "90 % agreed; Agreed in principle between Red, Blue; Only the price is left."
    assert f"{told} Shuttle of the mediator R. Reed No status yet early December" in words(
        element(page, f"e-{claim.uid}")
    )
    assert "As a whole Open" in words(element(page, "status"))  # a claim changes no status
    assert told in words(as_ed.get(ISSUE).text)


def test_saving_in_place_answers_the_claims_and_the_sources(as_ed: FlaskClient, world: World) -> None:
    answer = post(as_ed, ISSUE + "/new", typed(world), to=ISSUE, htmx=True)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#claims"
    assert "90 % agreed Open 5 Dec 2025" in words(element(answer.text, "claims"))
    assert world.report.title in words(element(answer.text, "sources"))
    assert undo_of(answer.text)["next"] == "/issues/TK-1"


def test_saved_beside_the_text_of_a_source_the_text_stays(as_ed: FlaskClient, world: World) -> None:
    source = f"/sources/{world.article.id}"
    form = hidden(as_ed, f"{ISSUE}/new?source={world.article.id}&next={source}")
    said = form | typed(world, **{"citations-0-source": str(world.article.id)})
    answer = as_ed.post(ISSUE, data=said, headers=htmx_on(source))
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#text"
    assert undo_of(answer.text)["next"] == source


def test_a_claim_of_the_whole_talks(as_ed: FlaskClient, world: World, session: Session) -> None:
    answer = post(as_ed, TALKS + "/new", typed(world), to=TALKS)
    assert (answer.status_code, answer.location) == (303, TALKS)
    page = as_ed.get(TALKS).text
    assert "Claim of Red on the whole talks: recorded." in words(page)
    (claim,) = claims(session)
    assert (claim.issue, claim.track) == (None, None)
    assert "The whole talks 90 % agreed" in words(element(page, f"e-{claim.uid}"))
    assert as_ed.post("/retractions", data=undo_of(page)).location == TALKS
    assert 'class="retracted"' in as_ed.get(TALKS).text


def test_the_form_of_the_talks_takes_an_issue(as_ed: FlaskClient, world: World, session: Session) -> None:
    answer = post(as_ed, TALKS + "/new", typed(world, issue="tk-2 Border"), to=TALKS)
    assert answer.location == "/issues/TK-2#claims"
    assert claims(session)[0].issue == world.border


@pytest.mark.parametrize("name", ["Rosa Reed", "r. reed"])
def test_who_said_it_fills_the_party(as_ed: FlaskClient, world: World, session: Session, name: str) -> None:
    assert post(as_ed, ISSUE + "/new", typed(world, party="", stated_by=name), to=ISSUE).status_code == 303
    assert [(c.party, c.stated_by) for c in claims(session)] == [(world.red, name)]


def test_a_name_fills_no_party_over_the_one_chosen(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    post(as_ed, ISSUE + "/new", typed(world, party="blue", stated_by="Rosa Reed"), to=ISSUE)
    assert [c.party for c in claims(session)] == [world.blue]


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"party": ""}, "party", "Say whose claim it is."),
        ({"party": "", "stated_by": "Nobody"}, "party", "Say whose claim it is."),
        ({"party": "green"}, "party", "There is no such party"),
        ({"share": ""}, "words", "Give the claimed status, a share, or the party’s words."),
        ({"share": "101"}, "share", "A share lies between 0 and 100 per cent."),
        ({"share": "-1"}, "share", "A share lies between 0 and 100 per cent."),
        ({"share": "1e300"}, "share", "too large"),
        ({"share": "nan"}, "share", "whole number"),
        ({"share": "inf"}, "share", "whole number"),
        ({"share": "90.5"}, "share", "whole number"),
        ({"share": "most"}, "share", "This is not a number."),
        ({"status": "done"}, "status", "is not one of the choices"),
        ({"track": "train"}, "track", "There is no such track"),
        ({"between": ["red", "green"]}, "between", "green"),
        ({"effective_on": ""}, "effective_on", "Give the day"),
        ({"effective_on": "2999-01-01"}, "effective_on", "future"),
        ({"citations-0-source": ""}, "citations-0-source", "Nothing is recorded without a source"),
        ({"words": "x" * 10_001}, "words", "10000 is the most"),
        ({"words": "nul \x00"}, "words", "NUL"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(
    as_ed: FlaskClient, world: World, session: Session, wrong: dict[str, Any], field: str, message: str
) -> None:
    given = typed(world) | wrong
    page = post(as_ed, ISSUE + "/new", given, to=ISSUE)
    assert page.status_code == 422
    shown = fault(page.text, field) or words(element(page.text, "claim_form"))
    assert message in shown
    kept = {name: value for name, value in given.items() if "\x00" not in value and value != "green"}
    assert shows_typed(page.text, {k: v for k, v in kept.items() if k not in ("between", "status", "track")})
    assert claims(session) == []


def test_per_cent_may_be_typed_with_its_sign(as_ed: FlaskClient, world: World, session: Session) -> None:
    assert post(as_ed, ISSUE + "/new", typed(world, share=" 90 % "), to=ISSUE).status_code == 303
    assert claims(session)[0].share == 90


def test_pressed_twice_it_is_entered_once_and_other_content_conflicts(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    given = hidden(as_ed, ISSUE + "/new") | typed(world)
    assert [as_ed.post(ISSUE, data=given).status_code for _ in range(2)] == [303, 303]
    assert as_ed.post(ISSUE, data=given | {"share": "80"}).status_code == 409
    assert len(claims(session)) == 1


@pytest.mark.parametrize("about", [ISSUE, TALKS])
def test_a_claim_is_corrected(as_ed: FlaskClient, world: World, session: Session, about: str) -> None:
    post(as_ed, about + "/new", typed(world, stated_by="R. Reed", between=["red"]), to=about)
    (wrong,) = claims(session)
    where = f"{about}/new?corrects={wrong.uid}"
    assert f'href="{where}"' in as_ed.get(about).text
    form: dict[str, Any] = dict(form_on(as_ed.get(where).text))
    assert "Required. It is shown beside the entry" in as_ed.get(where).text
    assert (form["party"], form["share"], form["stated_by"]) == (["red"], ["90"], ["R. Reed"])
    assert form["between"] == ["red"]
    page = as_ed.post(about, data=form | {"share": "80"})
    assert page.status_code == 422
    assert fault(page.text, "retraction_reason") == "Error: Say why."
    form |= {"share": "80", "retraction_reason": "Misheard."}
    answer = as_ed.post(about, data=form)
    assert answer.status_code == 303
    old, new = claims(session)
    assert old.retraction
    assert (old.retraction.reason, old.retraction.replaced_by) == ("Misheard.", new.uid)
    assert (new.share, new.first_recorded_at) == (80, old.first_recorded_at)
    page = as_ed.get(about)
    assert "recorded. Correct" in words(page.text)  # and not Undo
    assert "Corrected" in words(element(page.text, f"e-{old.uid}"))
    assert as_ed.get(f"/issues/TK-2/claims/new?corrects={new.uid}").status_code == 404


def test_a_claim_is_retracted_and_stays_readable(as_ed: FlaskClient, world: World, session: Session) -> None:
    post(as_ed, ISSUE + "/new", typed(world), to=ISSUE)
    (claim,) = claims(session)
    form = f"/retractions/new?entry={claim.uid}"
    assert f'href="{form}"' in element(as_ed.get("/issues/TK-1").text, "claims")
    assert "Red: 90 % agreed" in words(element(as_ed.get(form).text, "retraction_form"))
    assert post(as_ed, form, {"retraction_reason": "Misheard."}, to="/retractions").status_code == 303
    row = element(as_ed.get("/issues/TK-1").text, f"e-{claim.uid}")
    assert 'class="retracted"' in row
    assert "by Ed: Misheard." in words(row)


def test_nothing_typed_runs_as_a_script(as_ed: FlaskClient, world: World) -> None:
    said = typed(world, stated_by=HARM, words=HARM, effective_words=HARM, **{"citations-0-quote": HARM})
    refused = post(as_ed, ISSUE + "/new", said | {"effective_on": HARM, "party": HARM}, to=ISSUE)
    assert post(as_ed, ISSUE + "/new", said, to=ISSUE).status_code == 303
    assert post(as_ed, TALKS + "/new", said, to=TALKS).status_code == 303
    assert refused.status_code == 422
    pages = ["/issues/TK-1", ISSUE, TALKS, "/negotiations/TK", "/negotiations/TK?view=claims",
             "/negotiations/TK/timeline"]  # fmt: skip
    for html in (refused.text, *(as_ed.get(address).text for address in pages)):
        assert "<img" not in html
        assert "<script>" not in html
        assert "497" not in words(html)


def test_the_same_statements_for_one_person_as_for_fifty(
    as_ed: FlaskClient, world: World, session: Session, statements: Statements
) -> None:
    as_ed.get(ISSUE + "/new")
    with statements() as few:
        as_ed.get(ISSUE + "/new")
    session.add_all(Person(name=f"Person {number}", party=world.blue) for number in range(50))
    session.commit()
    with statements() as many:
        page = as_ed.get(ISSUE + "/new")
    assert page.text.count('<option value="Person') == 50
    assert len(many) == len(few)


def test_a_quote_of_the_stored_text_is_looked_up(as_ed: FlaskClient, world: World, session: Session) -> None:
    cited = {"citations-0-source": str(world.article.id), "citations-0-quote": QUOTE}
    assert post(as_ed, ISSUE + "/new", typed(world, **cited), to=ISSUE).status_code == 303
    assert [(c.is_checked, c.locator) for c in claims(session)[0].citations] == [(True, "para 3")]
    page = post(as_ed, ISSUE + "/new", typed(world, **cited | {"citations-0-quote": "Never said"}), to=ISSUE)
    assert "not in the source’s stored text" in fault(page.text, "citations-0-quote")

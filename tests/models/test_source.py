from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import NOON, at, change, refuses, withdraw
from tests.world import DAY, QUOTE, TEXT, World, make_source
from tracker.dates import latest_day
from tracker.db import TEXT as LONGEST
from tracker.models import Cite, Conflict, Event, Grant, Negotiation, Proposal, Source, User
from tracker.models.alike import is_web_address
from tracker.models.vocabulary import Handling, Status, Visibility


def other_talks(session: Session, visibility: Visibility) -> Negotiation:
    talks = Negotiation(code="OT", title="Other talks", visibility=visibility, recorded_at=NOON)
    session.add(talks)
    session.flush()
    return talks


def seen(session: Session, user: User | None) -> set[str]:
    return {*session.scalars(select(Source.title).where(Source.visible_to(user)))}


def test_text_is_stored_in_its_clean_form(world: World) -> None:
    world.report.set_text("\r\nOne co\u0302te\u0301.\r\n\r\nTwo so\u00adft.\n")
    assert world.report.text == "One côté.\n\nTwo soft."
    assert world.report.paragraphs == [(0, "One côté."), (11, "Two soft.")]


def test_nothing_but_blanks_is_no_text(world: World) -> None:
    world.report.set_text(" \n")
    assert world.report.text is None
    assert world.report.paragraphs == []


def test_text_may_change_until_it_is_quoted(world: World, session: Session) -> None:
    source = make_source(session, world.talks, "Another", "Some words.")
    session.commit()
    source.edit({"text": "Other words."})
    session.commit()
    assert source.text == "Other words."
    change(world, Status.OPEN, citing=[Cite(source, quote="Other words")])
    session.commit()
    with refuses("text"):
        source.edit({"text": "Words."})
    assert source.text == "Other words."
    with refuses("text"):
        source.edit({"text": None})
    source.edit({"text": "Other words.\r\n"})  # the same in its clean form


def test_text_may_be_stored_after_it_was_quoted_unchecked(world: World, session: Session) -> None:
    change(world, Status.OPEN, citing=[Cite(world.report, quote="Words that nobody checked")])
    session.commit()
    assert not world.report.is_quoted
    world.report.edit({"text": "The text that was found since."})
    session.commit()
    assert world.report.text == "The text that was found since."


def test_a_quoted_text_changes_by_no_other_way(world: World, session: Session) -> None:
    session.expire_all()
    world.article.text = "Other words."
    with refuses("text"):
        session.commit()
    session.rollback()
    world.article.set_text(None)
    with refuses("text"):
        session.flush()
    session.rollback()
    world.article.set_text(TEXT)
    world.article.title = "Another title"
    session.commit()


def test_a_retracted_quote_is_still_quoted(world: World) -> None:
    assert world.article.is_quoted
    assert world.article.checked


def test_second_editor_of_a_source_is_told(world: World, session: Session) -> None:
    world.article.edit({"title": "New"}, base_version=1)
    session.commit()
    assert world.article.version == 2
    with pytest.raises(Conflict):
        world.article.edit({"title": "Newer"}, base_version=1)
    world.article.edit({"title": "New"}, base_version=2)
    assert world.article.version == 2  # nothing changed


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "//example.org"}, "url"),
        ({"archived_url": "ftp://example.org"}, "archived_url"),
        ({"language": "English!"}, "language"),
        ({"published_on": date(9000, 1, 1)}, "published_on"),
        ({"accessed_on": date(9000, 1, 1)}, "accessed_on"),
        ({"text": "a" * (LONGEST + 1)}, "text"),
        ({"title": "a\x00"}, "title"),
        ({"authors": ["a" * 301]}, "authors"),
    ],
)
def test_faulty_source_is_refused(world: World, values: dict[str, object], field: str) -> None:
    with refuses(field):
        world.report.edit(values)


def test_source_is_added_by_someone_and_filed_somewhere(world: World, session: Session) -> None:
    source = Source(title="New", published_on=latest_day())
    with refuses("negotiations"):
        source.add(session, filed_under=[], by=world.ed)
    source.add(session, filed_under=[world.talks], by=world.ed)
    session.commit()
    assert (source.recorded_by, source.recorded_by_id) == ("Ed", world.ed.id)
    assert [filing.negotiation for filing in source.filings] == [world.talks]
    imported = Source(title="Old")
    imported.add(session, filed_under=[world.talks], by=world.ed, recorded=at(-60, uid="u"))
    assert (imported.uid, imported.recorded_at) == ("u", at(-60).at)


def test_source_is_filed_once_and_withdrawn_only_where_nothing_rests_on_it(
    world: World, session: Session
) -> None:
    other = other_talks(session, Visibility.INTERNAL)
    world.article.edit({}, file_under=[other, other, world.talks])
    session.commit()
    assert [filing.negotiation.code for filing in world.article.filings] == ["TK", "OT"]
    with refuses("negotiations"):
        world.article.edit({}, withdraw_from=[world.talks])
    session.rollback()
    world.article.edit({}, withdraw_from=[other])
    session.commit()
    assert [filing.negotiation.code for filing in world.article.filings] == ["TK"]


@pytest.mark.parametrize("kind", ["event", "proposal"])
def test_events_and_proposals_rest_on_sources_too(world: World, session: Session, kind: str) -> None:
    source = make_source(session, world.talks, "Another")
    source.file_under(other_talks(session, Visibility.INTERNAL))
    if kind == "event":
        event = Event(negotiation=world.talks, title="Round", starts_on=DAY)
        event.add(session, by=world.ed, citing=[Cite(source)])
    else:
        Proposal(negotiation=world.talks, title="Plan", source=source).add(session, by=world.ed)
    session.commit()
    with refuses("negotiations"):
        source.edit({}, withdraw_from=[world.talks])


def test_source_is_seen_by_those_who_see_one_of_its_negotiations(world: World, session: Session) -> None:
    for number, visibility in enumerate(Visibility):
        talks = Negotiation(code=f"N{number}", title="T", visibility=visibility, recorded_at=NOON)
        make_source(session, talks, visibility.value)
        session.flush()
        if visibility is Visibility.RESTRICTED:
            session.add(Grant(negotiation=talks, user=world.vera))
    session.commit()
    mine = {world.article.title, world.report.title}
    assert seen(session, None) == mine | {"public"}
    assert seen(session, world.ann) == mine | {"public", "internal"}
    assert seen(session, world.vera) == mine | {"public", "internal", "restricted"}
    assert Source.find(session, world.article.id, None) is world.article
    assert Source.find(session, 999, world.ann) is None


@pytest.mark.parametrize("handling", [handling for handling in Handling if handling is not Handling.CLEAR])
def test_strangers_see_what_is_clear_alone(world: World, session: Session, handling: Handling) -> None:
    make_source(session, world.talks, "Marked").handling = handling
    session.commit()
    assert "Marked" not in seen(session, None)
    assert "Marked" in seen(session, world.vera)


def test_strangers_see_no_source_added_after_publication(world: World, session: Session) -> None:
    world.talks.publish()
    session.commit()
    make_source(session, world.talks, "Late")
    session.commit()
    assert seen(session, None) == {world.article.title, world.report.title}
    assert "Late" in seen(session, world.vera)
    world.talks.publish()
    session.commit()
    assert "Late" in seen(session, None)


def test_stored_text_is_shown_to_those_who_sign_in_or_where_it_is_free(world: World) -> None:
    assert world.article.shows_text_to(world.vera)
    assert not world.article.shows_text_to(None)
    world.article.is_free_to_show = True
    assert world.article.shows_text_to(None)
    assert not world.report.shows_text_to(world.vera)


def test_source_that_open_entries_rest_on_stays_clear(world: World, session: Session) -> None:
    world.article.handling = Handling.AMBER
    with refuses("handling"):
        session.commit()
    session.rollback()
    other = make_source(session, world.talks, "Another")
    other.handling = Handling.RED
    change(world, Status.OPEN, citing=[world.cite(QUOTE), Cite(other)])
    session.commit()
    other.handling = Handling.AMBER
    session.commit()


def test_negotiation_opens_only_where_each_entry_has_a_source_for_all(world: World, session: Session) -> None:
    world.talks.visibility = Visibility.INTERNAL
    session.commit()
    secret = make_source(session, world.talks, "Another")
    secret.handling = Handling.AMBER
    entered = change(world, Status.OPEN, citing=[Cite(secret)])
    session.commit()
    world.talks.visibility = Visibility.PUBLIC
    with refuses("visibility"):
        session.commit()
    session.rollback()
    withdraw(world, entered)
    world.talks.visibility = Visibility.PUBLIC
    session.commit()


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "https://example.org/a?b=c#d", "HTTPS://Example.org", "http://192.0.2.1:80/"],
)
def test_web_address_is_one(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " https://example.org",
        "https://exa mple.org",
        "https:///path",
        "https:example.org",
        "data:text/html,x",
        "http://[::1",
        "https://\x7f",
    ],
)
def test_other_address_is_none(address: str) -> None:
    assert not is_web_address(address)

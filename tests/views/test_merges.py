"""The pages on which sources are merged, and how a merge is shown and undone."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.models.acts import change
from tests.views.conftest import Statements, hidden, post, undo_of
from tests.views.reading import element, words
from tests.world import DAY, QUOTE, TEXT, World, make_source
from tracker.models import Cite, Negotiation, Retraction, Source, SourceMerge
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Status, Visibility


@pytest.fixture
def copy(world: World, session: Session) -> Source:
    """A second source with the text of the article; the border is open by it."""
    made = make_source(session, world.talks, "The agency’s text", TEXT)
    made.publisher, made.published_on = "Agency", DAY
    session.commit()
    change(world, Status.OPEN, citing=[Cite(made, quote=QUOTE)])
    session.commit()
    return made


def form(source: Source, into: Source) -> str:
    return f"/sources/{source.id}/merges/new?into={into.id}"


def merge(client: FlaskClient, source: Source, into: Source, reason: str = "The agency’s text.") -> str:
    """Merge by the form, and give the address it leads to."""
    typed = {"reason": reason}
    answer = post(client, form(source, into), typed, to=f"/sources/{source.id}/merges")
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location)


def test_both_sources_are_set_side_by_side(as_ed: FlaskClient, world: World, copy: Source) -> None:
    page = as_ed.get(form(copy, world.article)).text
    told = words(element(page, "merge_form"))
    assert "Title The agency’s text Talks on the lake go on" in told
    assert "Publisher Agency The Lake" in told
    assert "Text the same text the same text" in told
    assert "Entries that rest on it 1 2" in told
    assert f"/sources/{world.article.id}/merges/new?into={copy.id}" in page
    told = words(element(as_ed.get(form(copy, world.report)).text, "merge_form"))
    assert "Text stored none stored" in told


def test_it_is_said_where_the_source_that_is_kept_has_less(
    as_ed: FlaskClient, session: Session, world: World, copy: Source
) -> None:
    world.report.published_on = DAY
    session.commit()

    def told(source: Source, into: Source) -> str:
        return words(element(as_ed.get(form(source, into)).text, "merge_form"))

    assert "has no text, and this source has one: consider keeping the other. Keep" in told(
        copy, world.report
    )
    for other in (world.article, copy):
        assert "consider keeping" not in told(world.report, other)
    world.report.published_on = None
    session.commit()
    assert "has no text and no day, and this source has both" in told(copy, world.report)
    swapped = f'href="{form(world.report, copy)}"'
    assert swapped in as_ed.get(form(copy, world.report)).text


def test_the_other_source_is_found_by_likeness_words_or_number(
    as_ed: FlaskClient, world: World, copy: Source
) -> None:
    address = f"/sources/{copy.id}/merges/new"
    link = f'href="{address}?into={world.article.id}"'
    page = as_ed.get(address).text
    assert link in page
    assert "the same text" in words(element(page, "merge_form"))
    found = as_ed.get(f"{address}?q=lake").text
    assert link in found
    assert "No source fits" in as_ed.get(f"{address}?q=nowhere").text
    assert "Both sources side by side" in as_ed.get(f"{address}?q={world.article.id}").text
    assert "No source fits" in as_ed.get(f"{address}?q=4711").text


@pytest.mark.parametrize("into", ["4711", "x", "-1", "99999999999999999999"])
def test_a_source_that_is_not_there_is_no_choice(as_ed: FlaskClient, copy: Source, into: str) -> None:
    answer = as_ed.get(f"/sources/{copy.id}/merges/new?into={into}")
    assert answer.status_code == 400
    assert "into: There is no source" in words(answer.text)


def test_readers_are_shown_the_source_that_is_kept(
    as_ed: FlaskClient, client: FlaskClient, world: World, copy: Source
) -> None:
    address = merge(as_ed, copy, world.article)
    assert address == f"/sources/{world.article.id}"
    for reader in (as_ed, client):
        issue = reader.get("/issues/TK-2").text
        assert "The agency’s text" not in issue
        assert f'href="/sources/{copy.id}">from another copy</a>' in issue
        kept = reader.get(address).text
        assert "quoted from the copy source" in words(element(kept, "rests"))
        assert "Merged into this" in words(element(kept, "copies"))
        note = words(element(reader.get(f"/sources/{copy.id}").text, "merged"))
        assert "the same article as Talks on the lake go on, The Lake" in note
        assert "by Ed: The agency’s text." in note
        listed = reader.get("/sources").text
        assert "The agency’s text" not in listed
        assert "1 more is the same article as another and merged into it." in words(listed)
        only = reader.get("/sources?copies=only").text
        assert "The agency’s text" in only
        assert "Talks on the lake go on" not in only
    assert "Undo the merge" in as_ed.get(address).text
    assert "Undo the merge" not in client.get(address).text
    assert client.get("/sources?copies=all").status_code == 400


def test_marks_in_the_text_are_those_of_its_own_quotes(
    as_ed: FlaskClient, world: World, copy: Source
) -> None:
    before = as_ed.get(f"/sources/{world.article.id}").text
    merge(as_ed, copy, world.article)
    after = as_ed.get(f"/sources/{world.article.id}").text
    assert element(before, "text") == element(after, "text")


def test_the_page_as_known_before_the_merge_shows_what_it_showed(
    as_ed: FlaskClient, world: World, copy: Source, session: Session
) -> None:
    merge(as_ed, copy, world.article)
    session.rollback()
    moment = session.scalars(select(SourceMerge.recorded_at)).one()
    entered = max(entry.recorded_at for entry in copy.entries)
    known = (entered + (moment - entered) / 2).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    page = as_ed.get(f"/issues/TK-2?known_at={known}").text
    assert "The agency’s text" in page
    assert "from another copy" not in page


def test_what_is_refused_keeps_what_was_typed(as_ed: FlaskClient, world: World, copy: Source) -> None:
    to = f"/sources/{copy.id}/merges"
    answer = post(as_ed, form(copy, world.article), {"reason": " "}, to=to)
    assert answer.status_code == 422
    assert "Say why." in words(answer.text)
    answer = post(as_ed, form(copy, copy), {"reason": "Kept words."}, to=to, htmx=True)
    assert answer.status_code == 422
    assert "A source is not merged into itself." in words(answer.text)
    assert "Kept words." in answer.text
    answer = post(as_ed, f"/sources/{copy.id}/merges/new", {"reason": "Kept words."}, to=to)
    assert answer.status_code == 422
    assert "Choose the source that is kept." in words(answer.text)
    for value in ("x", "4711", "\x00"):
        typed = {"reason": "Kept words.", "into": value}
        assert post(as_ed, form(copy, world.article), typed, to=to).status_code == 422


def test_sources_of_different_handling_are_refused_in_a_sentence(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    secret = make_source(session, world.talks, "A secret")
    secret.handling = Handling.AMBER
    session.commit()
    to = f"/sources/{secret.id}/merges"
    answer = post(as_ed, form(secret, world.article), {"reason": "The same."}, to=to)
    assert answer.status_code == 422
    assert "only sources of the same handling are merged" in words(answer.text)


@pytest.fixture
def closed(session: Session) -> Negotiation:
    """Talks to which nobody has access."""
    made = Negotiation(code="RR", title="Secret talks", visibility=Visibility.RESTRICTED)
    session.add(made)
    made.recorded_at = made.moment
    session.commit()
    return made


def test_what_is_filed_where_an_editor_has_no_access_is_refused_without_telling_where(
    as_ed: FlaskClient, world: World, copy: Source, closed: Negotiation, session: Session
) -> None:
    copy.edit({}, file_under=[closed])
    session.commit()
    for source, into in ((copy, world.report), (world.report, copy)):
        to = f"/sources/{source.id}/merges"
        answer = post(as_ed, form(source, into), {"reason": "The same."}, to=to)
        assert answer.status_code == 422
        told = words(answer.text)
        assert "“The agency’s text” is filed where you have no access, too." in told
        assert "RR" not in told
        assert "Secret" not in told
        assert "The same." in answer.text
    session.rollback()
    assert [filing.negotiation.code for filing in world.report.filings] == ["TK"]


def test_readers_of_the_past_are_led_to_no_source_that_they_cannot_open(
    client: FlaskClient,
    as_vera: FlaskClient,
    world: World,
    copy: Source,
    closed: Negotiation,
    session: Session,
) -> None:
    kept = make_source(session, world.talks, "Kept elsewhere")
    kept.file_under(closed)
    session.commit()
    made = SourceMerge(source=copy, into=kept, reason="The same.")
    made.add(session, by="import")
    session.commit()
    moment = made.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    retract(made, reason="They differ.", by=world.ed).refuse()
    session.commit()
    address = f"/issues/TK-2?known_at={moment}"
    for reader in (client, as_vera):
        assert f'href="/sources/{kept.id}"' in reader.get(address).text
    kept.edit({}, withdraw_from=[world.talks])
    session.commit()
    for reader in (client, as_vera):
        assert reader.get(f"/sources/{kept.id}").status_code == 404
        page = reader.get(address)
        assert page.status_code == 200
        assert f'href="/sources/{copy.id}"' in page.text
        assert "Kept elsewhere" not in page.text
        assert reader.get(f"/sources/{copy.id}").status_code == 200


def test_a_merge_is_undone_by_one_press_or_with_a_reason(
    as_ed: FlaskClient, world: World, copy: Source, session: Session
) -> None:
    page = as_ed.get(merge(as_ed, copy, world.article)).text
    offer = undo_of(page)
    assert as_ed.post("/retractions", data=offer).location == f"/sources/{world.article.id}"
    page = as_ed.get("/sources").text
    assert "Each of the two sources is shown for itself again." in words(element(page, "flash"))
    assert "The agency’s text" in page
    merge(as_ed, copy, world.article)
    session.rollback()
    uid = session.scalars(select(SourceMerge.uid).order_by(SourceMerge.id.desc())).first()
    address = f"/retractions/new?entry={uid}"
    asked = words(as_ed.get(address).text)
    assert "Undo a merge" in asked
    assert "The agency’s text." in asked
    assert post(as_ed, address, {"retraction_reason": ""}, to="/retractions").status_code == 422
    answer = post(as_ed, address, {"retraction_reason": "They differ."}, to="/retractions")
    assert answer.location == f"/sources/{copy.id}"
    assert "merged" not in words(element(as_ed.get(f"/sources/{copy.id}").text, "main"))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Retraction)) == 2


def test_a_double_press_merges_once(as_ed: FlaskClient, world: World, copy: Source, session: Session) -> None:
    typed = hidden(as_ed, form(copy, world.article)) | {"reason": "The same."}
    for told in ("Merged. This source is shown", "This was saved already."):
        answer = as_ed.post(f"/sources/{copy.id}/merges", data=typed)
        assert (answer.status_code, answer.location) == (303, f"/sources/{world.article.id}")
        assert told in words(element(as_ed.get(answer.location).text, "flash"))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SourceMerge)) == 1


def test_copies_cost_no_statement_each(
    as_ed: FlaskClient, world: World, copy: Source, session: Session, statements: Statements
) -> None:
    def asked(address: str) -> int:
        as_ed.get(address)
        with statements() as found:
            assert as_ed.get(address).status_code == 200
        return len(found)

    addresses = ("/issues/TK-2", "/negotiations/TK/compare", "/sources", f"/sources/{world.article.id}")
    before = [asked(address) for address in addresses]
    merge(as_ed, copy, world.article)
    for number in range(3):
        merge(as_ed, make_copy(session, world, number), world.article)
    assert [asked(address) for address in addresses] == before


def make_copy(session: Session, world: World, number: int) -> Source:
    session.rollback()
    made = make_source(session, world.talks, f"Copy {number}")
    session.commit()
    return made

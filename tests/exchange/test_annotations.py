"""Citations as W3C annotations: what the standard asks for, and that positions cut out the words quoted."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import change, claim, state
from tests.world import DAY, QUOTE, TEXT, World, make_source, make_world
from tracker.dates import View
from tracker.db import now
from tracker.exchange.annotations import CONTEXT, Addresses, write
from tracker.models import Cite, Event, User
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, Status
from tracker.queries.annotations import annotated, annotated_sources

HOUSE = "https://talks.example.org"
#: Astral letters, an emoji of several code points and a combining accent stand before and in the words.
ODD = (
    "\U00010330\U00010331 \U0001f9d1\u200d\U0001f680 Cafe\u0301.\n\n"
    "«\U0001f54a мир \U00010332» said the envoy\U0001f600."
)


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


def addresses(here: str = f"{HOUSE}/sources/1/annotations") -> Addresses:
    return Addresses(
        collection=here,
        source=lambda id_: f"{HOUSE}/sources/{id_}",
        annotations=lambda id_: f"{HOUSE}/sources/{id_}/annotations",
        record=lambda record: f"{HOUSE}/{record.code}/{record.uid}",
        label=lambda record: record.title,
        signer=str.upper,
    )


def written(world: World, user: User | None = None, view: View | None = None) -> dict[str, Any]:
    """Write all citations of the talks, and read them as JSON."""
    found = annotated(world.talks.session, world.talks, view or View(), user)
    read: dict[str, Any] = json.loads("".join(write(found, "Talks", addresses())))
    return read


def items(world: World, user: User | None = None, view: View | None = None) -> list[dict[str, Any]]:
    read = written(world, user, view)
    return read["first"]["items"] if "first" in read else []


def selectors(item: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["type"]: each for each in item["target"]["selector"]}


def hold_to_the_standard(collection: dict[str, Any]) -> None:
    """Hold the keys that https://www.w3.org/TR/annotation-model/ asks for, and their kinds."""
    assert collection["@context"] == CONTEXT == "http://www.w3.org/ns/anno.jsonld"
    assert collection["type"] == "AnnotationCollection"
    assert collection["id"].startswith("https://")
    page = collection["first"]
    assert page["type"] == "AnnotationPage"
    assert page["partOf"] == collection["id"]
    assert page["startIndex"] == 0
    assert collection["total"] == len(page["items"])
    ids = {item["id"] for item in page["items"]}
    assert len(ids) == len(page["items"])
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["id"].startswith("https://")
        assert item["motivation"] == "linking"
        assert item["creator"]["type"] == "Person"
        created = datetime.fromisoformat(item["created"])
        assert item["created"].endswith("Z")
        assert created.tzinfo is not None
        assert item["body"]["id"].startswith("https://")
        target = item["target"]
        if isinstance(target, str):
            assert target.startswith("https://")
            continue
        assert target["source"].startswith("http")
        found = selectors(item)
        assert found["TextQuoteSelector"]["exact"]
        if "TextPositionSelector" in found:
            place = found["TextPositionSelector"]
            assert 0 <= place["start"] < place["end"]
            assert target["state"]["type"] == "TimeState"


def test_annotations_are_as_the_standard_asks(world: World, session: Session) -> None:
    world.article.accessed_on = DAY
    session.commit()
    read = written(world, world.vera)
    hold_to_the_standard(read)
    first = read["first"]["items"][0]
    citation = world.article.entries[0].citations[0]
    assert first["id"] == f"{HOUSE}/sources/{world.article.id}/annotations#{citation.uid}"
    assert first["creator"]["name"] == "ED"
    target = first["target"]
    assert target["source"] == "https://example.org/lake"
    assert target["state"] == {
        "type": "TimeState",
        "cached": f"{HOUSE}/sources/{world.article.id}",
        "sourceDate": "2025-12-02T00:00:00Z",
    }
    quote = selectors(first)["TextQuoteSelector"]
    place = selectors(first)["TextPositionSelector"]
    assert quote["exact"] == TEXT[place["start"] : place["end"]]
    assert quote["exact"].startswith("“We will not pay")  # as it stands in the text, not as it was typed
    assert TEXT[: place["start"]].endswith(quote["prefix"])
    assert TEXT[place["end"] :].startswith(quote["suffix"])
    assert first["body"]["label"] == "Water"


@pytest.mark.parametrize(
    "quote", ["\U0001f54a мир \U00010332", "said the envoy\U0001f600", "Café", "\U00010331"]
)
def test_positions_count_code_points_of_the_stored_text(world: World, session: Session, quote: str) -> None:
    odd = make_source(session, world.talks, "Odd", ODD)
    session.commit()
    change(world, Status.OPEN, citing=[Cite(odd, quote=quote)])
    session.commit()
    stored = odd.text or ""
    [item] = [each for each in items(world, world.vera) if each["body"]["label"] == "Border"]
    place, words = selectors(item)["TextPositionSelector"], selectors(item)["TextQuoteSelector"]
    assert stored[place["start"] : place["end"]] == words["exact"]
    points = list(map(ord, stored))[place["start"] : place["end"]]
    assert points == list(map(ord, words["exact"]))
    assert stored[: place["start"]].endswith(words["prefix"])
    assert stored[place["end"] :].startswith(words["suffix"])


def test_unchecked_quotes_say_their_words_alone_and_sources_without_a_quote_are_linked_whole(
    world: World, session: Session
) -> None:
    change(world, Status.OPEN, citing=[Cite(world.report, quote="Words of no text.")])
    session.commit()
    read = written(world, world.vera)
    hold_to_the_standard(read)
    found = read["first"]["items"]
    assert found[-1]["target"] == {
        "type": "SpecificResource",
        "source": f"{HOUSE}/sources/{world.report.id}",
        "selector": [{"type": "TextQuoteSelector", "exact": "Words of no text."}],
    }
    assert f"{HOUSE}/sources/{world.report.id}" in [item["target"] for item in found]


def test_a_quote_found_in_a_text_that_was_stored_later_has_a_place(world: World, session: Session) -> None:
    change(world, Status.OPEN, citing=[Cite(world.report, quote=QUOTE)])
    session.commit()
    before = now()
    world.report.edit({"text": TEXT})
    session.commit()

    def found(view: View) -> dict[str, dict[str, Any]]:
        [item] = [each for each in items(world, world.vera, view) if each["body"]["label"] == "Border"]
        return selectors(item)

    place, words = found(View())["TextPositionSelector"], found(View())["TextQuoteSelector"]
    assert TEXT[place["start"] : place["end"]] == words["exact"]
    assert TEXT[: place["start"]].endswith(words["prefix"])
    assert words["prefix"]
    assert found(View(known_at=before)) == {
        "TextQuoteSelector": {"type": "TextQuoteSelector", "exact": QUOTE}
    }


def test_strangers_get_the_words_but_not_what_stands_around_them(world: World, session: Session) -> None:
    found = items(world)
    assert len(found) == 4
    assert all("TextPositionSelector" not in selectors(each) for each in found[:2])
    assert selectors(found[0])["TextQuoteSelector"].keys() == {"type", "exact"}
    world.article.is_free_to_show = True
    session.commit()
    assert "TextPositionSelector" in selectors(items(world)[0])


def test_strangers_are_not_told_of_withheld_sources(world: World, session: Session) -> None:
    secret = make_source(session, world.talks, "A secret", TEXT)
    secret.handling = Handling.AMBER
    session.commit()
    change(world, Status.OPEN, citing=[Cite(world.report), Cite(secret, quote=QUOTE)])
    session.commit()
    assert len(items(world, world.vera)) == 6
    assert len(items(world)) == 5
    assert "secret" not in json.dumps(written(world))
    assert [*annotated_sources(session, [secret.id], View(), None)] == []


def test_what_was_retracted_is_left_out_but_as_known_before(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN, citing=[world.cite(QUOTE), Cite(world.report)])
    session.commit()
    both = now()
    retract(entered.citations[0], reason="Wrong.", by=world.ed).refuse()
    session.commit()
    one = now()
    retract(entered, reason="Wrong.", by=world.ed).refuse()
    session.commit()
    assert len(items(world, world.vera)) == 4
    assert len(items(world, world.vera, View(known_at=one))) == 5
    assert len(items(world, world.vera, View(known_at=both))) == 6
    assert items(world, world.vera, View(known_at=entered.recorded_at - timedelta(days=1))) == []
    assert written(world, world.vera, View(DAY - timedelta(days=1))) == {
        "@context": CONTEXT,
        "id": f"{HOUSE}/sources/1/annotations",
        "type": "AnnotationCollection",
        "label": "Talks",
        "total": 0,
    }


def test_strangers_get_what_was_published(world: World, session: Session) -> None:
    world.talks.published_at = now()
    session.commit()
    entered = change(world, Status.OPEN, citing=[world.cite(QUOTE)])
    first = world.article.entries[0]
    retract(first, reason="Wrong.", by=world.ed).refuse()
    session.commit()
    told = [item["body"]["id"] for item in items(world)]
    assert f"{HOUSE}/TK/{entered.uid}" not in told
    assert f"{HOUSE}/TK/{first.uid}" in told
    told = [each.record.uid for each in annotated_sources(session, [world.article.id], View(), None)]
    assert entered.uid not in told
    assert first.uid in told


def test_each_kind_of_record_is_named(world: World, session: Session) -> None:
    state(world, world.red)
    claim(world, world.blue)
    round_ = Event(negotiation=world.talks, title="Round", starts_on=date(2025, 6, 2))
    round_.add(session, by=world.ed, citing=[world.cite(QUOTE)])
    session.commit()
    found = {each.record.kind: each.record for each in annotated(session, world.talks, View(), world.vera)}
    assert found.keys() == {"status_change", "position", "claim", "event"}
    assert (found["claim"].issue, found["claim"].title, found["claim"].party) == (
        None,
        "Talks on the lake",
        "Blue",
    )
    assert (found["event"].uid, found["event"].title) == (round_.uid, "Round")

"""The forms in which addresses and titles are compared, and the columns that follow from them."""

import hashlib
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.world import World, make_source
from tracker.models import AuditEntry, Source
from tracker.models.alike import KEY, address_key, are_near, text_hash, title_key
from tracker.queries.integrity import verify


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a/b?x=1&y=2",
        "http://example.org/a/b?x=1&y=2",
        "HTTPS://WWW.Example.ORG/a/b?x=1&y=2",
        "https://example.org:443/a/b?x=1&y=2",
        "http://example.org:80/a/b/?y=2&x=1",
        "https://example.org./a/b?x=1&y=2#part",
        "https://m.example.org/a/b?x=1&y=2",
        "https://amp.example.org/a/b?x=1&y=2",
        "https://www.m.example.org/a/b/amp/?x=1&y=2",
        "https://example.org/a/b?x=1&utm_source=feed&UTM_Medium=x&fbclid=1&gclid=2&y=2&amp=1",
        "https://user:word@example.org/a/%62?x=1&y=2",
        "  https://example.org/a/b?x=1&y=2 ",
    ],
)
def test_addresses_of_one_page_share_a_key(address: str) -> None:
    assert address_key(address) == "example.org/a/b?x=1&y=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/a", "https://example.org:8080/a"),
        ("https://example.org/a", "https://news.example.org/a"),
        ("https://m.org/a", "https://org/a"),
        ("https://amp.dev/a", "https://dev/a"),
        ("https://example.org/camp", "https://example.org/c"),
        ("https://example.org/a?q=", "https://example.org/a"),
    ],
)
def test_addresses_of_other_pages_do_not(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_letters_of_any_script_are_the_same_written_or_escaped() -> None:
    assert address_key("https://example.org/новини") == address_key(
        "https://example.org/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"
    )


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "javascript:alert(1)", "http://[::1", "https:///a", "https://a:99999/", "mailto:x"],
)
def test_what_is_no_address_has_no_key(address: str) -> None:
    assert address_key(address) is None


def test_a_long_address_has_a_key_of_its_own_that_fits() -> None:
    one, other = (address_key(f"https://example.org/{'я' * 900}{end}") for end in "ab")
    assert one != other
    assert one is not None
    assert len(one) <= KEY


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("Talks on the lake go on", "Talks on the Lake go on.", True),
        ("“Talks” – on the lake", "Talks on the lake!", True),
        ("Переговори тривають", "Переговори тривають,", True),
        ("Talks on the lake go on", "Talks on the lake broke off", False),
        ("The war, day 1001: what we know now", "The war, day 1002: what we know now", False),
        ("", "", False),
        ("?", "!", False),
    ],
)
def test_titles_are_near_where_hardly_a_letter_differs(one: str, other: str, is_near: bool) -> None:
    assert are_near(title_key(one), title_key(other)) is is_near


def test_the_keys_follow_address_and_text_whoever_sets_them(session: Session, world: World) -> None:
    source = make_source(session, world.talks, "New", "One.\r\n\r\nTwo.\r\n")
    source.url = "https://www.example.org/new/?utm_source=x"
    session.commit()
    assert source.url_key == "example.org/new"
    assert source.text_hash == hashlib.sha256(b"One.\n\nTwo.").hexdigest()
    source.edit({"url": "", "text": None})
    session.commit()
    session.refresh(source)
    assert [getattr(source, name) for name in ("url_key", "text_hash")] == [None, None]
    assert Source(title="By name", url="http://example.org").url_key == "example.org"


def test_a_text_of_half_a_character_is_refused_and_breaks_nothing() -> None:
    assert len(text_hash("\ud800")) == 64
    source = Source(title="Half")
    source.set_text("\ud800")
    assert source.faults()


def test_the_log_does_not_tell_what_follows_from_the_rest(session: Session, world: World) -> None:
    world.report.edit({"url": "https://example.org/report"})
    session.commit()
    body = session.scalars(select(AuditEntry.body).order_by(AuditEntry.id.desc())).first()
    assert body is not None
    assert json.loads(body)["new"] == {"url": "https://example.org/report", "version": 2}
    assert verify(session).faults == []


@pytest.mark.parametrize("column", ["url_key", "text_hash"])
def test_a_key_that_is_not_that_of_its_source_is_found(session: Session, world: World, column: str) -> None:
    setattr(world.article, column, "another")
    session.commit()
    assert verify(session).faults == [
        f"sources {world.article.id}: a source is found by its address and its text"
    ]

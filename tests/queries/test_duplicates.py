"""Sources that are there already, found before the same article is added again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.world import DAY, TEXT, World, make_source
from tracker.models import Source, SourceMerge, User
from tracker.models.vocabulary import Visibility
from tracker.queries.duplicates import Likeness, find_duplicates


def of(session: Session, user: User | str | None, source: Source) -> dict[str, tuple[Likeness, ...]]:
    (found,) = find_duplicates(session, user, [source])
    return {each.title: each.why for each in found}


def like(
    title: str = "Another title", day: date | None = None, url: str = "", text: str | None = None
) -> Source:
    source = Source(title=title, published_on=day, url=url)
    source.set_text(text)
    return source


def test_the_same_address_text_or_title_is_found_with_the_reason(session: Session, world: World) -> None:
    here = world.article.title
    same_address = like(url="http://www.example.org/lake/?utm_source=x#top")
    assert of(session, world.ed, same_address) == {here: (Likeness.ADDRESS,)}
    assert of(session, world.ed, like(text=TEXT.replace("\n", "\r\n"))) == {here: (Likeness.TEXT,)}
    near = like("Talks on the Lake go on!", DAY + timedelta(days=3))
    assert of(session, world.ed, near) == {here: (Likeness.TITLE,)}
    all_of_it = like(here, DAY, "https://example.org/lake", TEXT)
    assert of(session, world.ed, all_of_it) == {here: (Likeness.ADDRESS, Likeness.TEXT, Likeness.TITLE)}


def test_what_is_only_a_little_like_it_is_not(session: Session, world: World) -> None:
    title = world.article.title
    for other in (
        like(title, DAY + timedelta(days=4)),
        like(title, DAY - timedelta(days=4)),
        like("Talks on the lake broke off", DAY),
        like(),
        like(url="https://example.org/lakes", text=TEXT + "More."),
        like("", DAY),
    ):
        assert of(session, world.ed, other) == {}


def test_without_a_day_the_title_itself_tells(session: Session, world: World) -> None:
    assert of(session, world.ed, like(world.report.title)) == {world.report.title: (Likeness.UNDATED,)}
    assert of(session, world.ed, like(world.report.title, DAY)) == {world.report.title: (Likeness.UNDATED,)}
    assert of(session, world.ed, like(world.article.title)) == {world.article.title: (Likeness.UNDATED,)}
    assert of(session, world.ed, like(world.report.title + " now")) == {}


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_error(session: Session, world: World, day: date) -> None:
    assert of(session, world.ed, like("A title", day)) == {}


def test_in_place_of_a_copy_the_source_that_is_shown_is_found(session: Session, world: World) -> None:
    copy = make_source(session, world.talks, "Taken over from The Lake")
    copy.url = "https://reprint.example.org/lake"
    session.flush()
    SourceMerge(source=copy, into=world.article, reason="The same text.").add(session, by=world.ed)
    session.commit()
    again = like("Talks on the lake go on", DAY, "https://reprint.example.org/lake?utm_source=x")
    ((found,),) = find_duplicates(session, world.ed, [again])
    assert (found.id, found.title) == (world.article.id, world.article.title)
    assert found.why == (Likeness.ADDRESS, Likeness.TITLE)


def test_nobody_learns_of_what_they_may_not_see(session: Session, world: World) -> None:
    world.talks.visibility = Visibility.RESTRICTED
    session.commit()
    again = like(world.article.title, DAY, "https://example.org/lake", TEXT)
    assert of(session, world.ed, again) == {}
    assert of(session, None, again) == {}
    assert [*of(session, "shell", again)] == [world.article.title]


def test_five_hundred_are_compared_in_four_statements(session: Session, world: World) -> None:
    for number in range(50):
        source = make_source(session, world.talks, f"Report number {number}")
        source.url, source.published_on = f"https://example.org/{number}", DAY - timedelta(days=number)
    session.commit()
    sought = [
        like(f"Report, number {number}", DAY - timedelta(days=number), f"https://www.example.org/{number}/")
        for number in range(500)
    ]
    seen: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
    found = find_duplicates(session, world.ed, sought)
    assert len(seen) <= 4
    assert [len(each) for each in found] == [1] * 50 + [0] * 450
    assert found[7][0].why == (Likeness.ADDRESS, Likeness.TITLE)

"""Bibliography: which sources a record rests on, as of a day, as known then, and as far as one may see."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from tests.models.acts import change
from tests.queries.merged import merge, table, undo
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import View
from tracker.db import now
from tracker.models import Cite, Event, User
from tracker.models.retraction import retract
from tracker.models.vocabulary import Handling, SourceKind, Status
from tracker.queries.bibliography import cited_works, listed_works, work_of
from tracker.queries.sources import SourceFilters, SourceSort


def cited(world: World, user: User | None = None, view: View | None = None) -> list[str]:
    found = cited_works(world.talks.session, world.talks.id, view or View(), user)
    return [work.title for work in found]


def test_what_nothing_rests_on_is_no_part_of_a_bibliography(world: World, session: Session) -> None:
    make_source(session, world.talks, "In the inbox")
    for title, rest in (("Of a round", "event"), ("Of a plan", "plan")):
        source = make_source(session, world.talks, title)
        session.flush()
        if rest == "plan":
            table(world, source)
        else:
            happened = Event(negotiation=world.talks, title="Round", starts_on=DAY)
            happened.add(session, by=world.ed, citing=[Cite(source)])
    session.commit()
    assert cited(world) == [world.article.title, world.report.title, "Of a round", "Of a plan"]


def test_the_past_rests_on_what_it_was_known_by(world: World, session: Session) -> None:
    before = now()
    late = make_source(session, world.talks, "Late")
    session.commit()
    entered = change(world, Status.OPEN, on=DAY + timedelta(days=3), citing=[Cite(late)])
    session.commit()
    assert "Late" in cited(world)
    assert "Late" not in cited(world, view=View(known_at=before))
    assert "Late" not in cited(world, view=View(DAY))
    during = now()
    retract(entered, reason="Wrong.", by=world.ed).refuse()
    session.commit()
    assert "Late" not in cited(world)
    assert "Late" in cited(world, view=View(known_at=during))


def test_strangers_are_not_told_of_what_is_withheld(world: World, session: Session) -> None:
    secret = make_source(session, world.talks, "A secret")
    secret.handling = Handling.AMBER
    session.commit()
    change(world, Status.OPEN, citing=[world.cite(), Cite(secret)])
    session.commit()
    assert "A secret" in cited(world, world.vera)
    assert "A secret" not in cited(world)
    listed = [work.title for work in listed_works(session, None, SourceFilters())]
    assert "A secret" not in listed
    assert world.article.title in listed


def test_a_copy_stands_for_what_is_shown_in_its_place(world: World, session: Session) -> None:
    copy = make_source(session, world.talks, "A copy")
    session.commit()
    change(world, Status.OPEN, citing=[Cite(copy)])
    session.commit()
    made = merge(world, copy, world.article)
    assert cited(world, world.vera) == [world.article.title, world.report.title]
    undo(made, world)
    assert "A copy" in cited(world, world.vera)


def test_a_list_is_given_whole_in_its_order_with_its_filters(world: World, session: Session) -> None:
    for number in range(60):
        make_source(session, world.talks, f"Paper {number:02}").kind = SourceKind.DATASET
    session.commit()
    filters = SourceFilters(kind=SourceKind.DATASET, sort=SourceSort.TITLE)
    titles = [work.title for work in listed_works(session, world.vera, filters)]
    assert titles == [f"Paper {number:02}" for number in range(60)]


def test_a_work_tells_what_its_source_does(world: World, session: Session) -> None:
    world.article.edit({"accessed_on": date(2025, 12, 24), "authors": ["Ann Lee"], "origin": "Shore Agency"})
    session.commit()
    [work, _] = cited_works(session, world.talks.id, View(), None)
    assert work == work_of(world.article)
    assert (work.key, work.authors, work.origin) == (f"source-{work.id}", ["Ann Lee"], "Shore Agency")
    change(world, Status.OPEN, citing=[world.cite(QUOTE)])
    session.commit()
    world.article.edit({"title": "Another title"})
    assert work_of(world.article).key == work.key

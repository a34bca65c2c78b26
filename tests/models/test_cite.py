"""A second source for what is recorded already."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.models.acts import at, change, refuses, state, withdraw
from tests.world import DAY, QUOTE, World, make_source
from tracker.dates import View
from tracker.models import AuditEntry, Cite, Event, Negotiation
from tracker.models.vocabulary import Credibility, Directness, Handling, Status
from tracker.queries.entries import entries_on
from tracker.queries.integrity import verify


def test_an_entry_rests_on_one_more_source_from_now_on(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN, citing=[Cite(world.report)])
    session.commit()
    before = entered.recorded_at
    cite = Cite(world.article, quote=QUOTE, credibility=Credibility.PROBABLE)
    added = entered.cite(cite, by=world.ann)
    session.commit()
    assert entered.evidence == entered.citations == [entered.citations[0], added]
    assert (added.recorded_by, added.recorded_at > before, added.is_checked) == ("Ann", True, True)
    assert (added.locator, added.credibility) == ("para 3", Credibility.PROBABLE)
    assert entered.recorded_at == before
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.chain, last.table_name, last.action) == ("TK", "citations", "insert")


def test_it_is_known_from_the_moment_on_at_which_it_was_added(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    session.commit()
    added = entered.cite(Cite(world.report), by=world.ed)
    session.commit()

    def sources(view: View) -> list[str]:
        (line,) = entries_on(session, world.border, view, world.vera)
        return [reference.source.title for reference in line.references if reference.source]

    earlier = View(known_at=added.recorded_at - timedelta(microseconds=1))
    assert sources(earlier) == ["Talks on the lake go on"]
    assert sources(View(known_at=added.recorded_at)) == [
        "Talks on the lake go on",
        "A report without its text",
    ]


def test_the_rules_of_citations_hold(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    session.commit()
    elsewhere = Negotiation(code="OT", title="Other talks", recorded_at=at(0).at)
    session.add(elsewhere)
    far = make_source(session, elsewhere, "Far away")
    session.commit()
    with refuses("citations-0-quote"):
        entered.cite(world.cite("Words that are not there."), by=world.ed)
    with refuses("citations-0-source"):
        entered.cite(Cite(far), by=world.ed)
    with refuses("citations-0-source"):
        entered.cite(Cite(None), by=world.ed)
    with refuses("citations-0-locator"):
        entered.cite(Cite(world.report, locator="a" * 301), by=world.ed)
    session.commit()
    assert len(entered.citations) == 1


def test_the_same_words_are_not_cited_twice(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN, citing=[world.cite(QUOTE), Cite(world.report)])
    session.commit()
    for cite in (world.cite(QUOTE), Cite(world.report)):
        with refuses("citations-0-quote"):
            entered.cite(cite, by=world.ed)
    entered.cite(world.cite("The mediator spoke of progress."), by=world.ed)
    withdraw(world, entered.citations[0])
    entered.cite(world.cite(QUOTE), by=world.ed)
    session.commit()
    assert len(entered.evidence) == 3


def test_in_a_public_record_a_second_source_need_not_be_open(world: World, session: Session) -> None:
    secret = make_source(session, world.talks, "Secret")
    secret.handling = Handling.RED
    line = state(world, world.red)
    session.commit()
    line.cite(Cite(secret, directness=Directness.ANALYSIS), by=world.ed)
    session.commit()
    with refuses("citations"):  # the one that is open, and the party's own
        withdraw(world, line.citations[0])
    withdraw(world, line.citations[1])


def test_nothing_is_added_to_what_was_retracted(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN)
    session.commit()
    withdraw(world, entered)
    session.commit()
    with refuses(""):
        entered.cite(Cite(world.report), by=world.ed)


def test_an_event_rests_on_one_more_source_too(world: World, session: Session) -> None:
    event = Event(negotiation=world.talks, title="Round three", starts_on=DAY)
    event.add(session, by=world.ed)
    session.commit()
    event.cite(world.cite(QUOTE), by=world.ed)
    session.commit()
    with refuses("citations-0-quote"):
        event.cite(world.cite(QUOTE), by=world.ed)
    withdraw(world, event.citations[0])
    event.cite(world.cite(QUOTE), by="shell")
    session.commit()
    assert [citation.recorded_by for citation in event.evidence] == ["shell"]


def test_the_record_is_whole_after_it(world: World, session: Session) -> None:
    before = verify(session).faults
    state(world, world.red).cite(world.cite(QUOTE), by=world.ed)
    session.commit()
    assert verify(session).faults == before

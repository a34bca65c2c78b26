"""What the tests of merged sources share."""

from datetime import datetime
from typing import Any

from tests.world import DAY, World, make_source
from tracker.dates import View
from tracker.models import Clause, ClauseIssue, Entry, Negotiation, Proposal, Source, SourceMerge, User
from tracker.models.retraction import retract
from tracker.models.vocabulary import Visibility
from tracker.queries.clauses import proposals_on
from tracker.queries.connections import clauses_on
from tracker.queries.happenings import list_proposals
from tracker.queries.references import references
from tracker.queries.succession import Wanted
from tracker.queries.timeline import timeline


def merge(world: World, source: Source, into: Source) -> SourceMerge:
    made = SourceMerge(source=source, into=into, reason="The agency’s text.")
    made.add(source.session, by=world.ed)
    source.session.commit()
    return made


def kept_elsewhere(world: World) -> Source:
    """Add a source that is filed under restricted talks, too."""
    session = world.talks.session
    there = Negotiation(code="BB", title="Other talks", visibility=Visibility.RESTRICTED)
    session.add(there)
    there.recorded_at = there.moment
    made = make_source(session, world.talks, "Kept elsewhere")
    made.file_under(there)
    return made


def undo(made: SourceMerge, world: World) -> datetime:
    retract(made, reason="They differ.", by=world.ed).refuse()
    made.session.commit()
    assert made.retraction is not None
    return made.retraction.recorded_at


def table(world: World, source: Source) -> None:
    """Table a plan that a source holds."""
    plan = Proposal(
        negotiation=world.talks,
        title="Plan",
        source=source,
        tabled_on=DAY,
        clauses=[Clause(number="1", text="A dam.", touches=[ClauseIssue(issue=world.water)])],
    )
    plan.add(world.talks.session, by=world.ed)


def tabled_places(world: World, view: View, user: User | None) -> list[Any]:
    """Give what names the source of the one text that was tabled, in each place that does."""
    session, talks = world.talks.session, world.talks
    [column] = proposals_on(session, talks, view, user)
    [clause] = clauses_on(session, world.water, view, user)
    [record] = list_proposals(session, talks, view, user).records
    told = timeline(session, talks, view, user, Wanted())
    lines = [line.proposal for _, day in told.days for line in day if line.proposal]
    assert len(lines) == 1
    return [column, clause, record, *lines]


def cited(world: World, entry: Entry, user: User | None = None, at: datetime | None = None) -> list[Any]:
    """Give title of the source and quote of each reference, and the copy it was taken from."""
    found = references(world.talks.session, [entry.id], user, at)[entry.id]
    return [(each.source and each.source.title, each.quote, each.copy) for each in found]

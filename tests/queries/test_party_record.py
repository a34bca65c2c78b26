"""The record of one party: its lines, what its bloc says for it, its voices, its moves."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.world import DAY, World
from tracker.dates import View
from tracker.models import Cite, Dating, Party, Position
from tracker.models.vocabulary import Movement, Stance, Standing
from tracker.queries.party_record import PartyRecord, party_record

NOW = View()


def record(session: Session, world: World, party: Party, view: View = NOW) -> PartyRecord:
    session.flush()
    return party_record(session, world.talks, party, view, world.vera)


def state(world: World, days: int, summary: str, **values: Any) -> Position:
    """Let Red say something about the water, so many days after DAY."""
    values = {"stance": Stance.OPPOSES} | values
    dating, citing = Dating(DAY + timedelta(days=days)), [Cite(world.report)]
    return world.water.state_position(
        world.red, dating=dating, by=world.ed, citing=citing, summary=summary, **values
    )


def test_each_issue_shows_the_line_in_force_or_none(session: Session, world: World) -> None:
    state(world, 2, "Half of it.", movement=Movement.SOFTENED)
    found = record(session, world, world.red)
    assert [(each.issue.key, each.line and each.line.summary) for each in found.held] == [
        ("TK-1", "Half of it."),
        ("TK-2", None),
        ("TK-3", None),
    ]
    assert found.stated == 1
    then = record(session, world, world.red, View(DAY)).held[0].line
    assert then is not None
    assert then.summary == "Red does not pay for the dam."
    assert [reference.locator for reference in then.references] == ["para 3"]


def test_a_bloc_speaks_for_a_member_without_a_line(session: Session, world: World) -> None:
    water, border, _ = record(session, world, world.coast).held
    assert water.line is None
    assert water.through is not None
    bloc, line = water.through
    assert (bloc.code, line.summary) == ("union", "The Union wants Red to pay.")
    assert border.through is None


def test_voices_and_leaks_stand_beneath_the_line(session: Session, world: World) -> None:
    state(world, 1, "Never.", standing=Standing.VOICE, stated_by="Rosa Reed")
    held = record(session, world, world.red).held[0]
    assert held.line is not None
    assert held.line.summary == "Red does not pay for the dam."
    assert [(voice.summary, voice.standing) for voice in held.voices] == [("Never.", Standing.VOICE)]


def test_moves_leave_restatements_out_newest_first(session: Session, world: World) -> None:
    state(world, 1, "As before.", movement=Movement.RESTATED)
    state(world, 2, "Half of it.", movement=Movement.SOFTENED)
    assert [move.summary for move in record(session, world, world.red).moves] == [
        "Half of it.",
        "Red does not pay for the dam.",
    ]

"""The pages of an issue take as many SQL statements for fifty entries as for one."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import Statements
from tests.world import QUOTE, World, make_source
from tracker.models import Cite, Dating, StatusClaim
from tracker.models.vocabulary import Movement, Stance, Standing, Status

PAGE = "/issues/TK-1"
PAGES = (PAGE, PAGE + "/status-changes", PAGE + "/positions")
LATER = date(2025, 12, 5)


def fill(world: World, session: Session, numbers: range) -> None:
    """Record many things on the water."""
    for number in numbers:
        day = Dating(LATER + timedelta(days=number))
        source = make_source(session, world.talks, f"Source {number}")
        session.flush()
        citing = [world.cite(QUOTE), Cite(source)]
        status = (Status.PARKED, Status.OPEN)[number % 2]
        world.water.change_status(status, dating=day, by=world.ed, citing=citing, reason="So.")
        party = (world.red, world.blue, world.med)[number % 3]
        world.water.state_position(
            party, dating=day, by=world.ed, citing=citing, stance=Stance.OPPOSES, summary=f"No {number}.",
            movement=Movement.CHANGED, standing=(Standing.LINE, Standing.VOICE)[number % 2],
        )  # fmt: skip
        claim = StatusClaim(negotiation=world.talks, issue=world.water, party=party, words=f"Claim {number}")
        claim.enter(session, dating=day, by=world.ed, citing=citing)
        world.water.note(f"Note {number}", by=world.ed)
        world.water.review(by=world.ed, on=day.on)
    session.commit()


@pytest.mark.parametrize(
    "address", [*PAGES, PAGE + "/status-changes/new", PAGE + "/positions/new?party=red", PAGE + "/notes"]
)
def test_statements_stay_as_many_from_one_entry_to_fifty(
    as_ed: FlaskClient, world: World, session: Session, statements: Statements, address: str
) -> None:
    fill(world, session, range(1))
    as_ed.get(address)  # notes that the sign-in was used, which it does once a minute
    with statements() as few:
        assert as_ed.get(address).status_code == 200
    fill(world, session, range(1, 50))
    with statements() as many:
        assert as_ed.get(address).status_code == 200
    assert len(many) == len(few)
    assert len(many) < 40

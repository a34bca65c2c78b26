"""Links between issues: no double, and no issue that is a part of itself."""

import pytest
from sqlalchemy.orm import Session

from tests.models.acts import refuses
from tests.world import World
from tracker.models import Issue, IssueLink
from tracker.models.editable import add
from tracker.models.vocabulary import IssueLinkKind


def link(session: Session, start: Issue, kind: IssueLinkKind, end: Issue) -> None:
    """Link two issues."""
    add(session, IssueLink(from_issue=start, kind=kind, to_issue=end))


@pytest.mark.parametrize("is_stored", [True, False])
def test_no_issue_is_part_of_itself_at_whatever_remove(
    world: World, session: Session, is_stored: bool
) -> None:
    for start, end in ((world.water, world.border), (world.border, world.prisoners)):
        link(session, start, IssueLinkKind.PART_OF, end)
        if is_stored:
            session.flush()
    for start, end in ((world.border, world.water), (world.prisoners, world.water)):
        with refuses("to"):
            link(session, start, IssueLinkKind.PART_OF, end)
    link(session, world.water, IssueLinkKind.PART_OF, world.prisoners)  # a part of two wholes is no circle
    link(session, world.prisoners, IssueLinkKind.CONDITIONAL_ON, world.water)
    session.commit()


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("kind", IssueLinkKind)
def test_the_same_is_linked_once(
    world: World, session: Session, kind: IssueLinkKind, is_stored: bool
) -> None:
    link(session, world.water, kind, world.border)
    if is_stored:
        session.flush()
    with refuses("to"):
        link(session, world.water, kind, world.border)
    link(session, world.water, kind, world.prisoners)
    if kind is IssueLinkKind.PACKAGE:
        with refuses("to"):
            link(session, world.border, kind, world.water)
    session.commit()

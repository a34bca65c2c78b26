"""Short forms for tests of search."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.world import World
from tracker.dates import View
from tracker.models import Negotiation, User
from tracker.models.search import rebuild
from tracker.models.search_doc import DOC, search_doc
from tracker.queries.search import Found, Search, SearchSort
from tracker.queries.search_lines import Line
from tracker.queries.search_wish import read_wish


def find(
    session: Session,
    line: str,
    user: User | None = None,
    view: View | None = None,
    *,
    sort: SearchSort = SearchSort.BEST,
    page: int = 1,
    negotiation: Negotiation | None = None,
) -> Found:
    """Search for what somebody typed."""
    return Search(session, user, view or View(), read_wish(line), negotiation).find(sort, page)


def lines(found: Found) -> list[Line]:
    return [line for group in found.groups for line in group.lines] + found.lines


def told(line: Line) -> tuple[Any, ...]:
    """Tell all that a line says, and what of it is marked."""
    marked = [piece.words for piece in [*line.title, *line.passage] if piece.is_marked]
    text = "".join(piece.words for piece in [*line.title, *line.passage])
    return line.kind.value, line.code, line.number, line.uid, line.row, text, marked, line.is_withdrawn


def kinds(world: World, line: str, user: User | None = None, **more: Any) -> list[str]:
    """Name the kinds of what is found, in its order."""
    return [each.kind.value for each in lines(find(world.talks.session, line, user, **more))]


def passages(world: World, line: str, user: User | None = None, **more: Any) -> list[str]:
    """Give the passages of what is found, with what was looked for in brackets."""
    return [
        "".join(f"[{piece.words}]" if piece.is_marked else piece.words for piece in each.passage)
        for each in lines(find(world.talks.session, line, user, **more))
    ]


def kept(session: Session) -> list[Any]:
    """Read all rows of the table."""
    session.flush()
    columns: list[Any] = [search_doc]
    if session.get_bind().dialect.name == "postgresql":
        columns = [search_doc, text("CAST(vector AS text)")]
    return [*session.execute(select(*columns).order_by(DOC.rowid)).all()]


def hold_as_rebuilt(session: Session) -> None:
    """Hold that the table is what a rebuild makes it."""
    before = kept(session)
    rebuild(session)
    assert kept(session) == before

"""Both databases find the same, in the same order: on the demonstration and on a made-up record."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.generate import SIZES, generate
from tests.queries.searching import find, lines, told
from tracker.cli.serving import DEMONSTRATION
from tracker.db import make_engine, writing
from tracker.exchange.interchange import import_
from tracker.models import User, act_as
from tracker.queries.search import SearchSort

LINES = """
Росія | "frozen assets" | Vitkov | party:ru Donetsk | NATO | guarantees | elections | nuclear plant | Witkoff
Kremlin | 90 | Zelenskyy | Росії | Москва | Putin said | party:ua | party:us kind:claim | topic:territory
topic:sec status:blocked | kind:source talks | after:2025-12-10 | before:2025-12-01 kind:position | plan
"security guarantees" Europe | UA-3 | issue:UA-3 | issue:UA-6 kind:status | ceasefire | mediator comment
border villages | "two northern crossings" | Brena Vashti | delegaz | делегация | Делегація кордон | الفريق
الوفد قبل | l’équipe | annex 26 | party:belmark ceasefire | status:open annex | th | a | kind:clause
kind:event round | kind:note map | kind:source Northern Wire | x* | guarant* pr* | party:avarn kind:status
topic:security after:2025-06-01 | прекращение огня | Irsa
"""
QUERIES = [each.strip() for each in LINES.replace("\n", " | ").split("|") if each.strip()]


@contextmanager
def searched(url: str) -> Iterator[Session]:
    """Open a session on a database with the made-up record and the demonstration."""
    generate(url, SIZES["small"])
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            with writing():
                act_as(session, "tests")
                import_(session, DEMONSTRATION.read_bytes(), by="tests")
                session.commit()
            yield session
    finally:
        engine.dispose()


def test_both_databases_give_the_same_in_the_same_order(sqlite_url: str, postgresql_url: str) -> None:
    assert len(QUERIES) >= 50
    with ExitStack() as stack:
        both = [stack.enter_context(searched(url)) for url in (sqlite_url, postgresql_url)]
        editors = [session.scalars(select(User).order_by(User.id)).first() for session in both]
        asked = [(editors, SearchSort.BEST), (editors, SearchSort.NEWEST), ((None, None), SearchSort.BEST)]
        found = 0
        for query, (readers, sort) in product(QUERIES, asked):
            one, other = (
                find(session, query, reader, sort=sort) for session, reader in zip(both, readers, strict=True)
            )
            assert [*map(told, lines(one))] == [*map(told, lines(other))], query
            assert [each.count for each in one.groups] == [each.count for each in other.groups]
            found += not one.is_empty
        assert found > 2 * len(QUERIES)  # of three times as many searches

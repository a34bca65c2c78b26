"""The rounds: each page from each server in turn, and what a record's growth and a cold visit cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from html.parser import HTMLParser
from itertools import cycle
from statistics import median, quantiles

from bench.load import Connection, Timing, Visit, drive, get
from bench.pages import BARE, CODE, FIRST_CHANGED, UNCHANGED, Kind, Page, Sample
from bench.servers import Server
from bench.visits import Account, Again, Browser, Desk, check, least, plain, sign_in

MANY = 16
WARMING = 0.05
#: An answer that is faster than any page: so few times make no median.
FEWEST = 5


@dataclass(frozen=True)
class Spread:
    """The median of the rounds, with the least and the most."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))


@dataclass(frozen=True)
class Pace:
    """How long to measure: rounds, and the seconds in each for one connection and for sixteen."""

    rounds: int
    one: float
    many: float


@dataclass
class Contestant:
    """A server in the race. `typed`: what is typed into the form of a change; `account`: None looks only."""

    server: Server
    account: Account | None = None
    typed: dict[str, str] = field(default_factory=dict)
    desks: list[Desk] = field(default_factory=list)

    def prepare(self, issues: int) -> None:
        """Sign sixteen browsers in, each with issues of its own to change."""
        if self.account is None:
            return
        for number in range(MANY):
            browser, own = Browser(), range(FIRST_CHANGED + number, issues + 1, MANY)
            with opened(self.server, 1) as [connection]:
                connection.walk(sign_in(browser, self.account))
                self.desks.append(Desk(browser, cycle(f"{CODE}-{each}" for each in own), self.typed))
                self.desks[-1].prepare(connection)

    def visit(self, page: Page, number: int) -> Callable[[], Visit]:
        """Say what the connection of a number does, again and again."""
        if self.account is None or page.kind is Kind.LOOK:
            return partial(plain, page.path or "/", page.requests)
        if page.kind is Kind.SIGN_IN:
            account = self.account
            return lambda: sign_in(Browser(), account)
        return self.desks[number].change


def typed(of: Sample, source: str, quote: str) -> dict[str, str]:
    """Give what an editor types to change a status, under the names of a form's two fields."""
    today = datetime.now(UTC).date().isoformat()
    words = {"status": "open", "effective_on": today, "reason": "The text was opened again at the table."}
    return {**words, source: str(of.quoted), quote: of.quote}


@contextmanager
def opened(server: Server, count: int) -> Iterator[list[Connection]]:
    """Keep so many connections open while inside."""
    connections = [Connection(server.address) for _ in range(count)]
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


def timed(contestant: Contestant, page: Page, connections: int, seconds: float) -> Timing:
    """Visit a page for so many seconds, for longer where a visit is long, a moment unmeasured first."""
    if contestant.account:
        seconds *= page.requests
    visits = [contestant.visit(page, number) for number in range(connections)]
    with opened(contestant.server, connections) as there:
        drive(there[:1], visits[:1], WARMING)
        return drive(there, visits, seconds, FEWEST)


@dataclass
class Measured:
    """A page's figures, by the name of the server: those of each round, and all times together."""

    page: Page
    p50: dict[str, list[float]] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def take(self, name: str, one: Timing, many: Timing | None = None) -> None:
        self.p50.setdefault(name, []).append(median(one.times))
        self.times.setdefault(name, []).extend(one.times)
        if many:
            self.rates.setdefault(name, []).append(many.rate)

    def p99(self, name: str) -> float:
        return quantiles(self.times[name], n=100, method="inclusive")[98]

    def slower(self, name: str, than: str) -> Spread:
        """Tell how many times the one's time the other's is, round by round."""
        return spread([a / b for a, b in zip(self.p50[name], self.p50[than], strict=True)])

    def share(self, name: str, of: str) -> Spread:
        """Tell what part of the one's visits per second the other makes, round by round."""
        return spread([a / b for a, b in zip(self.rates[name], self.rates[of], strict=True)])


def race(contestants: Sequence[Contestant], pages: Sequence[Page], pace: Pace) -> list[Measured]:
    """Measure each page from each server, one right after the other, round after round."""
    found = [Measured(page) for page in pages]
    for _ in range(pace.rounds):
        for measured in found:
            ones = [timed(each, measured.page, 1, pace.one) for each in contestants]
            manies = [timed(each, measured.page, MANY, pace.many) for each in contestants]
            for each, one, many in zip(contestants, ones, manies, strict=True):
                measured.take(each.server.name, one, many)
    return found


def growth(small: Server, large: Server, pages: Sequence[Page], pace: Pace) -> list[Measured]:
    """Measure the pages of two records whose rows are the same, in turn, at one connection."""
    found = [Measured(page) for page in pages]
    for _ in range(pace.rounds):
        for measured in found:
            for server in (small, large):
                measured.take(server.name, timed(Contestant(server), measured.page, 1, pace.one))
    return found


def alone(server: Server, pages: Sequence[Page], pace: Pace) -> list[Measured]:
    """Measure pages that have nothing beside them."""
    found = [Measured(page) for page in pages]
    for _ in range(pace.rounds):
        for measured in found:
            one, many = (
                timed(Contestant(server), measured.page, connections, seconds)
                for connections, seconds in ((1, pace.one), (MANY, pace.many))
            )
            measured.take(server.name, one, many)
    return found


def again(ours: Server, bare: Server, pace: Pace) -> Measured:
    """Measure what it costs to ask for a page that has not changed, beside the least that Flask answers."""
    found = Measured(UNCHANGED)
    held = Again(UNCHANGED.path)
    visits: list[tuple[Server, Callable[[], Visit]]] = [
        (bare, lambda: least(BARE.path)),
        (ours, held.ask),
    ]
    for _ in range(pace.rounds):
        for server, visit in visits:
            times = []
            for connections, seconds in ((1, pace.one), (MANY, pace.many)):
                with opened(server, connections) as there:
                    drive(there[:1], [visit], WARMING)
                    times.append(drive(there, [visit] * connections, seconds, FEWEST))
            found.take(server.name, *times)
    return found


@dataclass(frozen=True)
class Cold:
    """What a browser with nothing kept fetches for a page: requests, and bytes with heads."""

    page: Page
    requests: int
    html: int
    others: int

    @property
    def bytes(self) -> int:
        return self.html + self.others


class _Parts(HTMLParser):
    """Collects what a browser fetches beside the page: styles, scripts, pictures and the icon."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kinds = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
        is_part = tag in ("script", "img") or (
            tag == "link" and kinds & set((given.get("rel") or "").split())
        )
        address = given.get("href" if tag == "link" else "src")
        if is_part and address and address not in self.found:
            self.found.append(address)


def parts_of(page: str) -> list[str]:
    """List the addresses that a browser fetches for a page, each once."""
    parts = _Parts()
    parts.feed(page)
    return parts.found


def cold(server: Server, pages: Sequence[Page]) -> list[Cold]:
    """Weigh pages as a browser asks for them that takes what is compressed."""
    found = []
    with opened(server, 1) as [connection]:
        for page in pages:
            readable = connection.ask(get(page.path))
            check(readable, 200, page.path)
            sent = connection.ask(get(page.path, Accept_Encoding="gzip, br"))
            parts = [
                connection.ask(get(path, Accept_Encoding="gzip, br"))
                for path in parts_of(readable.body.decode())
            ]
            others = sum(part.size for part in parts)
            found.append(Cold(page, 1 + len(parts), sent.size, others))
    return found

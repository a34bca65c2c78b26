"""What is measured: the pages, where they stand, and how near they should come to floor B."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlencode

from sqlalchemy import Engine, func, select

from tracker.models import Citation, Issue, Negotiation, Party, Source
from tracker.models.vocabulary import Handling

CODE = "BENCH"
#: The first issue that a change of status is tried on: those before it are the same in all records.
FIRST_CHANGED = 13
#: A source that is the same, with what rests on it, in all records.
SOURCE = 1
#: Words that stand together in thousands of texts of the large record.
WORDS = "mediator comment"
AS_OF, KNOWN_AT = "2025-12-31", "2026-01-15"


class Kind(Enum):
    """What a visit does: it looks, it signs in, or it changes a status."""

    LOOK = 1
    SIGN_IN = 2
    CHANGE = 3


@dataclass(frozen=True)
class Page:
    """A page, under the same address in the product and in floor B.

    `most`: how many times floor B's time at one connection it may take; `least`: what part of floor B's
    visits per second it must make at sixteen. `within`: in how many seconds it must be there, where floor B
    has no such page.
    """

    name: str
    path: str
    most: float | None = None
    least: float | None = None
    within: float | None = None
    kind: Kind = Kind.LOOK

    @property
    def requests(self) -> int:
        """How many requests a visit is."""
        return self.kind.value


@dataclass(frozen=True)
class Sample:
    """What of a record is looked at. `quote`: words that stand in the stored text of `quoted`."""

    parties: tuple[str, ...]
    issues: int
    source: int
    quoted: int
    quote: str


def sample(small: Engine, large: Engine) -> Sample:
    """Choose what stands in both records, and a source of the large one that nothing else is asked of."""
    with small.connect() as connection:
        negotiation = connection.scalar(select(Negotiation.id).where(Negotiation.code == CODE))
        mine = Party.negotiation_id == negotiation
        parties = connection.scalars(select(Party.code).where(mine).order_by(Party.ordering, Party.id)).all()
        issues = connection.scalar(select(func.count()).where(Issue.negotiation_id == negotiation)) or 0
    with large.connect() as connection:
        found = (
            select(Source.id, Citation.quote)
            .join(Citation, Citation.source_id == Source.id)
            .where(Source.handling == Handling.CLEAR, Citation.offset.is_not(None), Source.id != SOURCE)
            .order_by(Citation.id)
            .limit(1)
        )
        quoted, quote = connection.execute(found).one()
    return Sample(tuple(parties), issues, SOURCE, quoted, quote)


def pages(of: Sample) -> list[Page]:
    """Name the pages that are set beside the floors."""
    negotiation = f"/negotiations/{CODE}"
    past = urlencode({"as_of": AS_OF, "known_at": KNOWN_AT})
    return [
        Page("list of 50 issues, by status", f"{negotiation}/issues?status=open", most=2.5),
        Page("list of 50 issues, all", f"{negotiation}/issues", most=2.5),
        Page("one issue, whole history", f"/issues/{CODE}-1", most=3),
        Page("state of play, 100 issues", negotiation),
        Page("compare 50 x 12, as of a day, as known then", f"{negotiation}/compare?{past}", most=2),
        Page("one source, what rests on it", f"/sources/{of.source}"),
        Page("search for two words", "/search?" + urlencode({"q": WORDS}), most=2),
        Page("sign-in: form, post", "/sign-in", kind=Kind.SIGN_IN),
        Page("change of status: form, post, page", "", least=0.4, kind=Kind.CHANGE),
    ]


def alone() -> list[Page]:
    """Name the pages of the reading room that floor B has not, with at most 50 rows or issues each."""
    negotiation = f"/negotiations/{CODE}"
    month, ever = {"since": "2025-12-01", "until": AS_OF}, {"since": "2023-12-31", "until": "2026-06-30"}
    against = {"as_of": AS_OF, "known_at": KNOWN_AT, "baseline": "2025-12-01"}
    changes = f"{negotiation}/changes?"
    return [
        Page(
            "changes of a month, as known then",
            changes + urlencode(month | {"known_at": KNOWN_AT}),
            within=0.15,
        ),
        Page("changes since the first day", changes + urlencode(ever)),
        Page("recorded in a month", changes + urlencode(month | {"reading": "recorded"})),
        Page("timeline, the latest 50", f"{negotiation}/timeline"),
        Page(
            "timeline of a month, as known then",
            f"{negotiation}/timeline?" + urlencode(month | {"known_at": KNOWN_AT}),
        ),
        Page("according to whom, 100 issues", f"{negotiation}?view=claims"),
        Page("distance, since a day", f"{negotiation}/distance?" + urlencode({"since": "2025-12-01"})),
        Page("compare 50 x 12, against a day", f"{negotiation}/compare?" + urlencode(against)),
    ]


#: An open page asks whether anything changed, and nothing did; beside an answer of bare Flask.
UNCHANGED = Page("unchanged, asked again", f"/negotiations/{CODE}/pulse", most=1.2)
BARE = Page("bare Flask", "/livez")


def growing(of: Sample) -> list[Page]:
    """Name the pages that show the same rows of a small record and of a large one."""
    rows = [("issue", f"{CODE}-{number + 1}") for number in range(of.issues)]
    columns = [("party", code) for code in of.parties]
    table = urlencode([*rows, *columns, ("as_of", AS_OF), ("known_at", KNOWN_AT)])
    return [
        Page("one issue, whole history", f"/issues/{CODE}-1", most=1.1),
        Page("list of issues, found by key", f"/negotiations/{CODE}/issues?q={CODE}-3", most=1.2),
        Page(f"compare {of.issues} x {len(of.parties)}", f"/negotiations/{CODE}/compare?{table}", most=1.2),
        Page("one source, what rests on it", f"/sources/{of.source}", most=1.2),
    ]


def cold(of: Sample) -> list[Page]:
    """Name the pages that a browser opens with nothing kept."""
    named = pages(of)
    return [named[0], named[2], named[4]]

"""Passages: the words of a quote in the stored texts, and quotes marked in a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Bundle, Session

from tracker.models import Filing, Negotiation, Source, User
from tracker.queries.resting import Mark
from tracker.text import Passage, find, one_line, plain_words

LIMIT = 10
#: What is searched for is at least this long; less would be found in half of all texts.
FEWEST_WORDS, FEWEST_LETTERS = 3, 15
#: So many words are looked for by the database, and so many texts are then looked into.
WORDS, TEXTS = 6, 500
#: So many characters are printed before and behind a passage.
AROUND = 120
_SOURCE: Any = Bundle(
    "source", Source.id, Source.title, Source.publisher, Source.published_on, Source.language
)
_COLUMNS: Any = (_SOURCE, Source.text)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its source, where it stands there, and the words around it."""

    id: int
    title: str
    publisher: str
    published_on: date | None
    language: str
    paragraph: int
    before: str
    quote: str
    after: str

    @property
    def locator(self) -> str:
        return f"para {self.paragraph}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a paragraph's words. `marks`: the quotes that cover it; those that begin, and end, here."""

    words: str
    start: int
    marks: tuple[Mark, ...] = ()
    begin: tuple[Mark, ...] = field(default=())
    end: tuple[Mark, ...] = field(default=())


def is_enough(quote: str) -> bool:
    """Tell whether a quote is long enough to be searched for."""
    return len(quote.split()) >= FEWEST_WORDS or len(quote.strip()) >= FEWEST_LETTERS


def find_passages(
    session: Session,
    quote: str,
    user: User,
    *,
    negotiation: Negotiation | None = None,
    source_id: int | None = None,
    limit: int = LIMIT,
) -> list[Hit]:
    """Find the texts in which a quote stands, by the rules of text.find; the last added first.

    One SQL statement: the database finds the texts that hold the longest words of the quote letter for
    letter, one after the other until there are enough hits.
    """
    words = plain_words(quote)[:WORDS]
    if not words:
        return []
    holds = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    query = (
        select(*_COLUMNS)
        .where(Source.visible_to(user), *(holds(Source.text, word) > 0 for word in words))
        .order_by(Source.id.desc())
        .limit(TEXTS)
    )
    if negotiation is not None:
        query = query.where(Source.id.in_(_filed_under(negotiation)))
    if source_id is not None:
        query = query.where(Source.id == source_id)
    hits: list[Hit] = []
    with session.execute(query.execution_options(yield_per=10)) as rows:
        for source, text in rows:
            passage = find(quote, text)
            if passage is not None:
                hits.append(_hit(source, passage, text))
            if len(hits) == limit:
                break
    return hits


def _filed_under(negotiation: Negotiation) -> Any:
    mine: ColumnElement[bool] = Filing.negotiation_id == negotiation.id
    return select(Filing.source_id).where(mine)


def _hit(source: Any, passage: Passage, text: str) -> Hit:
    """Put the passage between the words around it, cut at blanks."""
    before = text[max(0, passage.start - AROUND) : passage.start]
    after = text[passage.end : passage.end + AROUND]
    if passage.start > AROUND:
        before = "…" + before.partition(" ")[2]
    if passage.end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return Hit(
        **source._mapping,
        paragraph=passage.paragraph,
        before=_blanks_kept(before),
        quote=one_line(text[passage.start : passage.end]),
        after=_blanks_kept(after),
    )


def _blanks_kept(text: str) -> str:
    """Fold white space, but keep the blank beside the passage."""
    folded = one_line(f"|{text}|")
    return folded[1:-1]


def segments(paragraphs: Iterable[tuple[int, str]], marks: Sequence[Mark]) -> list[list[Segment]]:
    """Cut the paragraphs of a text (offset and words) where quotes begin and end; quotes may overlap."""
    waiting = sorted(marks, key=lambda mark: (mark.start, mark.number), reverse=True)
    open_: list[Mark] = []
    cut = []
    for offset, words in paragraphs:
        last = offset + len(words)
        edges = {place for mark in marks for place in (mark.start, mark.end) if offset < place < last}
        places = sorted({offset, last} | edges)
        pieces = []
        for start, end in pairwise(places):
            while waiting and waiting[-1].start <= start:
                open_.append(waiting.pop())
            open_ = [mark for mark in open_ if mark.end > start]
            pieces.append(
                Segment(
                    words=words[start - offset : end - offset],
                    start=start,
                    marks=tuple(open_),
                    begin=tuple(mark for mark in open_ if mark.start == start),
                    end=tuple(mark for mark in open_ if mark.end == end),
                )
            )
        cut.append(pieces)
    return cut

"""The table that search looks through: its rows, their ids, and how either database is asked for words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tracker.dates import FIRST_DAY
from tracker.models.refused import N_
from tracker.models.vocabulary import Word

#: No table of the mapper's: on SQLite it is a virtual one, with tables of its own behind it.
search_doc = Table(
    "search_doc",
    MetaData(),
    Column("rowid", BigInteger, primary_key=True),
    Column("title", Text),
    Column("words", Text),
    Column("about", Text),
)
DOC = search_doc.c
#: Where in an id stand the kind, and the day or, of a piece of a text, the source. No id reaches 2**56:
#: walking backwards through larger ones, FTS5 passes rows over (seen in SQLite 3.40.1).
KIND_BIT, DAY_BIT, SOURCE_BIT = 52, 31, 20
ROW = (1 << DAY_BIT) - 1
_DAYS, _LAST = FIRST_DAY.toordinal(), (1 << KIND_BIT - DAY_BIT) - 1
OFFSET = (1 << SOURCE_BIT) - 1
#: Marks of a row that are no words: these letters of private use stand in none.
OPEN = "\ue000"


class Kind(Word):
    """What can be found, in the order in which ids stand; a source is found by its title or by its text."""

    ISSUE = "issue", N_("Issues")
    POSITION = "position", N_("Positions")
    STATUS = "status", N_("Statuses")
    CLAIM = "claim", N_("Claims")
    PROPOSAL = "proposal", N_("Proposals")
    CLAUSE = "clause", N_("Clauses")
    EVENT = "event", N_("Events")
    NOTE = "note", N_("Notes")
    SOURCE = "source", N_("Sources")
    TEXT = "text", N_("Texts of sources")

    @property
    def ids(self) -> tuple[int, int]:
        """The first and the last id of this kind."""
        first = _NUMBERS[self] << KIND_BIT
        return first, first + (1 << KIND_BIT) - 1


_NUMBERS: dict[Kind, int] = {kind: number for number, kind in enumerate(Kind, start=1)}
_KINDS: list[Kind] = [*Kind]
_TEXT, _OF_KIND = _NUMBERS[Kind.TEXT], (1 << KIND_BIT) - 1


def kind_of(id_: int) -> Kind:
    """Tell of what kind it is that has an id."""
    return _KINDS[(id_ >> KIND_BIT) - 1]


def row_of(id_: int) -> int:
    """Tell the row that an id is of: an entry, an issue, a source and so on."""
    return (id_ >> SOURCE_BIT if id_ >> KIND_BIT == _TEXT else id_) & ROW


def day_of(id_: int) -> int:
    """Tell the ordinal of the day of an id, no text's: the day that is shown, else that of the recording."""
    return ((id_ & _OF_KIND) >> DAY_BIT) + _DAYS


def id_of(kind: Kind, day: date, row: int = 0) -> int:
    """Give the id of what is of a day and a row."""
    return kind.ids[0] | min(max(day.toordinal() - _DAYS, 0), _LAST) << DAY_BIT | row


def negotiation_mark(negotiation_id: int) -> str:
    """Mark what is of a negotiation."""
    return f"\ue001{negotiation_id}"


def party_mark(negotiation_id: int, code: str) -> str:
    """Mark what is of a party."""
    return f"\ue002{negotiation_id}\ue003{code.replace('-', chr(0xE004))}"


def topic_mark(word: str) -> str:
    """Mark an issue by a word of its topic."""
    return f"\ue005{word}"


@dataclass(frozen=True, slots=True)
class Doc:
    """A row of the table. `about`: marks."""

    id: int
    title: str
    words: str
    about: str = ""


def remove(session: Session, spans: Iterable[tuple[int, int]]) -> None:
    """Delete the rows whose ids lie in these spans, ends included."""
    given = [{"first": first, "last": last} for first, last in dict.fromkeys(spans)]
    if given:
        session.connection().execute(
            text("DELETE FROM search_doc WHERE rowid BETWEEN :first AND :last"), given
        )


def add(session: Session, docs: Iterable[Doc]) -> int:
    """Write docs, whichever database it is; count them."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    given = [
        {"id": doc.id, "title": doc.title, "words": doc.words, "about": doc.about}
        | ({} if is_sqlite else {"vector": _vector(doc)})
        for doc in {doc.id: doc for doc in docs}.values()
    ]
    if given:
        session.connection().execute(_INSERT_SQLITE if is_sqlite else _INSERT_POSTGRESQL, given)
    return len(given)


_INSERT_SQLITE = text(
    "INSERT INTO search_doc (rowid, title, words, about) VALUES (:id, :title, :words, :about)"
)
_INSERT_POSTGRESQL = text(
    "INSERT INTO search_doc (rowid, title, words, about, vector)"
    " VALUES (:id, :title, :words, :about, CAST(:vector AS tsvector))"
)


def _vector(doc: Doc) -> str:
    """Write a doc as PostgreSQL keeps it: each word with its places, those of the title being marked A."""
    places: dict[str, list[str]] = {}
    last = 0
    for part, mark in ((doc.title, "A"), (doc.words, ""), (doc.about, "")):
        for place, word in enumerate(part.split(), start=last + 2):  # no phrase leads from one to the next
            places.setdefault(word, []).append(f"{place}{mark}")
            last = place
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


class matching(FunctionElement[bool]):  # noqa: N801 - reads as a function of SQL
    """The condition that a row holds what is looked for, as `sought` writes it for the database."""

    inherit_cache = True


@compiles(matching, "sqlite")
def _match(element: matching, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"search_doc MATCH {compiler.process(element.clauses, **kwargs)}"


@compiles(matching, "postgresql")
def _at_at(element: matching, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"search_doc.vector @@ CAST({compiler.process(element.clauses, **kwargs)} AS tsquery)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Plain words in a row; the last may be only the beginning of one."""

    words: tuple[str, ...]
    is_open: bool = False


def sought(
    session: Session,
    groups: Sequence[Sequence[Phrase]],
    marks: Sequence[Sequence[Phrase]] = (),
    *,
    in_title: bool = False,
) -> str:
    """Write what is looked for as the database reads it: of each group, and of the marks, one at least."""
    write, both = (
        (_for_sqlite, " AND ") if session.get_bind().dialect.name == "sqlite" else (_for_postgresql, " & ")
    )
    parts = [write(groups, in_title)] if groups else []
    parts += [write(marks, False)] if marks else []
    return both.join(parts)


def either(session: Session, wanted: Sequence[str]) -> str:
    """Write that one at least of these is looked for, each as `sought` writes it."""
    one_of = " OR " if session.get_bind().dialect.name == "sqlite" else " | "
    return one_of.join(f"({each})" for each in wanted)


def _for_sqlite(groups: Sequence[Sequence[Phrase]], in_title: bool) -> str:
    def phrase(each: Phrase) -> str:
        return f'"{" ".join(each.words)}"{" *" if each.is_open else ""}'

    written = " AND ".join("(" + " OR ".join(map(phrase, group)) + ")" for group in groups)
    return f"({{title}} : ({written}))" if in_title else written


def _for_postgresql(groups: Sequence[Sequence[Phrase]], in_title: bool) -> str:
    mark = "A" if in_title else ""

    def phrase(each: Phrase) -> str:
        marks = [mark] * (len(each.words) - 1) + ["*" * each.is_open + mark]
        words = zip(each.words, marks, strict=True)
        return "(" + " <-> ".join(f"'{word}'{':' if of else ''}{of}" for word, of in words) + ")"

    return " & ".join("(" + " | ".join(map(phrase, group)) + ")" for group in groups)


def clear(session: Session) -> None:
    """Empty the table."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # to delete row by row would take longer than to write them
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'search_doc'"))
        connection.execute(text("DROP TABLE search_doc"))
        connection.exec_driver_sql(str(made))
    else:
        connection.execute(text("TRUNCATE search_doc"))


def merge(session: Session) -> None:
    """Put the index of SQLite into one piece, which takes a moment and makes each search twice as quick."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().execute(text("INSERT INTO search_doc (search_doc) VALUES ('optimize')"))


def is_mapped(_table: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Tell Alembic what to compare with the models: not this table, nor those that SQLite keeps behind it."""
    return not (kind == "table" and name is not None and name.startswith("search_doc"))

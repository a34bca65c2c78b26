"""Citations on their way out: what a row rests on, and the list of all sources that its sheets name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias

from tracker.exchange.sheets import Cells, Column, Say, Sheet, spoken
from tracker.models.refused import N_
from tracker.models.vocabulary import Directness, Reliability, Translator
from tracker.queries.clauses import ProposalLine
from tracker.queries.references import Reference, SourceLine
from tracker.queries.timeline import TabledText

#: A citation as JSON has it; its source is None where it is withheld from the reader.
Citation: TypeAlias = dict[str, Any]

CITATIONS = Column("citations", N_("Sources"), 60, is_long=True)
SOURCES = (
    Column("id", N_("Source"), 10),
    Column("title", N_("Title"), 60, is_long=True),
    Column("publisher", N_("Publisher"), 24),
    Column("url", N_("Address"), 50),
    Column("published_on", N_("Published on"), 14),
    Column("language", N_("Language"), 10),
    Column("reliability", N_("Reliability"), 28, words=Reliability),
)
#: What nobody judged: it says nothing, and pages leave it out too.
UNGRADED = "F6"
#: Between two citations in one cell; a cell of CSV has no second line.
BETWEEN = " | "


class Sources:
    """Gathers the sources that the sheets of a file name, each once; says citations in the reader's language.

    The sheet of them is read last, so it holds what the sheets before it named.
    """

    def __init__(self, say: Say) -> None:
        self.say = say
        self.named: dict[int, dict[str, Any]] = {}
        self._names: dict[int, str] = {}
        self._labels = {word.value: say(word.label) for kind in (Directness, Translator) for word in kind}
        self.withheld, self._unchecked = say(N_("source withheld")), say(N_("quote unchecked"))
        self._translation = say(N_("Translation"))

    def column(self, column: Column = CITATIONS) -> Column:
        """Give the column of a row's citations."""
        return replace(column, title=self.say(column.title), said=self.words)

    def sheet(self) -> Sheet:
        """List the sources named so far, in the order of their ids."""
        return Sheet("sources", self.say(N_("Sources")), spoken(SOURCES, self.say), self._rows())

    def _rows(self) -> Iterator[Cells]:
        for _id, source in sorted(self.named.items()):
            yield [*source.values()]

    def cited(self, references: Iterable[Reference]) -> list[Citation]:
        """Give citations as JSON has them, and keep their sources for the list."""
        return [self._citation(reference) for reference in references]

    def _citation(self, reference: Reference) -> Citation:
        source = reference.source
        return {
            "uid": reference.uid,
            "source": None if source is None else self.source(source),
            "quote": reference.quote,
            "translation": reference.translation,
            "translated_by": reference.translated_by,
            "locator": reference.locator,
            "credibility": reference.credibility,
            "directness": reference.directness,
            "is_checked": reference.is_checked,
            "copy": reference.copy,
        }

    def whole(self, line: SourceLine | None) -> Citation:
        """Cite a source as a whole; None: it is withheld."""
        return {**_WHOLE, "source": None if line is None else self.source(line)}

    def of_text(self, text: ProposalLine | TabledText) -> list[Citation]:
        """Cite the source of a tabled text, where it has one."""
        return [self.whole(text.source)] if text.source or text.is_withheld else []

    def source(self, line: SourceLine) -> dict[str, Any]:
        """Give a source as JSON has it, and keep it for the list."""
        if (known := self.named.get(line.id)) is None:
            known = self.named[line.id] = asdict(line)
        return known

    def words(self, citations: Sequence[Citation]) -> str:
        """Say citations in one line."""
        return BETWEEN.join([self._said(citation) for citation in citations])

    def _said(self, cited: Citation) -> str:
        source = cited["source"]
        if source is None:
            return self.withheld
        words = self._names.get(source["id"]) or self._name(source)
        if locator := cited["locator"]:
            words = f"{words}, {locator}"
        if cited["quote"]:
            words += f": “{cited['quote']}”" + ("" if cited["is_checked"] else f" ({self._unchecked})")
        if cited["translation"]:
            by = self._labels.get(cited["translated_by"], "")
            words += f" [{by or self._translation}: “{cited['translation']}”]"
        if cited["directness"]:
            words += f"; {self._labels[cited['directness']]}"
        if (grade := f"{source['reliability']}{cited['credibility']}") != UNGRADED and cited["credibility"]:
            words += f"; {grade}"
        return f"{words}; {source['url']}" if source["url"] else words

    def _name(self, source: dict[str, Any]) -> str:
        """Name a source, once for all its citations."""
        day = source["published_on"]
        told = [source["title"], source["publisher"], day.isoformat() if day else ""]
        name = self._names[source["id"]] = ", ".join([word for word in told if word])
        return name


_WHOLE: Citation = dict.fromkeys(
    (
        "uid",
        "source",
        "quote",
        "translation",
        "translated_by",
        "locator",
        "credibility",
        "directness",
        "is_checked",
        "copy",
    )
)

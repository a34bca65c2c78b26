"""The sources of the made-up record, and the citations of them."""

from __future__ import annotations

from array import array
from datetime import datetime
from functools import lru_cache
from typing import Any

from bench.record import cast, texts
from bench.record.frame import Act, Frame, chance, is_closed, moment, on, uid
from bench.record.ledger import Ledger
from bench.record.words import AR, EN, FR, RU, UK, Tongue
from tracker.models import Citation, Filing, Source
from tracker.models.alike import address_key, text_hash
from tracker.models.vocabulary import (
    Credibility,
    Directness,
    Handling,
    Reliability,
    SourceKind,
    Translator,
)
from tracker.text import CONTEXT

KINDS = (SourceKind.ARTICLE, SourceKind.ARTICLE, SourceKind.STATEMENT, SourceKind.TRANSCRIPT)
HOW_STATED = (Directness.REPORTED, Directness.REPORTED, Directness.ON_RECORD, Directness.OFFICIAL_TEXT)


def signed(at: datetime, *name: Any) -> dict[str, Any]:
    """Sign a row, named by the seed and its place in the plan."""
    return {"uid": uid(*name), "recorded_at": at, "recorded_by": cast.EDITOR, "recorded_by_id": 1}


class Shelf:
    """Enters sources into a ledger, and cites them. An article is written anew where it is no longer held."""

    def __init__(self, ledger: Ledger, frame: Frame) -> None:
        self.ledger, self.frame, self.seed = ledger, frame, frame.seed
        self._ids = array("I", bytes(4 * (frame.size.sources + 1)))
        self._article = lru_cache(2_048)(self._write_article)

    def _write_article(self, number: int) -> tuple[Tongue, str, str | None]:
        """Write language, title and, of three in five, the stored text of a source."""
        luck = chance(self.seed, "article", number)
        tongue = luck.choices((EN, UK, FR, RU, AR), (50, 14, 12, 14, 10))[0]
        heading = texts.title(luck, tongue)
        is_stored = number == 1 or luck.random() < 0.6
        return tongue, heading, texts.article(luck, tongue, heading) if is_stored else None

    def enter(self, at: int, number: int, block: int, place: int) -> None:
        """Write a source, filed under the negotiation."""
        luck = chance(self.seed, "source", number)
        tongue, heading, text = self._article(number)
        published = on(self.frame.published(block, place))
        url = f"https://example.org/{tongue.code}/{published}/{number}"
        self._ids[number] = self.ledger.insert(
            Source,
            moment(at),
            **signed(moment(at), self.seed, "source", number),
            kind=luck.choice(KINDS),
            title=heading,
            publisher=luck.choice(cast.PUBLISHERS[tongue.code]),
            origin=luck.choice(("", "", "Northern Wire")),
            authors=[cast.person(luck.randrange(9), number)],
            language=tongue.code,
            url=url,
            url_key=address_key(url),
            text_hash=None if text is None else text_hash(text),
            archived_url=f"https://example.net/{number}" if number % 3 == 0 else "",
            published_on=published,
            accessed_on=published,
            text=text,
            is_free_to_show=number % 5 == 1,
            reliability=luck.choice(list(Reliability)),
            handling=Handling.AMBER if is_closed(place) else Handling.CLEAR,
        )
        self.ledger.insert(Filing, moment(at), source_id=self._ids[number], negotiation_id=1)

    def id_of(self, issue: int, place: int) -> int:
        """Find a source of an issue's block."""
        return self._ids[self.frame.sources(self.frame.block(issue))[place]]

    def cite(self, issue: int, place: int, act: Act, **subject: Any) -> None:
        """Write the citations that an act of an issue's plan rests on."""
        at = moment(act.at)
        for turn in range(1 + act.is_cited_twice):
            luck = chance(self.seed, "citation", issue, place, turn)
            self.ledger.insert(
                Citation,
                at,
                **signed(at, self.seed, "citation", issue, place, turn),
                source_id=self.id_of(issue, max(act.source - turn, 0)),
                credibility=luck.choice(list(Credibility)),
                directness=luck.choice(HOW_STATED),
                **subject,
                **self.quote(issue, place, act, turn),
            )

    def quote(self, issue: int, place: int, act: Act, turn: int = 0) -> dict[str, Any]:
        """Quote a source where it stands; one citation in seven names a page alone."""
        luck = chance(self.seed, "quote", issue, place, turn)
        sources = self.frame.sources(self.frame.block(issue))
        tongue, _, text = self._article(sources[max(act.source - turn, 0)])
        if luck.random() < 0.15:
            return {"locator": f"p. {luck.randint(1, 12)}"}
        values: dict[str, Any] = {
            "quote": texts.passage(luck, text) if text else texts.prose(luck, tongue, 250)
        }
        if text:
            values |= _found(values["quote"], text)
        if tongue is not EN:
            values["translation"] = texts.prose(luck, EN, 250)
            values["translated_by"] = luck.choice(list(Translator))
        return values


def _found(quote: str, text: str) -> dict[str, Any]:
    """Say where a quote stands, as tracker.text.find does for words that are typed as in their text."""
    start = text.index(quote)
    end = start + len(quote)
    return {
        "offset": start,
        "length": len(quote),
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
        "locator": f"para {text.count(texts.BREAK, 0, start) + 1}",
    }

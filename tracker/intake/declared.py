"""Declared: what a page says of itself in its head, its JSON-LD and its marked parts. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from tracker.intake.blocks import words_of
from tracker.intake.days import is_near_midnight, one_day, read_day
from tracker.intake.linked import Linked
from tracker.models.refused import N_

_DAYS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "parsely-pub-date",
    "sailthru.date",
    "publication_date",
    "publish-date",
    "publish_date",
    "published_date",
    "pubdate",
    "date",
)
_TITLES = ("og:title", "citation_title", "dcterms.title", "dc.title", "twitter:title", "headline")
_PUBLISHERS = ("og:site_name", "dcterms.publisher", "dc.publisher", "citation_publisher", "publisher")
_AUTHORS = ("author", "article:author", "citation_author", "dcterms.creator", "dc.creator", "parsely-author")
_NAMES_DAY = re.compile(r"publi|posted|pubdate|entry-date|post-date|article-date|byline|dateline", re.I)
_NAMES_CHANGE = re.compile(r"updat|modif|chang|edited|aktualis|оновлен|обновлен", re.I)
#: A page of more is no article, and to look around each takes time.
_TIMES = 200
_SITE = re.compile(r"^(www\d?|amp|m|mobile)\.")

TWO_DAYS = N_("The page names more than one day of publication; none was taken.")
NEAR_MIDNIGHT = N_(
    "The page gives its day in UTC, near midnight: where it was published it may have been another."
)
CHANGED = N_("The page names only the day on which it was changed.")
UNREAD_DAY = N_(
    "The page names a day of publication in a form that can be read in more than one way, or not at all."
)
OTHER_HEADING = N_("The heading on the page is not the title that it declares: compare them.")
OTHER_SITE = N_("The page names an address on another site as its own; it was not taken.")


def fold(text: str) -> str:
    """Keep the letters and digits of a text, to compare by."""
    return "".join(re.findall(r"\w+", text.casefold()))


class Declared:
    """A page asked for what it declares; `remarks` grow while it answers."""

    def __init__(self, tree: HtmlElement, address: str) -> None:
        self._tree = tree
        self._address = address
        self._metas: dict[str, list[str]] = {}
        for meta in tree.iter("meta"):
            name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
            if content := (meta.get("content") or "").strip():
                self._metas.setdefault(name, []).append(content)
        self.remarks: list[str] = []
        self.address = self._own_address()
        scripts = [each.text or "" for each in tree.iter("script") if "ld+json" in (each.get("type") or "")]
        self.linked = Linked(scripts, {self.address, self._address.partition("#")[0]})

    def _own_address(self) -> str:
        """Give the canonical address where it is of the same site, or the page is a copy made for phones."""
        told = [
            each.get("href") or "" for each in self._tree.iter("link") if "canonical" in _words(each, "rel")
        ]
        found = next(iter(told), "") or self._meta("og:url")
        try:
            address = urljoin(self._address, found).partition("#")[0] if found else ""
            host, own = urlsplit(address).hostname or "", urlsplit(self._address).hostname or ""
        except ValueError:
            return self._address
        if not re.fullmatch(r"https?://[!-~\u00a1-\uffff]{4,1990}", address) or not host:
            return self._address
        root = self._tree.getroottree().getroot()
        is_copy = "amp" in root.attrib or "⚡" in root.attrib
        if not own or is_copy or _is_same_site(host, own):
            return address
        self.remarks.append(OTHER_SITE)
        return self._address

    def _meta(self, *names: str) -> str:
        return next(iter(self._all(*names)), "")

    def _all(self, *names: str) -> list[str]:
        return [each for name in names for each in self._metas.get(name, [])]

    @property
    def is_article(self) -> bool:
        return self._meta("og:type").lower() == "article"

    @property
    def is_locked(self) -> bool:
        return self.linked.is_locked or self._meta("article:content_tier").lower() in ("locked", "metered")

    def publisher(self) -> str:
        return self.linked.publisher or self._meta(*_PUBLISHERS)

    def authors(self) -> list[str]:
        told = self.linked.authors or [each for each in self._all(*_AUTHORS) if "://" not in each]
        marked = (
            each for each in self._tree.iter() if "author" in _words(each, "itemprop") + _words(each, "rel")
        )
        found = told or [words_of(each) for each in marked if each.tag != "link"]
        return [each for each in dict.fromkeys(found) if 1 < len(each) < 100][:20]

    def language(self) -> str:
        root = self._tree.getroottree().getroot()
        told = (
            root.get("lang"),
            self.linked.language,
            self._meta("og:locale", "dc.language", "content-language"),
        )
        found = next((each.strip() for each in told if each and each.strip()), "").replace("_", "-")
        return found if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", found) else ""

    def title(self) -> str:
        """Give the heading of the page where it agrees with what is declared, else what is declared."""
        site = self.publisher()
        head = _without_site(next((words_of(each) for each in self._tree.iter("title")), ""), site)
        declared = [
            each for each in (self._meta(*_TITLES[:1]), self.linked.title, self._meta(*_TITLES), head) if each
        ]
        declared = [_without_site(" ".join(each.split()), site) for each in declared]
        headings = [
            words for each in self._tree.iter("h1") if (words := words_of(each)) and fold(words) != fold(site)
        ]
        agreeing = (each for each in headings if any(_agree(each, other) for other in declared))
        if (found := next(agreeing, "")) or not declared:
            return found or (headings[0] if len(headings) == 1 else "")
        if headings:
            self.remarks.append(OTHER_HEADING)
        return declared[0]

    def day(self) -> date | None:
        """Give the day of publication, where all that declares one names the same."""
        told = [each for each in (self.linked.day, self._meta(*_DAYS)) if each] or list(self._marked_days())
        if found := one_day(told):
            if all(map(is_near_midnight, told)):
                self.remarks.append(NEAR_MIDNIGHT)
            return found
        if any(map(read_day, told)):
            self.remarks.append(TWO_DAYS)
        elif told:
            self.remarks.append(UNREAD_DAY)
        elif self.linked.changed or self._meta("article:modified_time", "og:updated_time", "last-modified"):
            self.remarks.append(CHANGED)
        return None

    def _marked_days(self) -> Iterator[str]:
        """Yield the days that are marked as when it was published, else those in the head of the article."""
        marked = [each for each in self._tree.iter() if "datePublished" in _words(each, "itemprop")]
        times = [
            each
            for each in islice(self._tree.iter("time"), _TIMES)
            if not _NAMES_CHANGE.search(_around(each))
        ]
        named = [each for each in times if "pubdate" in each.attrib or _NAMES_DAY.search(_around(each))]
        for each in marked or named or [each for each in times if _is_in_head(each)]:
            yield each.get("content") or each.get("datetime") or words_of(each)


def _words(element: HtmlElement, name: str) -> list[str]:
    return (element.get(name) or "").split() if isinstance(element.tag, str) else []


def _around(element: HtmlElement) -> str:
    """Give how an element and what directly holds it are named, and what stands beside it."""
    parent = element.getparent()
    told = [element.get("class"), element.get("id"), element.get("itemprop")]
    if parent is not None and len(words_of(parent)) < 120:
        told += [parent.get("class"), parent.get("id"), parent.text, element.text]
    before = element.getprevious()
    return " ".join(each for each in [*told, before is not None and before.tail] if each)


def _is_in_head(element: HtmlElement) -> bool:
    """Tell whether an element stands in the header of an article, beside its heading."""
    header = next(element.iterancestors("header", "hgroup"), None)
    return header is not None and header.find(".//h1") is not None


def _is_same_site(one: str, other: str) -> bool:
    return _SITE.sub("", one) == _SITE.sub("", other)


def _without_site(title: str, site: str) -> str:
    """Leave out the name of the site at the end of a title, where it is known."""
    found = re.fullmatch(r"(.+\S)\s+[|–—·:»\-]{1,2}\s+(.+)", title)
    return found[1] if found and site and fold(found[2]) == fold(site) else title


def _agree(heading: str, declared: str) -> bool:
    one, other = fold(heading), fold(declared)
    shorter = min(one, other, key=len)
    return len(shorter) > 3 and (one.startswith(other) or other.startswith(one))

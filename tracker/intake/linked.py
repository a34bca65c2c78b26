"""Linked: what a page says of its article as JSON-LD, in the words of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_ARTICLES = {
    "AdvertiserContentArticle",
    "AnalysisNewsArticle",
    "Article",
    "AskPublicNewsArticle",
    "BackgroundNewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "NewsArticle",
    "OpinionNewsArticle",
    "PressRelease",
    "Report",
    "ReportageNewsArticle",
    "ReviewNewsArticle",
    "ScholarlyArticle",
    "TechArticle",
}
_KINDS = {
    "SocialMediaPosting": "social_post",
    "DiscussionForumPosting": "social_post",
    "Dataset": "dataset",
    "Legislation": "official_document",
}
_DEEPEST = 20
_MOST = 2000


class Linked:
    """The node of the article, with what it refers to; `text` of a property is "" where it has none."""

    def __init__(self, scripts: list[str], addresses: set[str]) -> None:
        nodes = [node for each in scripts for node in _nodes(_read(each), 0)][:_MOST]
        self._by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
        told = [node for node in nodes if _types(node) & (_ARTICLES | _KINDS.keys())]
        ours = [node for node in told if _addresses(node) & addresses] or told
        #: Several articles that are not this page: a list, of which none is meant.
        self.is_list = len({str(node.get("headline") or node.get("name")) for node in ours}) > 1
        self._page = next((node for node in nodes if _types(node) & {"WebPage", "ItemPage"}), {})
        self._article = ours[0] if ours and not self.is_list else {}

    @property
    def kind(self) -> str:
        types = _types(self._article)
        return next((_KINDS[each] for each in types & _KINDS.keys()), "article" if types & _ARTICLES else "")

    @property
    def title(self) -> str:
        return self._text(self._article.get("headline")) or self._text(self._article.get("name"))

    @property
    def day(self) -> str:
        return self._text(self._article.get("datePublished")) or self._text(self._page.get("datePublished"))

    @property
    def changed(self) -> str:
        return self._text(self._article.get("dateModified")) or self._text(self._page.get("dateModified"))

    @property
    def publisher(self) -> str:
        return next(iter(self._names(self._article.get("publisher"))), "")

    @property
    def authors(self) -> list[str]:
        return self._names(self._article.get("author"))

    @property
    def language(self) -> str:
        told = self._article.get("inLanguage") or self._page.get("inLanguage")
        found = told if isinstance(told, dict) else {"alternateName": told}
        return self._text(found.get("alternateName"))

    @property
    def is_locked(self) -> bool:
        return str(self._article.get("isAccessibleForFree")).lower() == "false"

    def _names(self, told: Any) -> list[str]:
        found = []
        for each in told if isinstance(told, list) else [told]:
            node = self._by_id.get(each["@id"], each) if _is_reference(each) else each
            found.append(self._text(node.get("name")) if isinstance(node, dict) else self._text(node))
        return [name for name in found if name and "://" not in name]

    def _text(self, told: Any) -> str:
        told = told[0] if isinstance(told, list) and told else told
        return unescape(told).strip() if isinstance(told, str) else ""


def _read(script: str) -> Any:
    script = re.sub(r"^\s*(<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(-->|//\]\]>|/\*\]\]>\*/)\s*$", "", script)
    try:
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(told: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield what stands at the top or is named as what the page is about; not the articles of a list."""
    if depth > _DEEPEST:
        return
    if isinstance(told, list):
        for each in told:
            yield from _nodes(each, depth + 1)
    elif isinstance(told, dict):
        yield told
        for name in ("@graph", "mainEntity"):
            yield from _nodes(told.get(name), depth + 1)


def _types(node: dict[str, Any]) -> set[str]:
    told = node.get("@type")
    found = told if isinstance(told, list) else [told]
    return {each.rpartition("/")[2] for each in found if isinstance(each, str)}


def _addresses(node: dict[str, Any]) -> set[str]:
    page = node.get("mainEntityOfPage")
    told = (node.get("url"), page.get("@id") if isinstance(page, dict) else page, node.get("@id"))
    return {each.partition("#")[0] for each in told if isinstance(each, str)}


def _is_reference(told: Any) -> bool:
    return isinstance(told, dict) and isinstance(told.get("@id"), str) and "name" not in told

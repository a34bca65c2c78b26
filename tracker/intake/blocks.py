"""Blocks: the paragraphs of a tree, of HTML or as trafilatura gives it."""

from __future__ import annotations

import re

from lxml import etree

#: What begins a paragraph and ends it; the last line are trafilatura's names.
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl"),
    *(
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
    ),
    *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead"),
    *("tr", "ul"),
    *("ab", "fw", "head", "item", "list", "quote", "row"),
}
_CELLS = {"td", "th", "cell"}
_LINES = {"br", "lb"}
_UNSEEN = {"script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe", "object"}
#: Stands in a tree where a paragraph ends without a tag; a letter that no script has.
PARTED = "\ue000"
_LINE, _PARAGRAPH, _CELL = "\x0b", "\x0c", "\x1f"  # signs that no text of a tree holds


def paragraphs_of(tree: etree._Element, *, is_html: bool = True) -> list[str]:
    """Give the words of a tree, paragraph by paragraph; two breaks of the line part paragraphs too."""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            parts.append("" if hidden or element.tail is None else element.tail)
            continue
        is_unseen = is_html and element is not tree and element.tag in _UNSEEN
        if event == "start":
            hidden += is_unseen
            parts.append("" if hidden else _sign(element) + (element.text or ""))
            continue
        hidden -= is_unseen
        is_root = element is tree
        parts.append("" if hidden else _end(element) + ("" if is_root else element.tail or ""))
    text = re.sub(r"[ \t\r\n]+", " ", "".join(parts).replace(PARTED, _PARAGRAPH))
    text = re.sub(rf" *{_CELL}[ {_CELL}]*(?={_PARAGRAPH}|$)", "", text).replace(_CELL, " | ")
    text = re.sub(rf"(?: *{_LINE} *){{2,}}", _PARAGRAPH, text)
    lines = (re.sub(rf" *{_LINE} *", "\n", each).strip() for each in text.split(_PARAGRAPH))
    return [each for each in lines if each]


def words_of(element: etree._Element) -> str:
    """Give the words of an element in one line."""
    return " ".join(" ".join(paragraphs_of(element)).split())


def _sign(element: etree._Element) -> str:
    if element.tag in _LINES:
        return _LINE
    return _PARAGRAPH if element.tag in _BLOCKS else ""


def _end(element: etree._Element) -> str:
    if element.tag in _CELLS:
        return _CELL
    return _PARAGRAPH if element.tag in _BLOCKS else ""

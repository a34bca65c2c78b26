"""Page: a page of HTML, and what is drawn out of it: the text by trafilatura, the rest as declared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import islice

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from tracker.intake.blocks import PARTED, paragraphs_of, words_of
from tracker.intake.declared import Declared, fold
from tracker.intake.drawn import Drawn, plain
from tracker.intake.letters import declared as declared_letters
from tracker.intake.letters import decode
from tracker.intake.pasted import read_plain
from tracker.models.refused import N_

_DROPPED = ("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas")
#: What trafilatura leaves out with its words, also in the middle of a sentence.
_KEPT = ("time", "ins", "output", "label", "data")
_TEXT = ("p", "li", "blockquote", "td", "dd", "figcaption")
_TOLD = ("author", "datePublished", "dateModified")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LINKS, _HEADLINE = 500, 15
_CELLS, _ARTICLE = 1000, 300
_SHOWN, _LONG = 2000, 100
_LOCK = re.compile(r"paywall|piano-offer|subscriber-only|regwall|premium-content|locked-content", re.I)
_LOCKED_WORDS = re.compile(
    r"(subscribe|sign in|log in|register)\b.{0,40}\b(to )?(continue|keep|read)(ing)?\b|only for subscribers"
    r"|subscribers only|für abonnenten|réservé aux abonnés|только для подписчиков|для передплатників",
    re.I,
)
_PART = re.compile(r"<!--StartFragment-->", re.I)
_WHOLE = re.compile(r"<(!doctype|html|head|body|frameset)\b", re.I)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_SCRIPTS = {
    "CYRILLIC": "be bg kk ky mk mn ru sr tg uk",
    "ARABIC": "ar ckb fa ps ur",
    "LATIN": "cs da de en es fi fr hu it nl no nb nn pl pt ro sv tr",
    "HEBREW": "he yi",
    "GREEK": "el",
}

CUT = N_("The page says that only subscribers read all of it: the text may be cut off.")
NO_TEXT = N_("No running text was found on the page.")
BY_SCRIPT = N_("No running text was found: the page is built by scripts. Open it, and paste its text.")
FRAMES = N_("The page is made of frames: give the address of the frame that holds the text.")
LIST = N_("The page is a list of other pages, not one article: its text was not taken.")
LEFT_OUT = N_("More than half of the longer paragraphs of the page were left out of the text: compare them.")
OTHER_LETTERS = N_("The page names a language that its letters do not belong to; it was not taken.")


def read_page(content: bytes, address: str = "", charset: str = "") -> Drawn:
    """Read a page as it came from the web or out of a file.

    Raises: Refused.
    """
    text, remarks = decode(content, charset, declared_letters(content))
    drawn = read_html(text, address)
    drawn.remarks[:0] = remarks
    return drawn


def read_html(text: str, address: str = "") -> Drawn:
    """Read HTML: a whole page, or a part that was copied."""
    text = plain(_XML_HEAD.sub("", text))
    if not text.strip():
        return Drawn(url=address, remarks=[NO_TEXT])
    if _PART.search(text) or not _WHOLE.search(text[:2000]):
        return _read_part(text)
    return _read_whole(_tree(text), address)


def _tree(text: str) -> HtmlElement:
    """Read HTML without its comments: trafilatura loses the words behind one."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    return lxml.html.document_fromstring(text, parser=parser)


def _read_part(text: str) -> Drawn:
    """Read a part of a page: all of it is what the editor chose."""
    tree = lxml.html.fragment_fromstring(_WHOLE.sub("<div", text), create_parent="div")
    headings = [" ".join(paragraphs_of(each)) for each in tree.iter("h1")]
    return read_plain("\n\n".join(paragraphs_of(tree)), headings[0] if len(headings) == 1 else "")


def _read_whole(tree: HtmlElement, address: str) -> Drawn:
    declared = Declared(tree, address)
    drawn = Drawn(
        title=declared.title(),
        publisher=declared.publisher(),
        authors=declared.authors(),
        language=declared.language(),
        url=declared.address,
        published_on=declared.day(),
        kind=declared.linked.kind or ("article" if declared.is_article else ""),
    )
    drawn.remarks = declared.remarks
    _draw_text(tree, drawn)
    if drawn.paragraphs and (_is_locked(tree, drawn.paragraphs) or declared.is_locked):
        drawn.remark(CUT)
    _check_language(drawn)
    return drawn


def _draw_text(tree: HtmlElement, drawn: Drawn) -> None:
    if next(tree.iter("frameset"), None) is not None:
        drawn.remark(FRAMES)
        return
    has_scripts = next(tree.iter("script"), None) is not None
    _prepare(tree)
    shown = [fold(words) for each in islice(tree.iter("p"), _SHOWN) if len(words := words_of(each)) > _LONG]
    drawn.paragraphs = _running_text(tree)
    while drawn.paragraphs and fold(drawn.paragraphs[0]) == fold(drawn.title):
        drawn.paragraphs.pop(0)
    if not drawn.paragraphs:
        drawn.remark(BY_SCRIPT if has_scripts else NO_TEXT)
    elif _is_list(tree, drawn.paragraphs):
        drawn.paragraphs = []
        drawn.remark(LIST)
    elif _is_most_left_out(shown, drawn.paragraphs):
        drawn.remark(LEFT_OUT)


def _prepare(tree: HtmlElement) -> None:
    """Drop what no reader sees and what is told elsewhere, and keep the words that trafilatura would drop."""
    for element in [each for each in tree.iter() if isinstance(each.tag, str)]:
        is_hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style") or "")
        is_in_text = next(element.iterancestors(*_TEXT), None) is not None
        is_told = not is_in_text and element.get("itemprop") in _TOLD
        if (element.tag in _DROPPED or is_hidden or is_told) and element.getparent() is not None:
            element.drop_tree()
        elif element.tag == "br":
            _part(element)
        elif element.tag == "q":  # parted from its sentence else; browsers write these marks
            _quote(element)
        elif element.tag == "noindex" or (element.tag in _KEPT and is_in_text):
            element.tag = "span"


def _part(line_break: HtmlElement) -> None:
    """Mark where two breaks of the line part paragraphs: trafilatura makes one of them."""
    following = line_break.getnext()
    if following is not None and following.tag == "br" and not (line_break.tail or "").strip():
        line_break.tail = PARTED


def _quote(words: HtmlElement) -> None:
    words.tag = "span"
    words.text = "“" + (words.text or "")
    last = next(reversed(words), None)
    if last is None:
        words.text += "”"
    else:
        last.tail = (last.tail or "") + "”"


def _running_text(tree: HtmlElement) -> list[str]:
    """Let trafilatura choose what is the article, and part it as the page does."""
    if (cell := _cell_of_text(tree)) is not None:
        return paragraphs_of(cell)
    from trafilatura import bare_extraction

    document = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(document, "body", None)
    return paragraphs_of(body, is_html=False) if isinstance(body, etree._Element) else []


def _is_most_left_out(shown: list[str], paragraphs: list[str]) -> bool:
    words = fold("".join(paragraphs))
    left = sum(len(each) for each in shown if each not in words)
    return left * 2 > sum(map(len, shown))


def _cell_of_text(tree: HtmlElement) -> HtmlElement | None:
    """Give the innermost cell that holds most of the words: pages were once laid out in tables."""
    whole = _unlinked(tree)
    cells = (each for each in islice(tree.iter("td"), _CELLS) if _unlinked(each) > max(_ARTICLE, 0.6 * whole))
    return max(cells, key=lambda each: sum(1 for _ in each.iterancestors()), default=None)


def _unlinked(element: HtmlElement) -> int:
    """Measure the words of an element that are no links."""
    links = sum(len("".join(each.itertext())) for each in element.iter("a"))
    return len("".join(element.itertext())) - links


def _is_list(tree: HtmlElement, paragraphs: list[str]) -> bool:
    """Tell a page of headlines: what was drawn out is in the main the words of links."""
    words = fold("".join(paragraphs))
    links = (fold(" ".join(paragraphs_of(each))) for each in islice(tree.iter("a"), _LINKS))
    found = [len(each) for each in set(links) if len(each) > _HEADLINE and each in words]
    return len(found) > 3 and sum(found) * 2 > len(words)


def _is_locked(tree: HtmlElement, paragraphs: list[str]) -> bool:
    """Tell a page that is locked by its words or its marks; the words are no part of the text."""
    is_locked = False
    while len(paragraphs) > 1 and len(paragraphs[-1]) < 300 and _LOCKED_WORDS.search(paragraphs[-1]):
        paragraphs.pop()
        is_locked = True
    return is_locked or any(
        _LOCK.search(f"{each.get('class')} {each.get('id')}") for each in tree.iter("div", "section", "aside")
    )


def _check_language(drawn: Drawn) -> None:
    """Leave out a declared language where the text is in other letters: templates often declare their own."""
    letters = Counter(
        unicodedata.name(letter, "").split(" ")[0]
        for letter in "".join(drawn.paragraphs)[:5000]
        if letter.isalpha()
    )
    main = letters.most_common(1)[0][0] if letters else ""
    code = drawn.language.split("-")[0].lower()
    expected = next((script for script, codes in _SCRIPTS.items() if code in codes.split()), main)
    if main and expected != main and not re.search("-(Latn|Cyrl|Arab)", drawn.language, re.I):
        drawn.language = ""
        drawn.remark(OTHER_LETTERS)

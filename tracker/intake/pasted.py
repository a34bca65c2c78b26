"""Pasted: plain text as it is copied from a page or out of a file, with what stands at its head."""

from __future__ import annotations

import re
from datetime import date

from tracker.intake.days import read_day
from tracker.intake.drawn import Drawn, plain
from tracker.models.refused import N_
from tracker.text import one_line, paragraphs

_TITLE = 300
_HEAD_LINE = 200
_HEAD_LINES = 8
_REPEATED = 3
_CRUMBS = re.compile(r"\s*[>»›→⟩❯]\s*|\s+[/|]\s+")
_HOME = re.compile(r"(home|start|startseite|accueil|inicio|main|главная|головна|الرئيسية)( ?page)?", re.I)
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,1990}")
_SENTENCE_END = re.compile(r"(?<!\.\.)[.;,:][\"'”’»)]*$")
_STRAY_END = re.compile(r"\n[^\w\n]*$")
_WORD = re.compile(r"\w")
_PUBLISHED = re.compile(
    r"(?:(?:first )?published|posted|опубліковано|опубликовано|veröffentlicht|publié)\b"
    r"(?: on| am| le)?[:\s]*(.+)",
    re.I,
)
_BY = re.compile(r"(?:by|author|автор|von|par)(?::\s*|\s+)([^\d@:]{3,80})", re.I)

FIRST_LINE = N_("The title was taken from the first line.")
A_DAY_AT_THE_TOP = N_(
    "A day stands at the top of the text; whether it is the day of publication, it does not say."
)


def read_plain(text: str, title: str = "") -> Drawn:
    """Read plain text; a title that is known already is taken, and left out where the text repeats it."""
    drawn = Drawn(title=title)
    blocks = _blocks(plain(text))
    crumb = _take_what_leads_on(blocks, drawn)
    if not drawn.title:
        _take_title(blocks, crumb, drawn)
    for _ in range(_REPEATED):
        if len(blocks) > 1 and _same(blocks[0], drawn.title):
            blocks.pop(0)
    for line in blocks[:4]:
        _look_for_day_and_author(one_line(line), drawn)
    drawn.paragraphs = blocks
    return drawn


def _blocks(text: str) -> list[str]:
    """Part a text into its paragraphs; lines at its head that are no sentences stand each for itself.

    What has no letters or digits, at either end, is left out.
    """
    blocks = [words for _, words in paragraphs(text)]
    lines = blocks[0].split("\n") if blocks else []
    is_head = len(lines) <= _HEAD_LINES and all(
        len(line) <= _HEAD_LINE and not _SENTENCE_END.search(line.strip()) for line in lines
    )
    blocks = [line.strip() for line in lines] + blocks[1:] if is_head else blocks
    worded = [place for place, block in enumerate(blocks) if _WORD.search(block)]
    if not worded:
        return []
    return [*blocks[worded[0] : worded[-1]], _STRAY_END.sub("", blocks[worded[-1]])]


def _take_what_leads_on(blocks: list[str], drawn: Drawn) -> str:
    """Leave out the address and the way through the site before the title; gives the last step of the way."""
    last = ""
    for _ in range(_HEAD_LINES):
        if len(blocks) < 2:
            break
        parts = [part for part in _CRUMBS.split(one_line(blocks[0])) if part]
        if _ADDRESS.fullmatch(blocks[0]):
            drawn.url = drawn.url or blocks[0]
        elif not last and _is_way(parts, blocks[1]):
            last = parts[-1]
        elif _WORD.search(blocks[0]):
            break
        blocks.pop(0)
    return last


def _is_way(parts: list[str], following: str) -> bool:
    """Tell "Home > Talks > Title" from a line of text that holds such a sign."""
    if len(parts) < 2 or any(len(part) > _TITLE for part in parts) or _SENTENCE_END.search(parts[-1]):
        return False
    return bool(_HOME.fullmatch(parts[0])) or _same(parts[-1], following)


def _take_title(blocks: list[str], crumb: str, drawn: Drawn) -> None:
    if len(blocks) < 2:
        return
    line = one_line(blocks[0])
    is_repeated = _same(line, blocks[1]) or _same(line, crumb)
    if not is_repeated and ("\n" in blocks[0] or len(line) > _HEAD_LINE or _SENTENCE_END.search(line)):
        return
    if len(line) > _TITLE:
        return
    drawn.title = line
    blocks.pop(0)
    if not is_repeated:
        drawn.remark(FIRST_LINE)


def _same(one: str, other: str) -> bool:
    """Compare by letters and digits; the way through a site often cuts its last step short."""
    one, other = ("".join(re.findall(r"\w+", each.casefold())) for each in (one, other))
    return bool(one) and (one == other or (len(other) > 20 and one.startswith(other)))


def _look_for_day_and_author(line: str, drawn: Drawn) -> None:
    """Take what a line at the head declares; it stays in the text."""
    if len(line) > _HEAD_LINE:
        return
    if found := _PUBLISHED.match(line):
        drawn.published_on = drawn.published_on or read_day(found[1])
    elif not drawn.published_on and _starts_with_day(line):
        drawn.remark(A_DAY_AT_THE_TOP)
    if not drawn.authors and (found := _BY.fullmatch(line)) and len(found[1].split()) <= 5:
        drawn.authors = [found[1]]


def _starts_with_day(line: str) -> date | None:
    return read_day(line) if len(line) < 60 else None

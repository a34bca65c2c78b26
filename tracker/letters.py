"""Letters: the plain form of words, in which search compares them in any script. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: A longer word is cut: PostgreSQL takes none of more than 2,046 bytes.
LONGEST = 64
#: Marks stand on their letter, and are no ends of words; the later planes hold those of no language in use.
_MARKS = "".join(chr(at) for at in range(0x300, 0x1B00) if unicodedata.category(chr(at)).startswith("M"))
#: Written without blanks: each letter stands for itself, and words are sought as letters in a row.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W_{_ALONE}]"
#: A number is one word however its thousands are parted: 600,000 and 600 000 are 600000.
NUMBER = r"(?<!\d)\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+(?!\w)"
#: An apostrophe is part of a word where a Cyrillic letter follows: п’ять is one word, l’accord is two.
_WORD = re.compile(
    rf"{NUMBER}|[{_ALONE}]|{_LETTER}(?:{_LETTER}|[{_MARKS}]|[\u00ad\u200c\u200d]|['’ʼ`](?=[\u0400-\u052f]))*"
)
_ASCII = re.compile(rf"{NUMBER}|[0-9a-z]+", re.ASCII)
#: What Ukrainian and Russian write differently, and letters of Latin that no mark can be taken from.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("іы", "и"),
        **dict.fromkeys("єэ", "е"),
        "ґ": "г",
        **dict.fromkeys("ьъ"),
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
    }
)


def words_in(text: str) -> list[tuple[int, int, str]]:
    """Find the words of a text: where each begins and ends, and its plain form."""
    if text.isascii():  # most texts are, and their words are plain but for their case
        found = _ASCII.finditer(text.lower())
        return [(*at.span(), word[:LONGEST] if (word := at[0]).isalnum() else plain(word)) for at in found]
    return [(*match.span(), word) for match in _WORD.finditer(text) if (word := plain(match[0]))]


def plain_text(*texts: str) -> str:
    """Give the plain words of texts, with a blank between them."""
    return " ".join(filter(None, (plain(word) for text in texts for word in _WORD.findall(text))))


@lru_cache(1 << 16)
def plain(word: str) -> str:
    """Give the plain form of a word: no case, no accents; Ukrainian and Russian letters are one."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    kept = "".join(part for part in parts if part.isalnum() or _is_vowel(part))
    return kept.translate(_ALIKE)[:LONGEST]


def _is_vowel(mark: str) -> bool:
    """Tell whether a mark is a letter in all but name, as the vowels of Indian scripts are."""
    return unicodedata.category(mark).startswith("M") and not unicodedata.combining(mark)

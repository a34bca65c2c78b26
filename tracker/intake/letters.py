"""Letters: from bytes to text, by what the bytes are, what is declared, and with care what is likely."""

from __future__ import annotations

import codecs
import re

from tracker.models.refused import N_, Fault, Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Declared names that are believed: Python knows codecs that are none.
_KNOWN = re.compile(
    r"utf-?8|utf-?16(le|be)?|windows-?(125\d|874|31j)|cp-?(125\d|866|874|932|936|949)|x-cp125\d"
    r"|iso-?8859-?\d{1,2}|latin-?[1-9]|us-ascii|ascii|koi8-?[ru]|x-mac-cyrillic|mac-?cyrillic|macintosh|ibm866"
    r"|gb2312|gbk|gb18030|big5(-hkscs)?|shift[_-]jis|sjis|euc-(jp|kr)|iso-2022-jp|ks_c_5601-1987|tis-620"
)
#: Browsers read these as their larger kin. Source: WHATWG Encoding.
_LARGER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "tis-620": "cp874",
}
_META = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,30})""", re.I)
_XML = re.compile(rb"""<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,30})""", re.I)
_HIGH = re.compile(rb"[\x80-\xff]+")

GUESSED_CYRILLIC = N_(
    "Nothing declares its letters; they were taken for windows-1251: look whether it reads right."
)
GUESSED_KOI = N_("Nothing declares its letters; they were taken for KOI8-R: look whether it reads right.")
GUESSED_WESTERN = N_(
    "Nothing declares its letters; they were taken for windows-1252: look whether it reads right."
)
UNREAD = N_("Some letters could not be read, and stand as �.")


def declared(content: bytes) -> str:
    """Give the encoding that a page declares at its head; "" for none."""
    found = _META.search(content[:4096]) or _XML.match(content[:256].lstrip())
    return found[1].decode() if found else ""


def decode(content: bytes, *names: str) -> tuple[str, list[str]]:
    """Read bytes as text, with the encodings that are declared for them; gives remarks too.

    Raises: Refused, about the field "".
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            text = content[len(mark) :] if name == "utf-8" else content
            return _marked(text.decode(name, "replace"))
    known = [name for each in names if (name := _codec(each))]
    if b"\0" in content[:4096] and not any(name.startswith("utf-16") for name in known):
        raise Refused(Fault("", N_("This is not text.")))
    for name in (
        "utf-8",
        *known,
    ):  # what is no ASCII and yet UTF-8 throughout was never meant as anything else
        if name == "utf-8" and known[:1] == ["iso2022_jp"]:
            continue
        try:
            return content.decode(name), []
        except UnicodeError:
            continue
    if known and known[0] != "utf-8":
        return _marked(content.decode(known[0], "replace"))
    return _likely(content)


def _codec(name: str) -> str:
    """Give Python's name of an encoding that is believed; "" for others."""
    name = name.strip().lower()
    if not _KNOWN.fullmatch(name):
        return ""
    name = re.sub(r"^(x-cp|windows-?)(?=\d)", "cp", name).replace("31j", "932").removeprefix("x-")
    try:
        found = codecs.lookup(
            {"sjis": "cp932", "macintosh": "mac-roman", "ks_c_5601-1987": "cp949"}.get(name, name)
        )
    except LookupError:
        return ""
    return _LARGER.get(found.name, found.name)


def _marked(text: str) -> tuple[str, list[str]]:
    return text, [UNREAD] if "�" in text else []


def _likely(content: bytes) -> tuple[str, list[str]]:
    """Tell Cyrillic by its long runs of high bytes; in others they stand alone between plain letters."""
    runs = _HIGH.findall(content[:200_000])
    high = b"".join(runs)
    broken = content.decode("utf-8", "replace")
    if broken.count("�") * 20 < len(high):  # nearly all of it is UTF-8: cut or patched
        return _marked(broken)
    if len(high) < 2.5 * len(runs):
        return content.decode("cp1252", "replace"), [GUESSED_WESTERN]
    lower, upper = (sum(first <= byte < first + 32 for byte in high) for first in (0xE0, 0xC0))
    if lower >= upper:  # in KOI8 the small letters stand where windows-1251 has the large ones
        return content.decode("cp1251", "replace"), [GUESSED_CYRILLIC]
    return content.decode("koi8-r", "replace"), [GUESSED_KOI]

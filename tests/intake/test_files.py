"""Files: told apart by what they hold; what cannot be read is refused in a sentence."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake import files
from tests.intake.pages import ARTICLE, RUSSIAN, UKRAINIAN
from tracker.intake import reader
from tracker.intake.found import Found
from tracker.intake.reading import FILE_SIZE, read_file
from tracker.models.refused import Refused

TITLE = "Talks go on at the lake"


def read(content: bytes) -> Found:
    """Read a file without a process of its own."""
    return Found.of(reader.draw(content).as_json(), "file")


def lines_of(*paragraphs: str) -> list[str]:
    """Break paragraphs into lines as a page of paper does."""
    lines: list[str] = []
    for each in paragraphs:
        words = each.split(" ")
        line = ""
        for word in words:
            if len(line) + len(word) > 70:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    return lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_plain_text_is_read_in_unicode(encoding: str) -> None:
    found = read("\r\n\r\n".join(["Розмови тривають", *UKRAINIAN]).encode(encoding))
    assert (found.title, found.text) == ("Розмови тривають", "\n\n".join(UKRAINIAN))
    assert not any("taken for" in each for each in found.remarks)


@pytest.mark.parametrize(
    ("encoding", "words", "said"),
    [
        ("cp1251", RUSSIAN, "taken for windows-1251"),
        ("cp1251", UKRAINIAN, "taken for windows-1251"),
        ("koi8-r", RUSSIAN, "taken for KOI8-R"),
        ("cp1252", [f"{each} Où est-ce décidé? Übermorgen." for each in ARTICLE], "taken for windows-1252"),
    ],
)
def test_letters_that_nothing_declares_are_read_with_care_and_said(
    encoding: str, words: list[str], said: str
) -> None:
    found = read("\n\n".join(["-", *words]).encode(encoding))
    assert found.text == "\n\n".join(words)
    assert said in found.remarks[0]


def test_utf_8_that_is_cut_in_a_letter_stays_utf_8() -> None:
    found = read("\n\n".join(UKRAINIAN).encode()[:-2])
    assert UKRAINIAN[0] in found.text
    assert "Some letters could not be read" in found.remarks[0]


def test_a_pdf_gives_its_paragraphs() -> None:
    content = files.pdf_of(
        [lines_of(TITLE, ARTICLE[0]), lines_of(*ARTICLE[:1:-1], ARTICLE[0])], TITLE, "Jana Roe"
    )
    found = read(content)
    assert (found.title, found.authors, found.published_on) == (TITLE, ("Jana Roe",), None)
    assert found.text.split("\n\n") == [TITLE, ARTICLE[0], ARTICLE[2], ARTICLE[0]]
    assert "joined into paragraphs" in found.remarks[0]


def test_a_title_that_a_pdf_only_names_is_not_taken() -> None:
    found = read(files.pdf_of([lines_of(*ARTICLE)], "Microsoft Word - Document1", "user"))
    assert (found.title, found.authors) == ("", ())
    assert "does not stand on its first page" in found.remarks[1]


def test_a_word_file_gives_title_paragraphs_and_tables() -> None:
    found = read(files.word_of(ARTICLE, TITLE, [["Issue", "Status"], ["The dam", "open"]]))
    assert found.title == TITLE
    assert found.text.split("\n\n") == [*ARTICLE, "Issue | Status", "The dam | open"]
    assert found.published_on is None


def letter(text: str, html: str = "") -> EmailMessage:
    written = EmailMessage()
    written["From"] = "Яна Ро <jana@lake.example>"
    written["To"] = "desk@lake.example"
    written["Subject"] = "Переговори: " + TITLE
    written["Date"] = "Tue, 02 Dec 2025 23:30:00 +0200"
    if text:
        written.set_content(text)
    if html:
        written.add_alternative(html, subtype="html")
    written.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    return written


@pytest.mark.parametrize(
    "written",
    [letter("\n\n".join(ARTICLE), "<p>no</p>"), letter("", "".join(f"<p>{each}</p>" for each in ARTICLE))],
)
def test_a_letter_gives_subject_sender_day_and_text(written: EmailMessage) -> None:
    found = read(written.as_bytes())
    assert (found.title, found.authors) == ("Переговори: " + TITLE, ("Яна Ро",))
    assert found.published_on == date(2025, 12, 2)
    assert [" ".join(each.split()) for each in found.text.split("\n\n")] == ARTICLE


def test_a_text_that_speaks_of_a_letter_is_no_letter() -> None:
    found = read(f"{TITLE}\n\nFrom: the north\nSubject: the dam\n\n{ARTICLE[0]}".encode())
    assert found.title == TITLE


def test_a_file_is_known_by_what_it_holds_and_not_by_its_name() -> None:
    assert read_file("talks.docx", "\n\n".join([TITLE, *ARTICLE]).encode()).title == TITLE


def zipped(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


WORD = files.word_of(ARTICLE)
MAIN = "word/document.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (98 + n, *[97 + n] * 8) for n in range(12)
    )
    + b']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    + b"<w:t>&m;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \r\n ", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"---", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "This is not text"),
        (b"MZ" + bytes(range(256)) * 9, "This is not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Word"),
        (b"{\\rtf1 talks}", "old Word"),
        (zipped(a=b"b"), "Files of this kind"),
        (b"<?xml version='1.0'?><rss><item/></rss>", "Files of this kind"),
        (b"%PDF-1.7 and nothing else", "PDF is broken"),
        (files.pdf_of([lines_of(*ARTICLE)])[:700], "PDF is broken|No text was found"),
        (files.pdf_of([[]]), "only pictures of its pages"),
        (files.locked(files.pdf_of([ARTICLE[:1]]), "word"), "locked with a password"),
        (WORD[:-200], "Word file is broken"),
        (zipped(**{MAIN: b"<w/>"}), "Word file is broken"),
        (files.with_part(WORD, MAIN, b"<broken"), "Word file is broken"),
        (files.word_of([]), "Word file holds no text"),
        (letter("").as_bytes(), "letter holds no text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(content)


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    assert ARTICLE[0] in read(files.locked(files.pdf_of([lines_of(ARTICLE[0])]), "")).text


@pytest.mark.parametrize(
    "content",
    [
        files.with_part(WORD, MAIN, b" " * 40_000_000),
        files.with_part(WORD, "word/media/a", bytes(30_000_000), copies=5),
        files.with_part(WORD, "word/x", b"", copies=2500),
    ],
    ids=["part", "pictures", "parts"],
)
def test_a_word_file_that_unfolds_too_far_is_refused_before_it_does(content: bytes) -> None:
    before = time.monotonic()
    with pytest.raises(Refused, match="unfolds to more than it may"):
        read(content)
    assert time.monotonic() - before < 0.5


@pytest.mark.parametrize(
    "entity", [LAUGHS, LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"').replace(b"&m;", b"&a;")]
)
def test_entities_of_a_word_file_are_not_unfolded_nor_fetched(entity: bytes) -> None:
    before = time.monotonic()
    try:
        found = read(files.with_part(WORD, MAIN, entity)).text
    except Refused as refused:
        found = str(refused)
    assert "haha" not in found
    assert "root:" not in found
    assert time.monotonic() - before < 2


def test_a_pdf_of_too_many_pages_is_refused_at_once() -> None:
    content = files.pdf_of([["a"]] * 20_000)
    before = time.monotonic()
    with pytest.raises(Refused, match="more than 500 pages"):
        read_file("a.pdf", content)
    assert time.monotonic() - before < 8
    lying = content.replace(b"/Count 20000", b"/Count 2    ")
    with pytest.raises(Refused, match=r"more than 500 pages|took too long"):
        read_file("a.pdf", lying)


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.mark.parametrize(
    "content",
    [
        files.word_of([ATTACK, *ARTICLE], ATTACK),
        letter(f"{ATTACK}\n\n{ARTICLE[0]}").as_bytes(),
        "\n\n".join([ATTACK, ATTACK, *ARTICLE]).encode(),
        files.pdf_of([[ATTACK], [ATTACK]], ATTACK, ATTACK),
    ],
    ids=["word", "letter", "text", "pdf"],
)
def test_markup_in_a_file_is_plain_text(content: bytes) -> None:
    found = read(content)
    assert ATTACK in (found.title, *found.text.split("\n\n"))


def test_a_file_of_thirty_megabytes_is_refused_at_once() -> None:
    with pytest.raises(Refused, match=r"^film\.txt is larger than 20 MB"):
        read_file("film.txt", bytes(30 * 1024 * 1024))
    assert FILE_SIZE < 30 * 1024 * 1024


HEADS = [
    b"",
    b"%PDF-1.4\n",
    WORD[:400],
    b"<html><body><p>",
    b"From: a@b\nSubject: c\nDate: d\n\n",
    b"\xff\xfe",
]


@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes_are_found_or_refused(head: bytes, rest: bytes) -> None:
    with suppress(Refused):
        found = read(head + rest)
        assert "\x00" not in found.text + found.title
        (found.title + found.text).encode()


@given(st.data())
def test_files_with_bytes_changed_are_found_or_refused(data: st.DataObject) -> None:
    """A whole file with some of it overwritten gets further into the libraries than chance bytes."""
    whole = data.draw(
        st.sampled_from([WORD, files.pdf_of([lines_of(*ARTICLE)], TITLE), letter("a b").as_bytes()])
    )
    changed = bytearray(whole)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=20)
    ):
        changed[place] = byte
    with suppress(Refused):
        read(bytes(changed))

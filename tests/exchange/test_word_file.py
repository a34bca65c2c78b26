"""The Word file, read back by the library that others read it with."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from tracker.exchange.document import Block, Bullets, Document, Frame, Paragraph, Section, Table, Words
from tracker.exchange.tongue import ENGLISH
from tracker.exchange.word_file import write_word
from tracker.models.vocabulary import Reliability, Status
from tracker.queries.references import SourceLine

FRAME = Frame(
    "TK Talks on the lake", "TLP:AMBER", "As of 2 Dec 2025", "https://talks.example.org/brief?as_of=1"
)
TABLE = Table(
    "Where the issues stand",
    ["Issue", "Status"],
    [70, 30],
    [
        [
            [[Words("TK-1 ", is_muted=True), Words("Water", is_strong=True)]],
            [[Words("Open", status=Status.OPEN)], [Words("again")]],
        ],
        [[[Words("Border")]], [[Words("Blocked", status=Status.BLOCKED), Words(cited=(1, 2))]]],
    ],
)


def source(number: int, title: str, url: str = "") -> SourceLine:
    return SourceLine(number, title, "The Lake", url, date(2025, 12, 2), "en", Reliability.F)


def written(**given: Any) -> Any:
    """Write a document and read it back."""
    document = {
        "title": "Talks",
        "subtitle": "State of play",
        "lead": "Two are open.",
        "sections": [Section("stands", "Where it stands", [TABLE, Paragraph([Words("And 2 more.")])])],
        "sources": [source(7, "Talks go on", "https://example.org/lake?a=1&b=2"), source(9, "A report")],
    }
    file = BytesIO()
    write_word(Document(**document | given), FRAME, ENGLISH, file)
    return docx.Document(file)


def styled(file: Any, style: str) -> Sequence[str]:
    return [each.text for each in file.paragraphs if each.style.name == style]


def fields(part: Any) -> list[str]:
    return [each.get(qn("w:instr")) for each in part._element.iter(qn("w:fldSimple"))]


def test_headings_are_headings_and_keep_with_what_follows() -> None:
    file = written()
    assert styled(file, "Title") == ["Talks"]
    assert styled(file, "Heading 1") == ["Where it stands", "Sources"]
    for name in ("Heading 1", "Caption", "Table Head"):
        assert file.styles[name].paragraph_format.keep_with_next


def test_a_table_repeats_its_head_cuts_no_row_and_is_as_wide_as_the_text() -> None:
    file = written()
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Issue", "Status"],
        ["TK-1 Water", "Open\nagain"],
        ["Border", "Blocked [1, 2]"],
    ]
    heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert heads == [True, False, False]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    section = file.sections[0]
    text = section.page_width - section.left_margin - section.right_margin
    assert sum(cell.width for cell in table.rows[0].cells) == pytest.approx(text, rel=0.001)
    assert round(table.rows[1].cells[0].width / text, 2) == 0.7


def test_the_paper_is_a4_upright_with_the_marking_and_the_numbers_of_pages_on_each_sheet() -> None:
    file = written()
    (section,) = file.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.header.paragraphs[0].text == "TK Talks on the lake\tTLP:AMBER"
    foot, state = section.footer.paragraphs
    assert foot.text.endswith("\tTLP:AMBER")
    assert fields(section.footer) == ["PAGE", "NUMPAGES"]
    assert state.text == "As of 2 Dec 2025: https://talks.example.org/brief?as_of=1"


def test_it_says_what_it_is_and_in_which_language() -> None:
    file = written()
    about = file.core_properties
    assert (about.title, about.subject) == ("Talks: State of play", "TK Talks on the lake")
    assert (about.language, about.category) == ("en-GB", "TLP:AMBER")
    assert about.created.year >= 2025
    (language,) = {each.get(qn("w:val")) for each in file.styles.element.iter(qn("w:lang"))}
    assert language == "en-GB"


def test_sources_are_numbered_with_their_addresses_as_links() -> None:
    file = written()
    assert styled(file, "Reference") == [
        "[1]\tTalks go on, The Lake, 2 Dec 2025. https://example.org/lake?a=1&b=2",
        "[2]\tA report, The Lake, 2 Dec 2025",
    ]
    links = [each for paragraph in file.paragraphs for each in paragraph.hyperlinks]
    assert [each.url for each in links] == ["https://example.org/lake?a=1&b=2"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a\x00b\x0bc\x1fd\ufffee\ud800f", "abcdef"),
        ("<b>Water</b> & =SUM(A1)", "<b>Water</b> & =SUM(A1)"),
        ("מים שקטים وماء", "מים שקטים وماء"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_no_letters_break_it(text: str, read: str) -> None:
    blocks: list[Block] = [Table(text, [text], [100], [[[[Words(text)]]]]), Bullets([[Words(text)]])]
    address = f"https://example.org/{text}"
    file = written(
        title=text, lead=text, sections=[Section("a", text, blocks)], sources=[source(1, text, address)]
    )
    assert styled(file, "Title") == styled(file, "Lead") == styled(file, "List Bullet") == [read]
    assert file.tables[0].rows[1].cells[0].text == read
    assert styled(file, "Reference")[0].endswith(f"https://example.org/{read}")


def test_numbers_do_not_run_with_letters_from_the_right() -> None:
    line = [Words("מים", is_strong=True), Words(cited=(1, 2)), Words(" (2 Dec)")]
    file = written(sections=[Section("a", "A", [Paragraph(line)])])
    (said,) = [each for each in file.paragraphs if "מים" in each.text]
    assert said.text == "מים\u200e [1, 2] (2 Dec)"
    assert said.runs[0].font.cs_bold


def test_without_sections_and_sources_it_is_a_file_still() -> None:
    assert styled(written(sections=[], sources=[]), "Lead") == ["Two are open."]

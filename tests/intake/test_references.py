"""Lists of references, read one by one: what is broken is told, and nothing is left out."""

import json
import time
from collections.abc import Iterable
from datetime import date

import pytest

from tests.intake.lists import ris_of_five_hundred, ris_record
from tracker.dates import Unreadable
from tracker.intake.issued import read_issued
from tracker.intake.references import LARGEST, MOST, Reference, read_references, read_text
from tracker.models import Fault, Refused
from tracker.models.vocabulary import SourceKind

BIBTEX = r"""@string{shore = "The " # "Shore"}
A comment between two entries.

@article{one,
  title = {Gespr{\"a}che am {See} \& mehr},
  author = {M{\"u}ller, Hans and {World Water Board} and Ann Lee},
  journal = shore, year = 2025, month = dec, day = 2,
  url = {https://example.org/a\_b}
}

@techreport{two, title = "Two", date = {2025-12}, langid = {ukrainian}, doi = {10.1000/x.y}}
"""
CSL = [
    {
        "type": "speech",
        "title": "Переговори",
        "author": [{"family": "Lee", "given": "Ann"}, {"literal": "World Water Board"}],
        "container-title": "The Shore",
        "issued": {"date-parts": [[2025, 12, 2]]},
        "URL": "https://example.org/a",
        "language": "uk-UA",
    },
    {"title": "Only a year", "issued": {"date-parts": [["2025"]]}},
]


def said(faults: Iterable[Fault]) -> str:
    return " ".join(fault.message % fault.values for fault in faults)


def read(text: str) -> tuple[Reference, ...]:
    return read_references(text).references


def test_a_list_in_ris_is_read() -> None:
    found = read_references("\ufeff" + ris_record(0).replace("\n", "\r\n") + "\n" + ris_record(1, day="2025"))
    assert found.format == "RIS"
    one, two = found.references
    assert (one.number, one.line, two.line) == (1, 1, 10)
    assert (one.title, one.publisher, one.url) == ("Report number 0", "The Shore", "https://example.org/r/0")
    assert one.authors == ("Ann Lee", "Ірина Коваль")
    assert one.published_on == date(2025, 12, 2)
    assert (one.broken, one.remarks) == ((), ())


def test_a_list_in_bibtex_is_read_with_its_accents_and_strings() -> None:
    found = read_references(BIBTEX)
    assert found.format == "BibTeX"
    one, two = found.references
    assert one.title == "Gespräche am See & mehr"
    assert one.authors == ("Hans Müller", "World Water Board", "Ann Lee")
    assert (one.publisher, one.published_on) == ("The Shore", date(2025, 12, 2))
    assert (one.url, one.line) == ("https://example.org/a_b", 4)
    assert (two.kind, two.language) == (SourceKind.OFFICIAL_DOCUMENT, "uk")
    assert two.url == "https://doi.org/10.1000/x.y"


def test_a_list_in_csl_is_read() -> None:
    found = read_references(json.dumps(CSL))
    assert found.format == "CSL-JSON"
    one, _ = found.references
    assert (one.title, one.publisher, one.language) == ("Переговори", "The Shore", "uk-UA")
    assert one.authors == ("Ann Lee", "World Water Board")
    assert (one.kind, one.published_on) == (SourceKind.STATEMENT, date(2025, 12, 2))


@pytest.mark.parametrize(
    "text", [ris_record(0, day="2025"), BIBTEX.replace("2025-12", "2025"), json.dumps(CSL)]
)
def test_a_year_alone_is_no_day_and_that_is_said(text: str) -> None:
    last = read(text)[-1]
    assert last.published_on is None
    assert last.broken == ()
    assert "“2025”, which is not one day: it stays unknown" in said(last.remarks)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025-12-02", date(2025, 12, 2)),
        ("2025/12/02/", date(2025, 12, 2)),
        ("2025/12/2/morning", date(2025, 12, 2)),
        ("2025-12-02T10:00:00Z", date(2025, 12, 2)),
        ("2 December 2025", date(2025, 12, 2)),
        ("December 2nd, 2025", date(2025, 12, 2)),
        ("Dec. 2, 2025", date(2025, 12, 2)),
        ("2.12.2025", date(2025, 12, 2)),
        ("25/12/2025", date(2025, 12, 25)),
        ("12/25/2025", date(2025, 12, 25)),
        ("2/2/2025", date(2025, 2, 2)),
        ("2/12/2025", None),
        ("2025", None),
        ("2025///", None),
        ("2025/12//", None),
        ("2025-12", None),
        ("2025-12-01/2025-12-03", None),
        ("December 2025", None),
        ("Winter 2025", None),
    ],
)
def test_days_are_read_and_what_is_none_is_none(words: str, day: date | None) -> None:
    assert read_issued(words) == day


@pytest.mark.parametrize(
    "words", ["2025-13-01", "2025/13/45", "30 February 2025", "soon", "in press", "0000", "2025-00"]
)
def test_what_cannot_be_a_day_is_not_guessed(words: str) -> None:
    with pytest.raises(Unreadable):
        read_issued(words)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (ris_record(1, title=""), 10, "no title"),
        (ris_record(1, day="2025/13/45"), 10, "“2025/13/45” cannot be read"),
        (ris_record(1, day="2999/01/01"), 10, "in the future"),
        (ris_record(1, url="javascript:alert(1)"), 10, "An address starts with"),
        (ris_record(1, title="x" * 301), 10, "300 is the most"),
        (ris_record(1).replace("ER  -\n", ""), 10, "does not end"),
        ("TI  - Lost lines\nAU  - Somebody\n", 10, "outside of any record"),
        ("Words after the last record.\n", 10, "outside of any record"),
    ],
)
def test_one_broken_record_is_told_with_its_line_and_breaks_no_other(text: str, line: int, told: str) -> None:
    found = read(ris_record(0) + "\n" + text + "\n" + ris_record(2))
    assert [bool(each.broken) for each in found] == [False, True, False]
    assert (found[1].line, found[1].number) == (line, 2)
    assert told in said(found[1].broken)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("@misc{x, title = {Unclosed, year = 2025", "breaks off"),
        ("@misc{x, title = {A} B}}", "breaks off"),
        ("@misc{x, title = nowhere}", "undefined string, nowhere"),
        ("@misc{x, author = {Nobody}}", "no title"),
        ("@misc{x, title = " + "{" * 200 + "deep" + "}" * 200 + "}", "too many nested braces"),
        ("@misc{x, title = {" + "{}" * 3_000 + "}}", "too long"),
    ],
)
def test_one_broken_entry_is_told_and_breaks_no_other(entry: str, told: str) -> None:
    found = read(f"@misc{{a, title = {{One}}}}\n{entry}\n\n@misc{{b, title = {{Two}}}}\n")
    assert [each.title for each in found if not each.broken] == ["One", "Two"]
    assert told in said(found[1].broken)
    assert found[1].line == 2


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        (3, "no reference of CSL-JSON"),
        ({"title": None}, "no title"),
        ({"title": {"a": 1}}, "no title"),
        ({"title": "x", "issued": {"date-parts": [[2025, 2, 30]]}}, "“2025-2-30” cannot be read"),
        ({"title": "half \ud800"}, "half a character"),
        ({"title": "a\x00b"}, "NUL"),
        ({"title": "x", "author": [{"family": "y" * 301}]}, "300 is the most"),
    ],
)
def test_one_broken_object_is_told_and_breaks_no_other(reference: object, told: str) -> None:
    found = read(
        json.dumps([{"title": "One"}, reference, {"title": "Two", "author": "no list", "issued": 7.5e300}])
    )
    assert told in said(found[1].broken)
    assert found[0].broken == ()
    assert "cannot be read" in said(found[2].broken)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "neither RIS nor"),
        ("Dear all, here is a list.", "neither RIS nor"),
        ("%PDF-1.7\x00", "neither RIS nor"),
        ('[{"title": ', "no JSON: line 1"),
        ("[" * 100_000, "cannot be read"),
        ('[{"title": ' + "9" * 5_000 + "}]", "cannot be read"),
        ("[]", "No reference stands"),
        ("@comment{nothing}", "No reference stands"),
        ("TY  - X\nTI  - t\nER  - \n" * (MOST + 1), "5,000 references at most"),
        ("x" * (LARGEST + 1), "longer than 5 MB"),
        ("я" * (LARGEST // 2 + 1), "longer than 5 MB"),
    ],
)
def test_what_is_no_list_or_too_much_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read_references(text)
    assert told in said(refused.value.faults)
    assert {fault.field for fault in refused.value.faults} == {"text"}


@pytest.mark.parametrize(
    "text",
    [
        '@string{a0 = "'
        + "x" * 100
        + '"}\n'
        + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
        + "@misc{b, title = a59}",
        "@misc{a, title = " + '"a" # ' * 8_000 + '"b"}',
        "\n".join("@misc{a, title = {" + '{\\"a}' * 1_900 + "}}" for _ in range(50)),
        "@a{" * 500_000,
        "TY  - X\n" + "more of it\n" * 200_000 + "ER  - ",
    ],
)
def test_hostile_lists_take_little_time(text: str) -> None:
    started = time.perf_counter()
    assert all(each.broken for each in read(text))
    assert time.perf_counter() - started < 5


def test_files_in_other_letters_are_read_and_that_is_said() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read_text("Київ".encode(encoding)) == ("Київ", ())
    text, (remark,) = read_text("Müller".encode("cp1252"))
    assert text == "Müller"
    assert "check its letters" in remark.message
    with pytest.raises(Refused):
        read_text(b"x" * (LARGEST + 1))


def test_what_is_left_out_of_a_reference_is_said() -> None:
    (found,) = read('[{"title": "x", "language": "Klingonish"}]')
    assert found.language == ""
    assert "“Klingonish”" in said(found.remarks)


def test_five_hundred_records_are_all_there() -> None:
    found = read(ris_of_five_hundred())
    assert len(found) == 500
    assert sum(bool(each.broken) for each in found) == 5
    assert [each.number for each in found if each.broken] == [201, 202, 203, 204, 205]

"""Whatever is wrong with a file is told with its place, all at once, and nothing of it is written."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.conftest import EARLY, LATE, File, Reads
from tracker.models import AuditEntry, Negotiation

Faults: TypeAlias = Callable[[File | bytes], dict[str, str]]
NOBODY = "d0000000-0000-4000-8000-000000000000"
UNKNOWN = "is neither in this file nor here"
LATER = "2099-01-01T00:00:00Z"


def put(file: File, place: str, value: Any) -> None:
    """Set what stands at a place like `positions[1].party`."""
    *way, last = [
        int(step) if step.isdigit() else step for step in place.replace("]", "").replace("[", ".").split(".")
    ]
    there: Any = file
    for step in way:
        there = there[step]
    there[last] = value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not JSON: line 1, column 1"),
        (b'{\n "format": "negotiation-tracker/1",}', "not JSON: line 2"),
        ("{}".encode("utf-16"), "not text in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "Expected is an object, not a list"),
        (b"null", "Expected is an object, not nothing"),
        (b"NaN", "Expected is an object, not a number"),
    ],
)
def test_what_is_no_file_of_this_form_is_told_in_a_sentence(
    faults: Faults, data: bytes, message: str
) -> None:
    found = faults(data)
    assert list(found) == [""]
    assert message in found[""]


@pytest.mark.parametrize("word", ["negotiation-tracker/2", "", None, ["negotiation-tracker/1"]])
def test_another_format_word_is_refused_before_all_else(lake: File, faults: Faults, word: Any) -> None:
    lake["format"], lake["parties"] = word, 5
    assert list(faults(lake)) == ["format"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # all at once, below, on both
@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("negotiation", None, "must be given"),
        ("negotiation.code", "tk", "capital letters"),
        ("negotiation.title", "  ", "must be given"),
        ("negotiation.single_undertaking", 1, "true or false, not a number"),
        ("negotiation.published_at", LATER, "in the future"),
        ("negotiation.colour", "red", "not known"),
        ("parties", {}, "a list, not an object"),
        ("parties[0]", "red", "an object, not a text"),
        ("parties[0].code", "Red", "small letters"),
        ("parties[0].aliases", "Rot", "a list, not a text"),
        ("parties[0].aliases[0]", 7, "a text, not a number"),
        ("parties[0].kind", "planet", "none of: state"),
        ("issues[0].number", True, "whole number"),
        ("issues[0].number", 1.0, "whole number"),
        ("issues[0].number", 100_000, "whole number"),
        ("issues[0].scale.from", "low", "a number, not a text"),
        ("issues[0].scale.to", 1e300, "cannot be recorded"),
        ("issues[1].number", 1, "stands in issues[0] already"),
        ("issues[1].deciding_parties", ["sea"], UNKNOWN),
        ("issue_links[0].to", 9, UNKNOWN),
        ("tracks[0].parties", ["red", "sea"], UNKNOWN),
        ("memberships[0].bloc", "red", "not a bloc"),
        ("people[0].party", "sea", UNKNOWN),
        ("sources[1].ref", "s1", "stands in sources[0] already"),
        ("sources[1].url", "javascript:alert(1)", "http://"),
        ("sources[1].archived_url", "https://" + "x" * 2000, "2000 is the most"),
        ("sources[1].published_on", "2099-01-01", "in the future"),
        ("sources[1].recorded_at", LATER, "in the future"),
        ("sources[1].text", "x" * 1_000_001, "1000000 is the most"),
        ("sources[1].language", "English, mostly", "as a code"),
        ("sources[1].uid", "s-1", "not a UUID"),
        ("events[0].starts_on", "2025-02-30", "not a day"),
        ("events[0].starts_on", "20250602", "not a day"),
        ("events[0].track", "ferry", UNKNOWN),
        ("proposals[0].clauses[0].issues", [1, 3], UNKNOWN),
        ("status_changes[0].status", "agreed", "must be given"),
        ("status_changes[1].event", "e9", UNKNOWN),
        ("status_changes[1].agreed_between", ["red", "sea"], UNKNOWN),
        ("status_changes[1].agreed_between", ["red"], "at least two"),
        ("status_changes[1].deciding_parties", ["sea"], UNKNOWN),
        ("claims[0].share", 101, "between 0 and 100"),
        ("claims[0].share", 9.5, "whole number"),
        ("positions[1].party", "sea", UNKNOWN),
        ("positions[1].clause", {"proposal": "p1", "number": "8"}, UNKNOWN),
        ("positions[1].effective_on", "2099-01-01", "in the future"),
        ("positions[1].effective_on", "0999-12-31", "before the year 1000"),
        ("positions[1].effective_on", 20250602, "a text, not a number"),
        ("proposals[0].clauses[0].recorded_at", "2025-06-02", "not a moment"),
        ("proposals[0].clauses[0].recorded_at", LATER, "in the future"),
        ("proposals[0].clauses[0].recorded_at", "2020-01-01T00:00:00Z", "earlier than"),
        ("positions[1].recorded_at", "2025-06-02", "not a moment"),
        ("positions[1].recorded_at", "2025-06-02T10:00:00", "not a moment"),
        ("positions[1].recorded_at", "9999-12-31T23:59:59-14:00", "not a moment"),
        ("positions[1].recorded_at", LATER, "in the future"),
        ("positions[1].first_recorded_at", "2025-06-02T10:00:00Z", "Only a correction"),
        ("positions[1].summary", "a\0b", "NUL"),
        ("positions[1].summary", "\ud800", "lone surrogate"),
        ("positions[1].summary", "x" * 1_000_000, "10000 is the most"),
        ("positions[1].summary", None, "must be given"),
        ("positions[1].citations", [], "at least one"),
        ("positions[1].citations[0]", None, "an object, not nothing"),
        ("positions[1].citations[0].source", "s9", UNKNOWN),
        ("positions[1].citations[0].credibility", 7, "between 1 and 6"),
        ("positions[1].citations[0].recorded_at", "2020-01-01T00:00:00Z", "earlier than"),
        ("positions[0].citations[0].quote", "We will now pay", "nearest passage is: "),
        ("reviews[0].checked_on", "2099-01-01", "in the future"),
        ("entry_links[0].to", NOBODY, UNKNOWN),
        ("entry_links[0].to", LATE, "speak to itself"),
        ("notes[0].text", "", "must be given"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(
    session: Session, lake: File, faults: Faults, place: str, value: Any, message: str
) -> None:
    if place.endswith("aliases[0]"):
        lake["parties"][0]["aliases"] = [""]
    put(lake, place, value)
    found = faults(lake)
    shown = found.get(place) or found.get(
        place.replace("status_changes[0].status", "status_changes[0].agreed_between")
    )
    assert shown is not None, found
    assert message in shown or "agreed" in str(value)
    assert session.scalars(select(Negotiation)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []


def test_all_faults_are_told_at_once(lake: File, faults: Faults) -> None:
    put(lake, "parties[1].name", "")
    put(lake, "positions[0].colour", "red")
    put(lake, "positions[1].stance", "likes")
    put(lake, "sources[1].url", "ftp://example.org")
    put(lake, "reviews[0].issue", 3)
    put(lake, "retractions", [{"entry": NOBODY, "reason": "Wrong."}])
    assert set(faults(lake)) == {
        "parties[1].name",
        "positions[0].colour",
        "positions[1].stance",
        "sources[1].url",
        "reviews[0].issue",
        "retractions[0].entry",
    }


def test_what_refers_to_something_faulty_is_not_a_fault_of_its_own(lake: File, faults: Faults) -> None:
    put(lake, "issues[0].title", 5)
    put(lake, "sources[0].title", "")
    assert set(faults(lake)) == {"issues[0].title", "sources[0].title"}


def test_keys_that_stand_many_times_are_counted_in_no_time(faults: Faults) -> None:
    keys = ",".join(f'"a{number}":1' for number in range(60_000))
    started = time.process_time()
    faults(f'{{{keys},"a1":2}}'.encode())
    assert time.process_time() - started < 5  # each looked for among all would take a minute


def test_a_key_that_stands_twice_is_refused(lake: File, faults: Faults) -> None:
    data = json.dumps(lake).replace('"name": "Red"', '"name": "Red", "name": "Rot"')
    assert faults(data.encode()) == {"parties[0].name": "This key stands here more than once."}


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "NaN", "-Infinity"])
def test_a_number_of_no_size_is_refused(lake: File, faults: Faults, number: str) -> None:
    lake["positions"][0]["value"] = "VALUE"
    found = faults(json.dumps(lake).replace('"VALUE"', number).encode())
    assert found == {"positions[0].value": "This number cannot be recorded."}


def test_a_uid_stands_once_in_a_file(lake: File, faults: Faults) -> None:
    put(lake, "positions[1].uid", EARLY)
    put(lake, "positions[0].citations", [{"uid": NOBODY, "source": "s2"}, {"uid": NOBODY, "source": "s2"}])
    assert faults(lake) == {
        "positions[1].uid": "The same stands in status_changes[0] already.",
        "positions[0].citations[1].uid": "The same stands in positions[0].citations[0] already.",
    }


def test_odd_keys_do_not_garble_the_message(lake: File, faults: Faults) -> None:
    lake["\n\x1b[2J"] = 1
    assert list(faults(lake)) == ["\\n\\x1b[2J"]


def test_a_negotiation_with_a_fault_does_not_hide_the_others(lake: File, faults: Faults) -> None:
    put(lake, "negotiation.title", 5)
    put(lake, "claims[0].party", "sea")
    assert set(faults(lake)) == {"negotiation.title", "claims[0].party"}


def test_the_talks_cannot_end_before_they_start(lake: File, faults: Faults) -> None:
    lake["negotiation"] |= {"started_on": "2025-06-02", "ended_on": "2025-06-01"}
    assert list(faults(lake)) == ["negotiation.ended_on"]


def test_nothing_differs_from_the_status_in_force(lake: File, faults: Faults) -> None:
    lake["status_changes"].append(lake["status_changes"][0] | {"uid": None})
    assert list(faults(lake)) == ["status_changes[2].status"]


def test_who_had_to_agree_is_no_way_around_the_rule(lake: File, faults: Faults) -> None:
    put(lake, "status_changes[1].track", None)
    put(lake, "status_changes[1].deciding_parties", ["red", "blue", "union"])
    assert "not named: Blue" in faults(lake)["status_changes[1].agreed_between"]


def test_a_file_without_anything_wrong_is_taken(lake: File, reads: Reads) -> None:
    assert reads(lake).added["status_changes"] == 2


def test_issues_that_go_round_are_told_with_their_place(lake: File, faults: Faults) -> None:
    kinds = [("part_of", 1, 4), ("part_of", 4, 1), ("package", 1, 4), ("package", 4, 1)]
    put(lake, "issue_links", [{"from": start, "kind": kind, "to": end} for kind, start, end in kinds])
    told = faults(lake)
    assert set(told) == {"issue_links[1].to", "issue_links[3].to"}
    assert "a part of itself" in told["issue_links[1].to"]
    assert "linked in this way already" in told["issue_links[3].to"]

"""History is replayed: corrections, retractions and late entries stand as they stood where they come from."""

import json
from collections.abc import Callable
from typing import TypeAlias

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.conftest import EARLY, LATE, File, Reads, empty
from tracker.exchange.interchange import export
from tracker.models import Citation, EntryLink, Negotiation, Position, Retraction, SourceMerge, StatusChange
from tracker.models.vocabulary import Handling

Faults: TypeAlias = Callable[[File | bytes], dict[str, str]]
NEW = "e0000000-0000-4000-8000-000000000001"
THEN, AFTER = "2025-06-03T10:00:00Z", "2025-06-05T10:00:00Z"


@pytest.fixture
def corrected(lake: File) -> File:
    """The same file, in which the first status change was corrected two days later."""
    for name in ("status_changes", "claims", "positions"):
        for row in lake[name]:
            row["recorded_at"] = THEN
    first = lake["status_changes"][0]
    lake["status_changes"].append(
        first | {"uid": NEW, "status": "parked", "reason": "It was parked.", "recorded_at": AFTER}
    )
    lake["retractions"] = [
        {"entry": EARLY, "reason": "Misread.", "replaced_by": NEW, "recorded_at": AFTER, "recorded_by": "Ed"}
    ]
    return lake


def test_a_correction_takes_the_place_of_what_it_corrects(
    session: Session, corrected: File, reads: Reads
) -> None:
    reads(corrected)
    change = session.scalars(select(StatusChange).where(StatusChange.uid == NEW)).one()
    old = session.scalars(select(StatusChange).where(StatusChange.uid == EARLY)).one()
    assert change.first_recorded_at == old.recorded_at < change.recorded_at
    assert old.retraction is not None
    assert (old.retraction.replaced_by, old.retraction.recorded_by) == (NEW, "Ed")
    assert change.issue.status_on() is change


def test_a_corrected_record_comes_back_as_it_was(corrected: File, reads: Reads) -> None:
    written = export(reads(corrected).negotiation)
    outcome = reads(written.encode())
    assert (outcome.added, outcome.skipped["retractions"]) == ({}, 1)


def test_a_correction_is_recorded_at_the_moment_of_its_retraction(corrected: File, faults: Faults) -> None:
    corrected["retractions"][0]["recorded_at"] = THEN
    assert list(faults(corrected)) == ["retractions[0].recorded_at"]


def test_a_correction_replaces_an_entry_of_its_own_kind(corrected: File, faults: Faults) -> None:
    corrected["retractions"][0]["entry"] = LATE
    assert list(faults(corrected)) == ["retractions[0].replaced_by"]


def test_a_correction_by_what_is_nowhere_is_refused(corrected: File, faults: Faults) -> None:
    corrected["retractions"][0]["replaced_by"] = "e0000000-0000-4000-8000-000000000009"
    assert "neither in this file nor here" in faults(corrected)["retractions[0].replaced_by"]


def test_a_correction_needs_a_reason_of_its_own(corrected: File, faults: Faults) -> None:
    corrected["status_changes"][-1]["reason"] = ""
    corrected["retractions"][0]["reason"] = ""
    assert set(faults(corrected)) == {"retractions[0].reason"}


def test_what_is_here_is_not_made_a_correction_later(lake: File, reads: Reads, faults: Faults) -> None:
    again = json.loads(export(reads(lake).negotiation))
    again["retractions"] = [{"entry": EARLY, "reason": "Misread.", "replaced_by": LATE}]
    assert "is recorded here already" in faults(again)["retractions[0].replaced_by"]


def test_what_is_recorded_here_can_be_retracted_by_a_file(
    session: Session, lake: File, reads: Reads, faults: Faults
) -> None:
    reads(lake)
    more = {"format": lake["format"], "negotiation": lake["negotiation"]}
    outcome = reads(more | {"retractions": [{"entry": LATE, "reason": "Wrong."}]})
    assert outcome.added == {"retractions": 1}
    assert session.scalars(select(Position).where(Position.uid == LATE)).one().retraction
    assert faults(more | {"retractions": [{"entry": LATE, "reason": "Wrong again."}]}) == {
        "retractions[0].entry": "This was retracted already."
    }


def test_a_retraction_cannot_come_before_its_entry(lake: File, faults: Faults) -> None:
    lake["retractions"] = [{"entry": LATE, "reason": "Wrong.", "recorded_at": THEN}]
    assert faults(lake) == {"retractions[0].entry": "What this refers to was recorded later."}


@pytest.mark.parametrize("key", ["citation", "link", "note", "merge"])
def test_citations_links_notes_and_merges_are_retracted_by_a_file(
    session: Session, lake: File, reads: Reads, key: str
) -> None:
    lake["positions"][0]["citations"] = [{"uid": NEW, "source": "s1"}, {"source": "s2"}]
    if key != "citation":
        lake["positions"][0]["citations"][0]["uid"] = None
        lake[{"link": "entry_links", "note": "notes", "merge": "source_merges"}[key]][0]["uid"] = NEW
    lake["retractions"] = [{key: NEW, "reason": "Wrong."}]
    written = export(reads(lake).negotiation)
    assert json.loads(written)["retractions"][0][key] == NEW
    assert reads(written.encode()).added == {}
    assert session.scalars(select(Retraction)).one().reason == "Wrong."


def test_a_merge_is_replayed_by_its_rules(lake: File, faults: Faults) -> None:
    lake["source_merges"] = [
        {"from": "s2", "into": "s1", "reason": "The same."},
        {"from": "s1", "into": "s2", "reason": "The other way round."},
        {"from": "s2", "into": "s2", "reason": "Itself."},
        {"from": "s3", "into": "s1", "reason": "Of nothing."},
    ]
    found = faults(lake)
    assert "merged itself" in found.pop("source_merges[1].into")
    assert "not merged into itself" in found.pop("source_merges[2].into")
    assert "neither in this file nor here" in found.pop("source_merges[3].from")
    assert found == {}


def test_a_merge_comes_back_though_its_sources_differ_by_now(
    session: Session, lake: File, reads: Reads
) -> None:
    negotiation = reads(lake).negotiation
    copy = session.scalars(select(SourceMerge)).one().source
    copy.edit({"handling": Handling.AMBER})
    session.commit()
    written = export(negotiation)
    assert json.loads(written)["source_merges"][0]["from"] == "s2"
    empty(session)
    assert export(reads(written.encode()).negotiation) == written


def test_an_undone_merge_is_left_out_where_what_was_kept_is_filed_no_more(
    session: Session, lake: File, reads: Reads
) -> None:
    lake["sources"].append({"ref": "s3", "title": "The lake, again"})
    lake["source_merges"] = [{"uid": NEW, "from": "s2", "into": "s3", "reason": "The same."}]
    lake["retractions"] = [{"merge": NEW, "reason": "They differ."}]
    negotiation = reads(lake).negotiation
    other = Negotiation(code="OT", title="Other")
    session.add(other)
    other.recorded_at = other.moment
    session.scalars(select(SourceMerge)).one().into.edit({}, file_under=[other], withdraw_from=[negotiation])
    session.commit()
    written = export(negotiation)
    read = json.loads(written)
    assert (read["source_merges"], read["retractions"]) == ([], [])
    assert reads(written.encode()).added == {}
    empty(session)
    assert export(reads(written.encode()).negotiation) == written


def test_a_file_does_not_undo_the_merges_of_another_negotiation(
    lake: File, reads: Reads, faults: Faults
) -> None:
    lake["source_merges"][0]["uid"] = NEW
    reads(lake)
    other = {"format": lake["format"], "negotiation": {"code": "OT", "title": "Other"}}
    found = faults(other | {"retractions": [{"merge": NEW, "reason": "Wrong."}]})
    assert list(found) == ["retractions[0].merge"]


def test_the_last_source_of_an_entry_stays(lake: File, faults: Faults) -> None:
    lake["positions"][1]["citations"][0]["uid"] = NEW
    lake["retractions"] = [{"citation": NEW, "reason": "Wrong."}]
    assert "last source" in faults(lake)["retractions[0].citation"]


@pytest.mark.parametrize("names", [{}, {"entry": LATE, "note": NEW}])
def test_a_retraction_names_one_thing(lake: File, faults: Faults, names: dict[str, str]) -> None:
    lake["retractions"] = [names | {"reason": "Wrong."}]
    assert "Name one thing" in faults(lake)["retractions[0].entry"]


def test_entries_are_replayed_in_the_order_of_their_recording(
    session: Session, lake: File, reads: Reads
) -> None:
    first, second = lake["status_changes"]
    second |= {"track": None, "status": "clarification", "agreed_between": [], "effective_on": "2025-06-02"}
    first["recorded_at"], second["recorded_at"] = AFTER, THEN
    reads(lake | {"entry_links": []})
    statuses = session.scalars(select(StatusChange.status).order_by(StatusChange.id)).all()
    assert statuses == ["clarification", "open"]


def test_many_changes_of_one_issue_see_each_other(lake: File, faults: Faults) -> None:
    change = lake["status_changes"][0] | {"uid": None}
    lake["status_changes"] = [
        change | {"status": status, "reason": "So."} for status in ("open", "parked", "open", "open")
    ]
    lake["entry_links"] = []
    assert list(faults(lake)) == ["status_changes[3].status"]


def test_who_recorded_a_citation_is_kept(session: Session, lake: File, reads: Reads) -> None:
    lake["positions"][0] |= {"recorded_at": THEN, "recorded_by": "Ed"}
    lake["positions"][0]["citations"] = [
        {"source": "s1"},
        {"uid": NEW, "source": "s2", "recorded_at": AFTER, "recorded_by": "Vera"},
    ]
    lake["entry_links"] = []
    reads(lake)
    found = session.scalars(select(Citation).join(Citation.entry).where(Position.uid == LATE))
    assert {citation.recorded_by for citation in found} == {"Ed", "Vera"}
    assert session.scalars(select(EntryLink)).all() == []

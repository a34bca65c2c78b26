"""A record goes out to a file and in again unchanged."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.exchange.conftest import EARLY, LATE, File, Reads, empty
from tests.queries.comparing import propose
from tests.queries.searching import hold_as_rebuilt, kept
from tests.world import make_user, make_world
from tracker.dates import moment_words
from tracker.db import Base
from tracker.exchange import form
from tracker.exchange.interchange import export, import_
from tracker.models import Cite, Clause, Entry, Issue, Negotiation, Position, Source, StatusChange, act_as
from tracker.models.proposal import Tabled
from tracker.models.search_doc import Kind, kind_of
from tracker.models.vocabulary import Role
from tracker.queries.integrity import verify


def count(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name not in ("users", "audit_entries", "audit_heads")
    }


def find(session: Session) -> Negotiation:
    return session.scalars(select(Negotiation)).one()


def test_export_and_import_are_inverse(session: Session, lake: File, reads: Reads) -> None:
    first = export(reads(lake).negotiation)
    empty(session)
    outcome = reads(first.encode())
    assert export(outcome.negotiation) == first
    assert outcome.added["positions"] == 2
    assert outcome.skipped == {}


def test_what_is_imported_is_found_as_a_rebuild_makes_it_found(
    session: Session, lake: File, reads: Reads
) -> None:
    more = json.loads(export(reads(lake).negotiation))
    hold_as_rebuilt(session)
    reads(more | {"issues": [*more["issues"], {"number": 9, "title": "Fish"}]})
    hold_as_rebuilt(session)
    assert {kind_of(row.rowid) for row in kept(session)} == {*Kind}


def test_what_was_entered_here_comes_back_as_it_was(session: Session, reads: Reads) -> None:
    world = make_world(session)
    first = export(world.talks)
    empty(session)
    assert export(reads(first.encode()).negotiation) == first


def test_what_the_desk_does_with_a_source_stays_with_it_and_in_the_house(
    session: Session, reads: Reads, faults: Any
) -> None:
    world = make_world(session)
    world.report.assign(world.ed)
    world.report.set_aside("It repeats the agency.")
    world.article.take_up(by=world.ed)
    session.commit()
    first, shown = export(world.talks), json.loads(export(world.talks, for_page=True))
    assert [row["inbox_state"] for row in json.loads(first)["sources"]] == ["in_work", "set_aside"]
    assert {(row["inbox_state"], row["inbox_reason"]) for row in shown["sources"]} == {(None, None)}
    empty(session)
    assert export(reads(first.encode()).negotiation) == first
    sources = session.scalars(select(Source).order_by(Source.id)).all()
    assert [source.inbox_reason for source in sources] == [None, "It repeats the agency."]
    assert {source.assignee_id for source in sources} == {None}
    empty(session)
    assert set(faults(first.replace('"It repeats the agency."', "null").encode())) == {
        "sources[1].inbox_reason"
    }


def test_a_source_that_was_added_later_keeps_its_moment(session: Session, reads: Reads) -> None:
    world = make_world(session)
    line = world.water.position_of(world.red)
    assert line is not None
    line.cite(Cite(world.report, quote="So they say."), by=world.ed)
    session.commit()
    first = export(world.talks)
    empty(session)
    assert export(reads(first.encode()).negotiation) == first


def test_a_clause_that_was_added_later_keeps_its_moment(session: Session, reads: Reads) -> None:
    plan = propose(make_world(session))
    session.commit()
    plan.add_clauses([Tabled("3", "In silver.")])
    session.commit()
    first = export(plan.negotiation)
    [written] = json.loads(first)["proposals"]
    moments = [clause["recorded_at"] for clause in written["clauses"]]
    assert moments == [written["recorded_at"]] * 2 + [moment_words(plan.clauses[2].recorded_at)]
    assert moments[2] > moments[1]
    empty(session)
    outcome = reads(first.encode())
    assert export(outcome.negotiation) == first
    assert verify(session).faults == []
    again = reads(first.encode())
    assert (again.added, again.differences) == ({}, [])


def test_a_clause_without_a_moment_was_recorded_with_its_proposal(
    session: Session, lake: File, reads: Reads
) -> None:
    lake["proposals"][0]["recorded_at"] = "2025-06-02T10:00:00Z"
    file = json.loads(export(reads(lake).negotiation))
    [written] = file["proposals"]
    [clause] = written["clauses"]
    assert clause["recorded_at"] == written["recorded_at"]
    assert session.scalars(select(Clause.added_at)).all() == [None]
    clause["recorded_at"] = "2025-06-02T12:00:00+02:00"  # as it is here
    assert reads(file).differences == []
    clause["recorded_at"] = "2025-06-03T10:00:00Z"
    assert [each.place for each in reads(file).differences] == ["proposals[0].clauses"]


def test_every_key_is_written_in_the_order_of_the_form(lake: File, reads: Reads) -> None:
    written: dict[str, Any] = json.loads(export(reads(lake).negotiation))
    assert list(written) == list(form.DOCUMENT)
    assert list(written["negotiation"]) == list(form.NEGOTIATION)
    for name, shape in form.LISTS.items():
        for row in written[name]:
            assert list(row) == list(shape)
    assert list(written["positions"][0]["citations"][0]) == list(form.CITATION)
    assert list(written["proposals"][0]["clauses"][0]) == list(form.CLAUSE)


def test_lists_stand_in_the_order_of_their_recording(lake: File, reads: Reads) -> None:
    first, second = lake["positions"]
    first["recorded_at"], second["recorded_at"] = "2025-06-05T00:00:00Z", "2025-06-04T00:00:00Z"
    lake["status_changes"][0]["recorded_at"] = lake["status_changes"][1]["recorded_at"] = first["recorded_at"]
    written = json.loads(export(reads(lake | {"entry_links": []}).negotiation))
    assert [row["party"] for row in written["positions"]] == ["blue", "red"]


def test_a_second_import_of_the_same_adds_nothing(session: Session, lake: File, reads: Reads) -> None:
    written = export(reads(lake).negotiation)
    before = count(session)
    outcome = reads(written.encode())
    assert (outcome.added, outcome.differences) == ({}, [])
    assert outcome.skipped["positions"] == 2
    assert count(session) == before


def test_a_second_import_keeps_what_is_here_and_tells_the_difference(
    session: Session, lake: File, reads: Reads
) -> None:
    written = json.loads(export(reads(lake).negotiation))
    written["negotiation"]["title"] = "Other talks"
    written["parties"][0]["role"] = "host"
    written["sources"][1]["title"] = "Another report"
    written["events"][0]["place"] = "Lakeside"
    written["proposals"][0]["clauses"][0]["text"] = "Blue pays."
    outcome = reads(written)
    assert {
        (each.place, each.ours, each.theirs) for each in outcome.differences if "title" in each.place
    } == {
        ("negotiation.title", "Talks on the lake", "Other talks"),
        ("sources[1].title", "A report", "Another report"),
    }
    assert [each.place for each in outcome.differences] == [
        "negotiation.title",
        "parties[0].role",
        "sources[1].title",
        "events[0].place",
        "proposals[0].clauses",
    ]
    assert find(session).title == "Talks on the lake"


def test_a_second_import_may_name_what_is_here_without_repeating_it(lake: File, reads: Reads) -> None:
    reads(lake)
    position = lake["positions"][0] | {"uid": None, "effective_on": "2025-06-09", "summary": "Still not."}
    outcome = reads(
        {
            "format": lake["format"],
            "negotiation": lake["negotiation"],
            "sources": lake["sources"][:1],
            "positions": [position],
        }
    )
    assert outcome.added == {"sources": 1, "positions": 1}


def test_an_entry_with_other_content_is_refused(lake: File, reads: Reads, faults: Any) -> None:
    again = json.loads(export(reads(lake).negotiation))
    again["positions"][0]["stance"] = "supports"
    assert faults(again) == {
        "positions[0].uid": "This is recorded here with other content (stance); history is never changed."
    }


def test_the_uid_of_another_negotiations_entry_is_refused(lake: File, reads: Reads, faults: Any) -> None:
    reads(lake)
    lake["negotiation"]["code"] = "LAKE"
    assert faults(lake) == {
        "status_changes[0].uid": "This uid stands here for something else.",
        "positions[0].uid": "This uid stands here for something else.",
    }


def test_a_source_known_from_another_negotiation_is_filed_here_too(
    session: Session, lake: File, reads: Reads
) -> None:
    uid = "b0000000-0000-4000-8000-000000000001"
    for code in ("TK", "LAKE"):
        reads(
            {
                "format": lake["format"],
                "negotiation": {"code": code, "title": "Talks"},
                "sources": [{"uid": uid, "ref": "s1", "title": "The lake"}],
            }
        )
    source = session.scalars(select(Source)).one()
    assert {filing.negotiation.code for filing in source.filings} == {"TK", "LAKE"}


def test_what_is_left_out_takes_the_value_that_says_not_known(reads: Reads) -> None:
    negotiation = reads(
        {"format": form.FORMAT, "negotiation": {"code": "TK", "title": "Talks", "summary": ""}}
    ).negotiation
    assert (negotiation.visibility, negotiation.handling, negotiation.summary) == ("internal", "clear", "")


def test_an_account_is_known_by_its_address_and_a_name_is_kept(
    session: Session, lake: File, reads: Reads
) -> None:
    make_user(session, "Ed", Role.EDITOR)
    lake["positions"][0]["recorded_by"] = "ed@example.org"
    lake["positions"][1]["recorded_by"] = "someone@example.org"
    negotiation = reads(lake).negotiation
    red, blue = session.scalars(select(Position).order_by(Position.id))
    assert (red.recorded_by, red.recorded_by_id is None) == ("Ed", False)
    assert (blue.recorded_by, blue.recorded_by_id) == ("someone@example.org", None)
    assert [row["recorded_by"] for row in json.loads(export(negotiation))["positions"]] == [
        "ed@example.org",
        "someone@example.org",
    ]


def test_a_page_export_has_neither_notes_nor_addresses(session: Session, lake: File, reads: Reads) -> None:
    make_user(session, "Ed", Role.EDITOR)
    note = "c0000000-0000-4000-8000-000000000001"
    lake["notes"][0]["uid"] = note
    lake["retractions"] = [{"note": note, "reason": "Done."}, {"entry": LATE, "reason": "Wrong."}]
    lake["positions"][0]["recorded_by"] = "ed@example.org"
    lake["positions"][1]["recorded_by"] = "someone@example.org"
    written = export(reads(lake).negotiation, for_page=True)
    assert "example.org" not in written
    assert json.loads(written)["notes"] == []
    assert len(json.loads(written)["retractions"]) == 1


def test_the_code_may_be_chosen(session: Session, lake: File) -> None:
    act_as(session, "tests")
    assert import_(session, json.dumps(lake).encode(), by="tests", code="LAKE").negotiation.code == "LAKE"


def test_the_quote_is_found_and_its_paragraph_noted(session: Session, lake: File, reads: Reads) -> None:
    reads(lake)
    citation = session.scalars(select(StatusChange).where(StatusChange.uid == EARLY)).one().citations[0]
    assert (citation.is_checked, citation.locator) == (True, "para 2")


def test_replaying_moves_the_version_of_an_issue_as_typing_does(
    session: Session, lake: File, reads: Reads
) -> None:
    reads(lake)
    assert session.scalars(select(Issue).where(Issue.number == 1)).one().version == 3


@pytest.mark.parametrize("value", [5, 0.1, -3, 1e15])
def test_numbers_come_back_exactly(session: Session, lake: File, reads: Reads, value: float) -> None:
    lake["positions"][0]["value"] = value
    assert json.loads(export(reads(lake).negotiation))["positions"][0]["value"] == value
    assert session.scalars(select(Entry)).first()

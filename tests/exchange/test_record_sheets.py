"""The whole record as tables: nothing that was recorded is left out."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import openpyxl
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.conftest import File, Reads
from tracker.cli.serving import DEMONSTRATION
from tracker.exchange.interchange import export
from tracker.exchange.record_sheets import WholeRecord
from tracker.exchange.sheets import write_csv
from tracker.exchange.workbook import write_xlsx
from tracker.models import Cite, Negotiation, StatusChange
from tracker.models.retraction import retract


def taken_along(session: Session, negotiation: Negotiation) -> dict[str, list[dict[str, Any]]]:
    """Write all of it as Excel, and read each tab."""
    written = io.BytesIO()
    write_xlsx(WholeRecord(session, negotiation).book(), written)
    found = {}
    for tab in openpyxl.load_workbook(written):
        heads, *rows = tab.iter_rows(values_only=True)
        found[tab.title] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


def test_every_entry_citation_and_retraction_of_the_demonstration_is_there(
    session: Session, reads: Reads
) -> None:
    negotiation = reads(DEMONSTRATION.read_bytes()).negotiation
    first = session.scalars(select(StatusChange).order_by(StatusChange.id).limit(1)).one()
    extra = first.cite(Cite(first.citations[0].source, locator="para 9"), by="tests")
    session.flush()
    assert not retract(extra, reason="Twice.", by="tests")
    session.commit()
    told = json.loads(export(negotiation))
    tabs = taken_along(session, negotiation)
    assert {row["UID"]: row["Why"] for row in tabs["Retractions"]} == {
        row["uid"]: row["reason"] for row in told["retractions"]
    }
    cited: dict[str, str] = {}
    for name, tab in (("status_changes", "Status changes"), ("positions", "Positions"), ("claims", "Claims")):
        rows = {row["Entry"]: row for row in tabs[tab]}
        assert {*rows} == {entry["uid"] for entry in told[name]}
        for entry in told[name]:
            day, moment = rows[entry["uid"]]["Effective on"], rows[entry["uid"]]["Recorded at (UTC)"]
            assert day.date().isoformat() == entry["effective_on"]
            assert moment.isoformat(timespec="seconds") == entry["recorded_at"][:19]
            cited |= {citation["uid"]: entry["uid"] for citation in entry["citations"]}
    cited |= {each["uid"]: event["uid"] for event in told["events"] for each in event["citations"]}
    assert {row["Citation"]: row["Entry"] for row in tabs["Citations"]} == cited
    withdrawn = {row["Citation"]: row for row in tabs["Citations"]}[extra.uid]
    assert withdrawn["Why it was withdrawn"] == "Twice."
    assert "para 9" not in {row["Entry"]: row for row in tabs["Status changes"]}[first.uid]["Sources"]
    assert len(tabs["Sources"]) == len(told["sources"])
    assert {row["UID"] for row in tabs["Notes"]} == {note["uid"] for note in told["notes"]}


def test_each_step_follows_from_what_counted_before(session: Session, reads: Reads) -> None:
    negotiation = reads(DEMONSTRATION.read_bytes()).negotiation
    rows = taken_along(session, negotiation)["Status changes"]
    latest: dict[Any, Any] = {}
    for row in rows:
        place = (row["Issue"], row["Track"])
        if row["Withdrawn at (UTC)"]:
            assert row["Step"] is None
            continue
        assert row["Status before"] == latest.get(place)
        assert (row["Step"] == "Opened") == (place not in latest)
        latest[place] = row["Status"]
    assert {"Opened", "Advanced", "Sidelined"} <= {row["Step"] for row in rows}


def test_every_table_holds_its_rows(session: Session, reads: Reads, lake: File) -> None:
    negotiation = reads(lake).negotiation
    tabs = taken_along(session, negotiation)
    assert tabs["Issues"][0]["Issue"] == "TK-1"
    assert tabs["Links between issues"] == [
        {"Issue": "TK-1", "Kind": "Conditional on", "Other issue": "TK-4"}
    ]
    assert [(row["Issue"], row["Text"]) for row in tabs["Clauses"]] == [
        ("TK-1", "Red pays."),
        ("TK-4", "Red pays."),
    ]
    assert [row["Why"] for row in tabs["Merges of sources"]] == ["The same article."]
    counts = {name: len(rows) for name, rows in tabs.items()}
    assert counts["Parties"] == 3
    assert counts["Events"] == counts["Proposals"] == counts["Reviews"] == counts["Notes"] == 1
    assert counts["Tracks"] == counts["People"] == counts["Members of blocs"] == 1
    assert counts["Links between entries"] == 1
    answer = tabs["Positions"][1]
    assert (answer["Clause"], answer["Proposal"], answer["Stance before"]) == ("7", "Plan", None)
    kept, copy = (tabs["Sources"][number]["Source"] for number in (0, 1))
    report = next(row for row in tabs["Citations"] if row["Entry"] == answer["Entry"])
    assert (report["Source"], report["From the copy"]) == (kept, copy)


def test_all_entries_stand_in_one_table_oldest_first(session: Session, reads: Reads, lake: File) -> None:
    negotiation = reads(lake).negotiation
    record = WholeRecord(session, negotiation)
    text = b"".join(write_csv(replace(record.book(), sheets=[record.entries()]))).decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(text, newline=""))]
    assert [row["Effective on"] for row in rows] == ["2025-06-02"] * 3 + ["2025-06-03"] * 2
    assert {(row["Kind"], row["Status"], row["Stance"], row["Share, per cent"]) for row in rows} == {
        ("Status", "Open", "", ""),
        ("Status", "Agreed in principle", "", ""),
        ("Position", "", "Opposes", ""),
        ("Position", "", "Can accept", ""),
        ("Claim", "", "", "90"),
    }
    assert rows[0]["Sources"].startswith("The lake, para 2: “We will not pay”; Reported")

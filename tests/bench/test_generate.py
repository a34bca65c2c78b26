"""Made-up records are whole by every rule of the product, and alike where pages of two sizes are compared."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.generate import EMAIL, LARGE, SIZES, Occupied, generate, main
from bench.record.frame import SMALL, Size
from tracker.dates import View
from tracker.db import make_engine, writing
from tracker.models import (
    AuditHead,
    Citation,
    Clause,
    Entry,
    EntryLink,
    Event,
    Issue,
    IssueLink,
    Membership,
    Negotiation,
    Note,
    Party,
    Person,
    Position,
    Proposal,
    Retraction,
    Review,
    Source,
    StatusChange,
    Track,
    User,
    act_as,
)
from tracker.models.audit_body import values_of
from tracker.models.publication import openness_faults
from tracker.models.user import matches
from tracker.models.vocabulary import Handling, Standing, Status
from tracker.queries.dossier import dossier
from tracker.queries.integrity import verify
from tracker.text import clean, find

#: Made as a large record is, of a size that a test has time for.
SHRUNKEN = Size(issues=36, parties=12, positions=400, status_changes=340, sources=160, citations=860)
PASSWORD = "four swans on a lake"
CORE = range(1, 13)


def make(path: Path, size: Size, seed: int = 1) -> str:
    url = f"sqlite:///{path}"
    generate(url, size, seed=seed)
    return url


def opened(url: str) -> Iterator[Session]:
    engine = make_engine(url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture(scope="module")
def small_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make(tmp_path_factory.mktemp("small") / "bench.db", SMALL)


@pytest.fixture(scope="module")
def shrunken_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make(tmp_path_factory.mktemp("shrunken") / "bench.db", SHRUNKEN)


@pytest.fixture
def small(small_url: str) -> Iterator[Session]:
    yield from opened(small_url)


@pytest.fixture
def shrunken(shrunken_url: str) -> Iterator[Session]:
    yield from opened(shrunken_url)


@pytest.fixture(params=["small", "shrunken"])
def record(request: pytest.FixtureRequest) -> Session:
    """Run the test on a small record, and on one made as a large one is."""
    session: Session = request.getfixturevalue(request.param)
    return session


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table.__table__)) or 0


def heads(session: Session) -> dict[str, tuple[int, str]]:
    """Give the ends of the chains: they hang on every fact that was written."""
    return {head.chain: (head.sequence, head.hash) for head in session.scalars(select(AuditHead))}


def facts(session: Session, query: Any, *ids: str) -> dict[str, dict[str, Any]]:
    """Give what is told of rows by their uids, without the ids that differ between records."""
    found = {}
    for row in session.scalars(query):
        told = {key: value for key, value in values_of(row).items() if key not in ids}
        found[told["uid"]] = told
    return found


@pytest.mark.parametrize(("name", "size"), [("small", SMALL), ("shrunken", SHRUNKEN)])
def test_record_has_the_rows_of_its_size(name: str, size: Size, request: pytest.FixtureRequest) -> None:
    session = request.getfixturevalue(name)
    tables = (Issue, Party, Position, StatusChange, Source, Citation)
    assert Size(*(count(session, table) for table in tables)) == size


def test_sizes_are_as_promised() -> None:
    assert Size(5_000, 12, 60_000, 50_000, 20_000, 120_000) == SIZES["large"] == LARGE
    assert [SMALL.issues, SMALL.parties, SMALL.positions] == [12, 6, 70]
    assert [SMALL.status_changes, SMALL.sources] == [100, 60]


def test_same_seed_makes_the_same_facts(tmp_path: Path, small: Session) -> None:
    for again in opened(make(tmp_path / "again.db", SMALL)):
        assert heads(again) == heads(small)
    for other in opened(make(tmp_path / "other.db", SMALL, seed=2)):
        assert heads(other) != heads(small)


def test_record_is_intact(record: Session) -> None:
    found = verify(record)
    assert found.faults == []
    assert found.counts["chains"] == 2
    talks = record.scalars(select(Negotiation)).one()
    assert (talks.code, talks.published_at) == ("BENCH", None)
    assert openness_faults(talks, "visibility") == []


def test_every_row_obeys_the_rules_of_its_model(record: Session) -> None:
    for entry in record.scalars(select(Entry)):
        assert entry.kind_faults() == [], values_of(entry)
        assert entry.support_faults(entry.evidence) == []
    tables: tuple[Any, ...] = (Negotiation, Track, Party, Person, Membership, Issue, IssueLink, Source)
    for table in (*tables, Event, Proposal, Review, Note):
        for row in record.scalars(select(table)):
            assert row.faults() == [], values_of(row)


def test_versions_are_counted_as_the_desk_counts_them(record: Session) -> None:
    changes = dict(
        record.execute(select(StatusChange.issue_id, func.count()).group_by(StatusChange.issue_id)).all()
    )
    withdrawn = select(StatusChange.issue_id, func.count()).join(
        Retraction, Retraction.entry_id == StatusChange.id
    )
    gone = dict(record.execute(withdrawn.group_by(StatusChange.issue_id)).all())
    for issue in record.scalars(select(Issue)):
        assert issue.version == 1 + changes[issue.id] + gone.get(issue.id, 0)


def test_quotes_stand_where_they_are_looked_up(record: Session) -> None:
    checked = record.scalars(select(Citation).where(Citation.offset.is_not(None))).all()
    assert len(checked) > count(record, Citation) / 3
    for citation in checked:
        text = citation.source.text
        assert text is not None
        assert text == clean(text)
        passage = find(citation.quote, text)
        assert passage is not None
        assert (citation.offset, citation.length) == (passage.start, passage.end - passage.start)
        assert (citation.prefix, citation.suffix) == (passage.prefix, passage.suffix)
        assert citation.locator == f"para {passage.paragraph}"


def test_texts_have_the_lengths_of_real_ones(record: Session) -> None:
    summaries = [len(words) for words in record.scalars(select(Position.summary))]
    texts = [len(text) for text in record.scalars(select(Source.text)) if text]
    assert 60 <= min(summaries) <= max(summaries) <= 400
    assert 1_000 <= min(texts) <= max(texts) <= 6_000
    assert 0.4 < len(texts) / count(record, Source) < 0.8


def test_record_is_as_mixed_as_a_real_one(record: Session) -> None:
    def has(*conditions: Any) -> bool:
        return bool(record.scalar(select(Entry.id).outerjoin(Retraction).where(*conditions).limit(1)))

    late = func.date(Entry.recorded_at) > func.date(Entry.effective_on, "+7 days")
    assert has(late)
    assert has(Entry.effective_words != "")
    assert has(Entry.event_id.is_not(None))
    assert has(Entry.track_id.is_not(None))
    assert has(Entry.kind == "claim", Entry.issue_id.is_(None))
    assert has(Retraction.replaced_by.is_not(None), Entry.kind == "status_change")
    assert has(Retraction.replaced_by.is_not(None), Entry.kind == "position")
    assert has(Retraction.replaced_by.is_(None))
    assert has(Entry.first_recorded_at < Entry.recorded_at)
    assert {*record.scalars(select(Source.language))} == {"en", "uk", "fr", "ru", "ar"}
    assert {*record.scalars(select(Position.standing))} == {*Standing}
    assert {Status.OPEN, Status.BLOCKED, Status.AGREED} <= {*record.scalars(select(StatusChange.status))}
    assert record.scalar(select(Position.id).where(Position.clause_id.is_not(None)))
    assert record.scalar(select(Position.id).where(Position.value.is_not(None)))
    assert record.scalar(select(Source.id).where(Source.handling != Handling.CLEAR))
    assert record.scalar(select(EntryLink.id))


def test_clauses_are_recorded_with_their_proposals(record: Session) -> None:
    assert {*record.scalars(select(Clause.added_at))} == {None}


def test_days_end_in_the_past_and_ids_follow_the_moments(record: Session) -> None:
    moments = record.scalars(select(Entry.recorded_at).order_by(Entry.id)).all()
    assert moments == sorted(moments)
    assert max(moments).date() <= date(2026, 6, 30)
    assert max(record.scalars(select(Entry.effective_on))) <= date(2026, 6, 30)


def test_first_issues_are_the_same_in_every_size(small: Session, shrunken: Session) -> None:
    entries = select(Entry).where((Entry.issue_id <= 12) | Entry.issue_id.is_(None))
    citations = select(Citation).outerjoin(Citation.entry)
    citations = citations.where(
        Citation.event_id.is_not(None) | Citation.entry_id.in_(entries.with_only_columns(Entry.id))
    )
    withdrawn = select(Retraction).where(Retraction.entry_id.in_(entries.with_only_columns(Entry.id)))
    assert facts(small, entries) == facts(shrunken, entries)
    assert facts(small, citations, "entry_id", "source_id") == facts(
        shrunken, citations, "entry_id", "source_id"
    )
    assert facts(small, withdrawn, "entry_id") == facts(shrunken, withdrawn, "entry_id")
    for table in (Review, Note):
        rows = select(table).where(table.issue_id <= 12)
        assert facts(small, rows) == facts(shrunken, rows)
    for everywhere in (Event, Proposal):
        assert facts(small, select(everywhere), "source_id") == facts(
            shrunken, select(everywhere), "source_id"
        )
    for number in CORE:
        issues = [values_of(session.get_one(Issue, number)) for session in (small, shrunken)]
        assert issues[0] == issues[1]


def test_page_of_the_first_issue_has_the_same_rows_in_every_size(small: Session, shrunken: Session) -> None:
    def rows(session: Session) -> list[int]:
        page = dossier(session, session.get_one(Issue, 1), View(), session.get_one(User, 1))
        parts = (page.standings, page.history, page.claims, page.clauses, page.links)
        beneath = [record for line in page.lines for record in [line.record, *line.beneath] if record]
        entered = [*page.history, *page.claims, *beneath]
        cited = [r for record in entered for r in record.references]
        spoken = [link for record in entered for link in record.spoken]
        return [len(part) for part in (*parts, spoken, page.notes, page.sources, beneath, cited)]

    assert rows(small) == rows(shrunken)
    assert rows(small)[1] == 10
    assert rows(small)[-2] == 7


def test_first_cells_are_filled_alike_in_every_size(small: Session, shrunken: Session) -> None:
    cells = select(Position.issue_id, Position.party_id, func.count(Position.id))
    cells = cells.where(Position.issue_id <= 12).group_by(Position.issue_id, Position.party_id)
    found = [{tuple(row) for row in session.execute(cells)} for session in (small, shrunken)]
    assert found[0] == found[1]
    assert {party for _, party, _ in found[0]} == {1, 2, 3, 4, 5, 6}


def test_first_source_is_the_same_in_every_size(small: Session, shrunken: Session) -> None:
    sources = [session.get_one(Source, 1) for session in (small, shrunken)]
    assert values_of(sources[0]) == values_of(sources[1])
    cited = [facts(s, select(Citation).where(Citation.source_id == 1), "entry_id") for s in (small, shrunken)]
    assert cited[0] == cited[1]
    assert len(cited[0]) >= 12


def test_editor_signs_in_and_the_record_goes_on(database_url: str) -> None:
    generate(database_url, SMALL, password=PASSWORD)
    engine = make_engine(database_url)
    with writing(), Session(engine) as session:
        editor = User.find(session, EMAIL)
        assert editor is not None
        assert matches(editor.password_hash, PASSWORD)
        act_as(session, editor)
        session.get_one(Issue, 1).review(by=editor, on=date(2026, 7, 1))
        session.commit()
        assert verify(session).faults == []
    engine.dispose()


def test_record_is_not_written_over_another(tmp_path: Path) -> None:
    url = make(tmp_path / "bench.db", SMALL)
    with pytest.raises(Occupied):
        generate(url, SMALL)


def test_command_prints_the_counts_and_the_time(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["small", str(tmp_path / "bench.db")])
    assert answer.exit_code == 0
    assert "70 positions" in answer.output
    assert answer.output.endswith(" s\n")

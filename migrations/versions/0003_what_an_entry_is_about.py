"""Say on the entry itself which issue, party and track it is about, so that one index holds that and its days."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TARGETS = {"issue_id": "issues", "party_id": "parties", "track_id": "tracks"}
#: What each kind's table held of it, and whether it had to.
HELD = {
    "positions": {"issue_id": True, "party_id": True},
    "status_changes": {"issue_id": True, "track_id": False},
    "status_claims": {"issue_id": False, "track_id": False, "party_id": True},
}
INDEXES = {
    "positions": {"issue_party": ["issue_id", "party_id"], "party": ["party_id"]},
    "status_changes": {"issue_track": ["issue_id", "track_id"]},
    "status_claims": {"issue_party": ["issue_id", "party_id"], "party": ["party_id"]},
}
NEW_INDEXES = {
    "about": [
        "issue_id",
        "kind",
        "party_id",
        "track_id",
        "effective_on",
        "first_recorded_at",
        "id",
        "recorded_at",
    ],
    "party": ["party_id", "kind", "effective_on"],
    "negotiation_kind": ["negotiation_id", "kind", "effective_on"],
}
IS_ABOUT = (
    "(kind = 'claim' OR issue_id IS NOT NULL) AND (kind = 'status_change') = (party_id IS NULL)"
    " AND (kind <> 'position' OR track_id IS NULL)"
)


def upgrade() -> None:
    with _unguarded():
        for column in TARGETS:
            op.add_column("entries", sa.Column(column, sa.Integer()))
        for table, columns in HELD.items():
            _copy("entries", table, columns)
        with _altered("entries") as entries:
            for column, target in TARGETS.items():
                entries.create_foreign_key(f"fk_entries_{column}_{target}", target, [column], ["id"])
            entries.create_check_constraint(op.f("ck_entries_is_about"), sa.text(IS_ABOUT))
        for table, columns in HELD.items():
            for name in INDEXES[table]:
                op.drop_index(f"ix_{table}_{name}", table_name=table)
            with _altered(table) as altered:
                for column in columns:
                    altered.drop_constraint(f"fk_{table}_{column}_{TARGETS[column]}", type_="foreignkey")
                    altered.drop_column(column)
        for name, of in NEW_INDEXES.items():
            op.create_index(f"ix_entries_{name}", "entries", of)


def downgrade() -> None:
    with _unguarded():
        for table, columns in HELD.items():
            for column in columns:
                op.add_column(table, sa.Column(column, sa.Integer()))
            _copy(table, "entries", columns)
            with _altered(table) as altered:
                for column, is_needed in columns.items():
                    if is_needed:
                        altered.alter_column(column, existing_type=sa.Integer(), nullable=False)
                    target = TARGETS[column]
                    altered.create_foreign_key(f"fk_{table}_{column}_{target}", target, [column], ["id"])
            for name, of in INDEXES[table].items():
                op.create_index(f"ix_{table}_{name}", table, of)
        for name in NEW_INDEXES:
            op.drop_index(f"ix_entries_{name}", table_name="entries")
        with _altered("entries") as entries:
            entries.drop_constraint(op.f("ck_entries_is_about"), type_="check")
            for column, target in TARGETS.items():
                entries.drop_constraint(f"fk_entries_{column}_{target}", type_="foreignkey")
                entries.drop_column(column)


def _copy(to: str, source: str, columns: dict[str, bool]) -> None:
    values = ", ".join(f"{column} = source.{column}" for column in columns)
    op.execute(f"UPDATE {to} SET {values} FROM {source} AS source WHERE source.id = {to}.id")


@contextmanager
def _altered(table: str) -> Iterator[BatchOperations]:
    """Alter a table; SQLite makes it anew, with the checks that Alembic alone would leave out."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        with op.batch_alter_table(table) as altered:
            yield altered
        return
    copy = sa.Table(table, sa.MetaData(), autoload_with=bind)
    kept = {constraint.name for constraint in copy.constraints}
    for check in sa.inspect(bind).get_check_constraints(table):
        if check["name"] not in kept:
            copy.append_constraint(sa.CheckConstraint(sa.text(check["sqltext"]), name=op.f(check["name"])))
    options = {"sqlite_autoincrement": table == "entries"}
    with op.batch_alter_table(table, copy_from=copy, recreate="always", table_kwargs=options) as altered:
        yield altered


@contextmanager
def _unguarded() -> Iterator[None]:
    """Lift the triggers that keep history from change, and put them back as they were."""
    bind = op.get_bind()
    tables = ["entries", *HELD]
    if bind.dialect.name != "sqlite":
        for table in tables:
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        yield
        for table in tables:
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
        return
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables")
    triggers = bind.execute(query.bindparams(sa.bindparam("tables", tables, expanding=True))).all()
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        op.execute(sa.text(sql.replace(":", "\\:")))

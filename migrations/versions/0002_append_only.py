"""Refuse UPDATE, DELETE and REPLACE on history, for any client."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Each append-only table with the sets of columns that no two rows share. A row that would take the place
#: of another is refused before SQLite's REPLACE can delete the other without asking a DELETE trigger.
TABLES = {
    "entries": [["id"], ["uid"]],
    "status_changes": [["id"]],
    "status_claims": [["id"]],
    "positions": [["id"]],
    "citations": [["id"], ["uid"]],
    "reviews": [["id"], ["uid"]],
    "notes": [["id"], ["uid"]],
    "entry_links": [["id"], ["uid"]],
    "retractions": [["id"], ["uid"], ["entry_id"], ["citation_id"], ["entry_link_id"], ["note_id"]],
    "audit_entries": [["id"], ["chain", "sequence"]],
}
WORD = "history is never changed or deleted"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, keys in TABLES.items():
            _guard_sqlite(table, keys)
    else:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORD}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        for table in TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def _guard_sqlite(table: str, keys: list[list[str]]) -> None:
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
        )
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE " + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")"
        for key in keys
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {same} "
        f"BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
    )


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        else:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")

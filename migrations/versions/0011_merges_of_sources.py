"""Keep which sources are the same article, and let a merge be retracted."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORD = "history is never changed or deleted"
SUBJECTS = ["entry_id", "citation_id", "entry_link_id", "note_id"]
MERGE = "source_merge_id"
CHECK = "ck_retractions_one_subject"


def upgrade() -> None:
    op.create_table(
        "source_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10000), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("source_id <> into_id", name=op.f("ck_source_merges_two_sources")),
        sa.CheckConstraint("length(reason) <= 10000", name=op.f("ck_source_merges_reason_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_source_merges_recorded_by_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_source_merges_uid_length")),
        sa.ForeignKeyConstraint(["into_id"], ["sources.id"], name=op.f("fk_source_merges_into_id_sources")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_source_merges_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_merges_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_merges")),
        sa.UniqueConstraint("uid", name=op.f("uq_source_merges_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_source_merges_source", "source_merges", ["source_id"])
    op.create_index("ix_source_merges_into", "source_merges", ["into_id"])
    _guard("source_merges", ["id", "uid"])
    with _retractions([*SUBJECTS, MERGE]) as retractions:
        retractions.add_column(sa.Column(MERGE, sa.Integer(), nullable=True))
        retractions.create_foreign_key(
            op.f("fk_retractions_source_merge_id_source_merges"), "source_merges", [MERGE], ["id"]
        )
        retractions.create_unique_constraint(op.f("uq_retractions_source_merge_id"), [MERGE])


def downgrade() -> None:
    with _retractions(SUBJECTS, f"DELETE FROM retractions WHERE {MERGE} IS NOT NULL") as retractions:
        retractions.drop_constraint(op.f("uq_retractions_source_merge_id"), type_="unique")
        retractions.drop_constraint(op.f("fk_retractions_source_merge_id_source_merges"), type_="foreignkey")
        retractions.drop_column(MERGE)
    op.drop_table("source_merges")


@contextmanager
def _retractions(subjects: list[str], before: str = "") -> Iterator[BatchOperations]:
    """Alter the retractions, which withdraw one of these subjects from then on.

    SQLite makes the table anew, with the checks that Alembic alone would leave out. The triggers that keep
    history from change are lifted meanwhile.
    """
    bind = op.get_bind()
    one = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in subjects) + " = 1"
    if bind.dialect.name != "sqlite":
        op.execute("ALTER TABLE retractions DISABLE TRIGGER retractions_append_only")
        if before:
            op.execute(before)
        op.drop_constraint(op.f(CHECK), "retractions", type_="check")
        with op.batch_alter_table("retractions") as retractions:
            yield retractions
        op.create_check_constraint(op.f(CHECK), "retractions", sa.text(one))
        op.execute("ALTER TABLE retractions ENABLE TRIGGER retractions_append_only")
        return
    for act in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER retractions_no_{act}")
    if before:
        op.execute(before)
    copy = sa.Table("retractions", sa.MetaData(), autoload_with=bind)
    for check in [each for each in copy.constraints if isinstance(each, sa.CheckConstraint)]:
        copy.constraints.remove(check)
    for check in sa.inspect(bind).get_check_constraints("retractions"):
        if check["name"] != CHECK:
            copy.append_constraint(sa.CheckConstraint(sa.text(check["sqltext"]), name=op.f(check["name"])))
    options = {"sqlite_autoincrement": True}
    with op.batch_alter_table(
        "retractions", copy_from=copy, recreate="always", table_kwargs=options
    ) as retractions:
        yield retractions
        retractions.create_check_constraint(op.f(CHECK), sa.text(one))
    _guard("retractions", ["id", "uid", *subjects])


def _guard(table: str, keys: list[str]) -> None:
    """Set the triggers that refuse UPDATE, DELETE and REPLACE, as 0002 does."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
        )
    same = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})" for key in keys)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {same} "
        f"BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
    )

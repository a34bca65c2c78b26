"""Keep what was found when a quote was looked up in a text that was stored later."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORD = "history is never changed or deleted"


def upgrade() -> None:
    op.create_table(
        "quote_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citation_id", sa.Integer(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("prefix", sa.String(length=32), nullable=False),
        sa.Column("suffix", sa.String(length=32), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint('("offset" IS NULL) = (length IS NULL)', name=op.f("ck_quote_checks_one_place")),
        sa.CheckConstraint("length(prefix) <= 32", name=op.f("ck_quote_checks_prefix_length")),
        sa.CheckConstraint("length(suffix) <= 32", name=op.f("ck_quote_checks_suffix_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_quote_checks_uid_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_quote_checks_recorded_by_length")),
        sa.ForeignKeyConstraint(
            ["citation_id"], ["citations.id"], name=op.f("fk_quote_checks_citation_id_citations")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_quote_checks_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_checks")),
        sa.UniqueConstraint("uid", name=op.f("uq_quote_checks_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quote_checks_citation_id", "quote_checks", ["citation_id"])
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER quote_checks_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quote_checks "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER quote_checks_no_{act} BEFORE {act.upper()} ON quote_checks "
            f"BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
        )
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM quote_checks WHERE {name} = NEW.{name})" for name in ("id", "uid")
    )
    op.execute(
        f"CREATE TRIGGER quote_checks_no_replace BEFORE INSERT ON quote_checks WHEN {same} "
        f"BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
    )


def downgrade() -> None:
    op.drop_table("quote_checks")

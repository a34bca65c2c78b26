"""Keep the work that is done behind the pages, and whether the addresses of sources still lead to them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = "'waiting', 'running', 'done', 'failed'"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=10000), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("asked_by", sa.String(length=300), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(kind) <= 32", name=op.f("ck_jobs_kind_length")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_jobs_jobstate")),
        sa.CheckConstraint("length(error) <= 10000", name=op.f("ck_jobs_error_length")),
        sa.CheckConstraint("length(asked_by) <= 300", name=op.f("ck_jobs_asked_by_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_jobs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_due_at", "jobs", ["due_at"])
    op.create_index("ix_jobs_user", "jobs", ["user_id"])
    op.create_table(
        "link_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(url) <= 2000", name=op.f("ck_link_checks_url_length")),
        sa.CheckConstraint("length(reason) <= 300", name=op.f("ck_link_checks_reason_length")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_link_checks_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_checks")),
        sa.UniqueConstraint("source_id", name=op.f("uq_link_checks_source_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_link_checks_checked_at", "link_checks", ["checked_at"])
    op.create_index("ix_link_checks_failures", "link_checks", ["failures"])


def downgrade() -> None:
    op.drop_table("link_checks")
    op.drop_table("jobs")

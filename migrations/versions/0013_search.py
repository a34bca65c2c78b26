"""Make the table that search looks through; `tracker init` fills it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_doc USING fts5(title, words, about, tokenize='ascii', columnsize=0)"
        )
        return
    op.create_table(
        "search_doc",
        sa.Column("rowid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("vector", sa.dialects.postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_search_doc")),
    )
    op.create_index("ix_search_doc_vector", "search_doc", ["vector"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("search_doc")

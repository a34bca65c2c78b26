"""Empty the table that search looks through: sources get marks of their negotiations. `tracker init` fills it."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("TRUNCATE search_doc")
        return
    op.drop_table("search_doc")  # to delete row by row would take longer than to fill it
    op.execute(
        "CREATE VIRTUAL TABLE search_doc USING fts5(title, words, about, tokenize='ascii', columnsize=0)"
    )


def downgrade() -> None:
    """Leave the marks, which do no harm."""

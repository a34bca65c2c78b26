"""Find the same source again by its address, its text or its title, by indexes."""

import sqlalchemy as sa
from alembic import op

from tracker.models.alike import address_key, text_hash

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column, length in (("url_key", 300), ("text_hash", 64)):
        check = f"CONSTRAINT ck_sources_{column}_length CHECK (length({column}) <= {length})"
        op.execute(f"ALTER TABLE sources ADD COLUMN {column} VARCHAR({length}) {check}")
    _fill()
    for column in ("url_key", "text_hash", "title"):
        op.create_index(f"ix_sources_{column}", "sources", [column])


def _fill() -> None:
    """Write the keys of the sources that are there; their texts are long, and read one by one."""
    bind = op.get_bind()
    sources = sa.table(
        "sources",
        sa.column("id"),
        sa.column("url"),
        sa.column("text"),
        sa.column("url_key"),
        sa.column("text_hash"),
    )
    for id_, url in bind.execute(sa.select(sources.c.id, sources.c.url)).all():
        text = bind.scalar(sa.select(sources.c.text).where(sources.c.id == id_))
        keys = {"url_key": address_key(url), "text_hash": None if text is None else text_hash(text)}
        if any(keys.values()):
            bind.execute(sources.update().where(sources.c.id == id_).values(keys))


def downgrade() -> None:
    for column in ("title", "text_hash", "url_key"):
        op.drop_index(f"ix_sources_{column}", table_name="sources")
    # Rebuilt on SQLite: there a later migration may have made the columns' checks the table's own.
    with op.batch_alter_table("sources") as table:
        for column in ("text_hash", "url_key"):
            table.drop_constraint(op.f(f"ck_sources_{column}_length"), type_="check")
            table.drop_column(column)

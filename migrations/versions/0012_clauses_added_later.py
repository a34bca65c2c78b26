"""Say of a clause when it was added to a proposal that was there already; empty: it came with its proposal."""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clauses", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    _fill()


def _fill() -> None:
    """Write what the log tells: something only where this was applied once before and taken back."""
    bind = op.get_bind()
    clauses = sa.table("clauses", sa.column("id"), sa.column("added_at", sa.DateTime(timezone=True)))
    log = sa.table("audit_entries", sa.column("table_name"), sa.column("row_id"), sa.column("body"))
    telling = sa.select(log.c.row_id, log.c.body).where(log.c.table_name == "clauses")
    for id_, body in bind.execute(telling.where(log.c.body.contains('"added_at":"'))).all():
        moment = json.loads(body).get("new", {}).get("added_at")
        if moment:
            values = {"added_at": datetime.fromisoformat(moment)}
            bind.execute(clauses.update().where(clauses.c.id == id_).values(values))


def downgrade() -> None:
    op.drop_column("clauses", "added_at")

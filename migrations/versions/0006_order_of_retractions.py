"""Find what was withdrawn between two moments, and what a correction replaced, by indexes."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_retractions_recorded_at", "retractions", ["recorded_at"])
    op.create_index("ix_retractions_replaced_by", "retractions", ["replaced_by"])


def downgrade() -> None:
    op.drop_index("ix_retractions_replaced_by", table_name="retractions")
    op.drop_index("ix_retractions_recorded_at", table_name="retractions")

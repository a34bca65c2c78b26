"""Find an issue's neighbours, and a page of the list, by an index of their order."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_issues_order", "issues", ["negotiation_id", "ordering", "number"])


def downgrade() -> None:
    op.drop_index("ix_issues_order", table_name="issues")

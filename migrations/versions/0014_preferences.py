"""Keep how a user wants the pages: light or dark, and whether single keys do something."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    theme = sa.Enum(
        "system", "light", "dark", name="theme", native_enum=False, length=32, create_constraint=False
    )
    op.create_table(
        "preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("theme", theme, nullable=False),
        sa.Column("has_keys", sa.Boolean(), nullable=False),
        sa.CheckConstraint("theme IN ('system', 'light', 'dark')", name=op.f("ck_preferences_theme")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_preferences_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("user_id", name=op.f("uq_preferences_user_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("preferences")

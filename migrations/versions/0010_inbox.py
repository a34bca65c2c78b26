"""Keep what the desk does with sources that nothing rests on: state, reason and who has it."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = {
    "inbox_state": sa.String(length=32),
    "inbox_reason": sa.String(length=10000),
    "assignee_id": sa.Integer(),
}
CHECKS = {
    "ck_sources_inboxstate": "inbox_state IN ('in_work', 'set_aside')",
    "ck_sources_inbox_reason_length": "length(inbox_reason) <= 10000",
}
FOREIGN = "fk_sources_assignee_id_users"


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("sources", sa.Column(name, kind))
    with _altered() as sources:
        for name, rule in CHECKS.items():
            sources.create_check_constraint(op.f(name), sa.text(rule))
        sources.create_foreign_key(FOREIGN, "users", ["assignee_id"], ["id"])


def downgrade() -> None:
    with _altered() as sources:
        sources.drop_constraint(FOREIGN, type_="foreignkey")
        for name in CHECKS:
            sources.drop_constraint(op.f(name), type_="check")
        for name in COLUMNS:
            sources.drop_column(name)


@contextmanager
def _altered() -> Iterator[BatchOperations]:
    """Alter the sources; SQLite makes the table anew, with the checks that Alembic alone would leave out."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        with op.batch_alter_table("sources") as altered:
            yield altered
        return
    copy = sa.Table("sources", sa.MetaData(), autoload_with=bind)
    kept = {constraint.name for constraint in copy.constraints}
    for check in sa.inspect(bind).get_check_constraints("sources"):
        if check["name"] not in kept:
            copy.append_constraint(sa.CheckConstraint(sa.text(check["sqltext"]), name=op.f(check["name"])))
    options = {"sqlite_autoincrement": True}
    with op.batch_alter_table("sources", copy_from=copy, recreate="always", table_kwargs=options) as altered:
        yield altered

"""Runs migrations on the connection handed over by tracker.db.migrate; there is no other way in."""

from alembic import context

import tracker.models  # noqa: F401 - maps the tables
from tracker.db import Base
from tracker.models.search_doc import is_mapped

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
    compare_server_default=True,
    include_object=is_mapped,
)
with context.begin_transaction():
    context.run_migrations()

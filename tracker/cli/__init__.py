"""The shell: `tracker ...`. It knows the pages only to serve them."""

from __future__ import annotations

import click

from tracker.cli import accounts, exporting, indexing, record, serving
from tracker.cli.shell import Shell


@click.group(cls=Shell)
def main() -> None:
    """Keep the record of a negotiation."""


for command in (
    serving.init,
    serving.demo,
    serving.try_,
    serving.serve,
    serving.worker,
    accounts.user,
    record.import_file,
    exporting.export_file,
    record.source,
    record.verify,
    indexing.reindex,
    record.backup,
):
    main.add_command(command)

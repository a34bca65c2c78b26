"""Reads the log back and recomputes its chains."""

import hashlib
import json
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import AuditEntry, AuditHead


def told(session: Session) -> list[dict[str, Any]]:
    """Read what the log tells of the last transaction, in order."""
    last = select(func.max(AuditEntry.at)).scalar_subquery()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.at == last).order_by(AuditEntry.id))
    return [json.loads(entry.body) for entry in entries]


def count(session: Session) -> int:
    """Count the entries of the log."""
    return session.scalar(select(func.count(AuditEntry.id))) or 0


def check_chains(session: Session) -> int:
    """Recompute every chain by hand and give the number of entries."""
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.sequence)).all()
    heads = {head.chain: head for head in session.scalars(select(AuditHead))}
    for chain, links in groupby(entries, key=lambda entry: entry.chain):
        previous, sequence = "0" * 64, 0
        for entry in links:
            sequence += 1
            body = json.loads(entry.body)
            assert (entry.sequence, entry.previous_hash) == (sequence, previous)
            what = b"negotiation-tracker/audit/1\n" + previous.encode() + b"\n" + entry.body.encode()
            assert entry.hash == hashlib.sha256(what).hexdigest()
            assert (body["chain"], body["sequence"]) == (chain, sequence)
            assert (body["table"], body["row"]) == (entry.table_name, entry.row_id)
            assert (body["action"], body["actor"]) == (entry.action, entry.actor)
            assert datetime.fromisoformat(body["at"]) == entry.at
            previous = entry.hash
        head = heads.pop(chain)
        assert (head.sequence, head.hash) == (sequence, previous)
    assert not heads
    return len(entries)

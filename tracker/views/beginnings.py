"""Beginnings: what an editor of a negotiation with little on its record has to make first."""

from __future__ import annotations

from tracker.db import db
from tracker.models import Negotiation
from tracker.queries.issue_list import topics_of


def begins_with(negotiation: Negotiation) -> str:
    """Name what is to be made before anything can be recorded: "parties", "issues", or "" for nothing."""
    if not negotiation.parties:
        return "parties"
    return "" if topics_of(db.session(), negotiation) else "issues"

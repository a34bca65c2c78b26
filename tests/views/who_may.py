"""Who may what, by this table alone: the tests hold every address against it."""

from tracker.models.vocabulary import Role

#: Least role by endpoint, "*" for all of a noun; what is not named here asks for an editor.
WHO: dict[str, Role | None] = {
    "negotiations.index": None,
    "negotiations.show": None,
    "comparisons.show": None,
    "changes.show": None,
    "feeds.show": None,
    "distances.show": None,
    "timelines.show": None,
    "pulses.show": None,
    "saved_views.index": None,
    "saved_views.*": Role.VIEWER,
    "issues.index": None,
    "issues.show": None,
    "status_changes.index": None,
    "positions.index": None,
    "claims.index": None,
    "events.index": None,
    "events.show": None,
    "proposals.index": None,
    "proposals.show": None,
    "parties.index": None,
    "parties.show": None,
    "sources.index": None,
    "sources.show": None,
    "evidence.show": None,
    "inboxes.show": Role.VIEWER,
    "annotations.index": None,
    "annotations.show": None,
    "exports.*": None,
    "health.*": None,
    "sessions.*": None,
    "notes.index": Role.VIEWER,
    "accounts.*": Role.VIEWER,
    "users.*": Role.ADMIN,
}
#: What is seen by those who see the talks, though the address does not name them.
SEEN_THROUGH_TALKS = {
    "archived_copies.create",
    "annotations.show",
    "extracts.new",
    "merges.create",
    "merges.new",
    "quote_checks.create",
    "retractions.create",
    "retractions.new",
    "sources.edit",
    "sources.show",
    "sources.update",
}

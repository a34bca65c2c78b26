"""Who sees a negotiation: what must hold before it is opened, and who may still enter when it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, exists, func, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from tracker.models.citation import Citation
from tracker.models.editable import add, edit, remove
from tracker.models.entry import Entry, standing
from tracker.models.negotiation import Grant, Negotiation
from tracker.models.refused import N_, Fault, Faults, Refused
from tracker.models.retraction import Retraction
from tracker.models.source import Source
from tracker.models.user import User
from tracker.models.vocabulary import Handling, Visibility


def found(session: Session, negotiation: Negotiation, *, by: User | str) -> None:
    """Begin the record of a negotiation; who begins a restricted one may see it.

    Raises: Refused.
    """
    with session.no_autoflush:
        if session.scalar(select(exists().where(Negotiation.code == negotiation.code))):
            raise Refused(Fault("code", N_("There is a negotiation with this code already.")))
        add(session, negotiation)
        negotiation.recorded_at = negotiation.moment
    session.flush()
    _let_in(negotiation, by)


def change(
    negotiation: Negotiation, values: dict[str, Any], *, by: User | str, base_version: int | None = None
) -> None:
    """Change a negotiation's fields; it is opened to all only where each entry has a source for all.

    Raises: Conflict, Refused.
    """
    edit(negotiation, values, base_version=base_version)
    with negotiation.session.no_autoflush:
        _stay_open([negotiation], "visibility")
    _let_in(negotiation, by)


@event.listens_for(Session, "after_flush")
def _hold_openness(session: Session, _context: UOWTransaction) -> None:
    """Refuse to open a negotiation, or to close a source, where an entry would rest on nothing open."""
    for row in session.dirty:
        if isinstance(row, Negotiation) and inspect(row).attrs.visibility.history.has_changes():
            _stay_open([row], "visibility")
        elif isinstance(row, Source) and inspect(row).attrs.handling.history.has_changes():
            _stay_open([filing.negotiation for filing in row.filings], "handling")


def _stay_open(negotiations: Iterable[Negotiation], field: str) -> None:
    for negotiation in negotiations:
        if negotiation.visibility is Visibility.PUBLIC:
            openness_faults(negotiation, field).refuse()


def openness_faults(negotiation: Negotiation, field: str) -> Faults:
    """Find whether entries stand that rest on no source marked TLP:CLEAR."""
    gone = exists().where(Retraction.citation_id == Citation.id)
    clear = exists().where(
        Citation.entry_id == Entry.id,
        Source.id == Citation.source_id,
        Source.handling == Handling.CLEAR,
        ~gone,
    )
    mine = (Entry.negotiation_id == negotiation.id, *standing(Entry, None))
    count = negotiation.session.scalar(select(func.count(Entry.id)).where(*mine, ~clear)) or 0
    faults = Faults()
    if count:
        faults.find(
            field,
            N_(
                "%(count)s entries have no source marked TLP:CLEAR. "
                "In a public negotiation each entry needs one."
            ),
            count=count,
        )
    return faults


def _let_in(negotiation: Negotiation, by: User | str) -> None:
    """Grant the one who restricts a negotiation, who would lose it otherwise."""
    if negotiation.visibility is not Visibility.RESTRICTED or isinstance(by, str):
        return
    if all(grant.user_id != by.id for grant in negotiation.grants):
        negotiation.session.add(Grant(negotiation=negotiation, user=by))


def _hold_members(negotiation: Negotiation) -> None:
    """Hold that nobody else changes who sees a negotiation, and read anew who does."""
    _ = negotiation.moment  # its lock
    negotiation.session.flush()
    negotiation.session.refresh(negotiation, ["visibility", "grants"])


def let_in(negotiation: Negotiation, email: str) -> Grant:
    """Let the user with an address see a restricted negotiation.

    Raises: Refused.
    """
    session = negotiation.session
    _hold_members(negotiation)
    if negotiation.visibility is not Visibility.RESTRICTED:  # a grant that nobody sees would wait in the dark
        raise Refused(Fault("email", N_("Only a restricted negotiation has members.")))
    user = User.find(session, email)
    if user is None or user.is_disabled:
        raise Refused(Fault("email", N_("There is no account with this address.")))
    if any(grant.user_id == user.id for grant in negotiation.grants):
        raise Refused(Fault("email", N_("This user is a member already.")))
    grant = Grant(negotiation=negotiation, user=user)
    session.add(grant)
    return grant


def let_out(grant: Grant) -> None:
    """Take a user's grant back, unless nobody would be left to see the negotiation.

    Raises: Refused.
    """
    negotiation = grant.negotiation
    _hold_members(negotiation)
    if negotiation.visibility is Visibility.RESTRICTED and len(negotiation.grants) < 2:
        raise Refused(
            Fault("", N_("Somebody must be able to see the negotiation: add another member first."))
        )
    remove(grant)

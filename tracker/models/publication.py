"""Who sees a negotiation: what must hold before it is opened, and who may still enter when it is closed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tracker.models.citation import Citation
from tracker.models.editable import add, edit
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
    if negotiation.visibility is Visibility.PUBLIC:
        openness_faults(negotiation).refuse()
    _let_in(negotiation, by)


def openness_faults(negotiation: Negotiation) -> Faults:
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
            "visibility",
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


def let_in(negotiation: Negotiation, email: str) -> Grant:
    """Let the user with an address see a restricted negotiation.

    Raises: Refused.
    """
    session = negotiation.session
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
    if negotiation.visibility is Visibility.RESTRICTED and len(negotiation.grants) < 2:
        raise Refused(
            Fault("", N_("Somebody must be able to see the negotiation: add another member first."))
        )
    grant.session.delete(grant)

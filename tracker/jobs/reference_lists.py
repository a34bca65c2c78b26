"""Lists of references: adding what was checked and confirmed on the page, all or nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker.intake.taking_over import add_references
from tracker.jobs.registry import Progress, work
from tracker.models import Fault, Job, Negotiation, Refused, User
from tracker.models.job import JobKind
from tracker.models.refused import N_


@work(JobKind.REFERENCES)
def add(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
    """Check the list anew, step by step, then add all of it that is new in one transaction."""
    user = session.get_one(User, job.user_id)
    found = [Negotiation.find(session, code, user) for code in job.asked["filed_under"]]
    filed_under = [negotiation for negotiation in found if negotiation is not None]
    if len(filed_under) < len(found):
        raise Refused(
            Fault("negotiations", N_("You may no longer see a negotiation that these are filed under."))
        )
    taken_over = add_references(
        session,
        job.asked["text"],
        filed_under=filed_under,
        by=user,
        also=job.asked["also"],
        progress=progress,
    )
    return {"counts": taken_over.counts, "left_out": taken_over.left_out}

"""Archived copies: asking a web archive to keep what stands at the address of a source."""

from __future__ import annotations

from sqlalchemy import select

from tracker.models.job import Job, JobKind
from tracker.models.refused import N_, Faults
from tracker.models.source import Source
from tracker.models.user import User
from tracker.models.vocabulary import Handling


def copy_faults(source: Source) -> Faults:
    """Find why no archive may be asked for a copy of a source."""
    faults = Faults()
    if source.handling is not Handling.CLEAR:
        faults.find("", N_("Only of sources marked TLP:CLEAR: to ask for a copy gives the address away."))
    elif not source.url:
        faults.find("", N_("The source has no address."))
    elif source.archived_url:
        faults.find("", N_("The source has an archived copy already."))
    return faults


def ask_for_copy(source: Source, *, archive: str, by: User) -> Job:
    """Ask for a copy of a source, made by the archive of the settings.

    Raises: Refused.
    """
    faults = copy_faults(source)
    if not archive:
        faults.find("", N_("No web archive is set up here."))
    if not faults and _is_asked_for(source):
        faults.find("", N_("A copy was asked for already."))
    faults.refuse()
    return Job.add(source.session, JobKind.ARCHIVE, {"source": source.id}, by=by)


def _is_asked_for(source: Source) -> bool:
    """Tell whether a job for this source is under way."""
    query = select(Job.asked).where(Job.kind == JobKind.ARCHIVE, Job.due_at.is_not(None))
    return any(asked.get("source") == source.id for asked in source.session.scalars(query))

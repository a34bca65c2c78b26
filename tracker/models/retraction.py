"""Retractions: what withdraws an entry, citation, link, note or merge. What is withdrawn stays readable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.db import NEVER_REUSED, Base, Id, Prose
from tracker.models.audit import moment_of
from tracker.models.citation import Citation
from tracker.models.guard import AppendOnly, text_faults
from tracker.models.recorded import Recorded, Signed, sign
from tracker.models.refused import N_, Fault, Faults, Refused

if TYPE_CHECKING:
    from tracker.models.entry import Entry
    from tracker.models.entry_link import EntryLink
    from tracker.models.note import Note
    from tracker.models.source_merge import SourceMerge
    from tracker.models.user import User


Subject: TypeAlias = "Entry | Citation | EntryLink | Note | SourceMerge"
#: For so long after it was recorded something is undone by who recorded it, without a reason of their own.
UNDO = timedelta(minutes=10)
UNDONE = N_("Undone by its author within ten minutes.")
_KINDS = {
    "entries": "entry",
    "citations": "citation",
    "entry_links": "entry_link",
    "notes": "note",
    "source_merges": "source_merge",
}


class Retraction(AppendOnly, Signed, Base):
    """Withdraws one row, once and for good. `replaced_by`: the uid of the entry that corrects it."""

    __tablename__ = "retractions"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN citation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN entry_link_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN note_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN source_merge_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        Index("ix_retractions_recorded_at", "recorded_at"),
        NEVER_REUSED,
    )
    id: Mapped[Id]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), unique=True)
    citation_id: Mapped[int | None] = mapped_column(ForeignKey("citations.id"), unique=True)
    entry_link_id: Mapped[int | None] = mapped_column(ForeignKey("entry_links.id"), unique=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"), unique=True)
    source_merge_id: Mapped[int | None] = mapped_column(ForeignKey("source_merges.id"), unique=True)
    reason: Mapped[Prose]
    replaced_by: Mapped[str | None] = mapped_column(String(36), index=True)
    entry: Mapped[Entry | None] = relationship(foreign_keys=entry_id)
    citation: Mapped[Citation | None] = relationship(foreign_keys=citation_id)
    entry_link: Mapped[EntryLink | None] = relationship(foreign_keys=entry_link_id)
    note: Mapped[Note | None] = relationship(foreign_keys=note_id)
    source_merge: Mapped[SourceMerge | None] = relationship(foreign_keys=source_merge_id)

    @property
    def subject(self) -> Subject:
        given = (self.entry, self.citation, self.entry_link, self.note, self.source_merge)
        return next(subject for subject in given if subject is not None)

    @property
    def audit_chain(self) -> str:
        return self.subject.audit_chain


def kind_of(subject: Subject) -> str:
    """Name the relationship under which a retraction holds a subject.

    Raises: Refused where it is of a kind that is never retracted.
    """
    table = str(type(subject).__mapper__.base_mapper.local_table)
    if table not in _KINDS:
        raise Refused(Fault("entry", N_("This cannot be retracted.")))
    return _KINDS[table]


def retract(
    subject: Subject,
    *,
    reason: str,
    by: User | str,
    recorded: Recorded | None = None,
    replaced_by: str | None = None,
) -> Faults:
    """Withdraw a row and flush; give what is wrong, in which case nothing was written.

    `replaced_by` is the uid of the entry that corrects it.
    """
    session = subject.session
    kind = kind_of(subject)
    moment = moment_of(session, subject.audit_chain)  # locked before anything is looked at
    if kind == "entry":
        subject.hold()  # type: ignore[union-attr]
    with session.no_autoflush:
        faults = _faults(subject, kind, reason)
    if faults:
        return faults
    retraction = Retraction(**{kind: subject}, reason=reason.strip(), replaced_by=replaced_by)
    sign(retraction, by=by, moment=moment, recorded=recorded)
    faults.extend(replace(fault, field="retraction_reason") for fault in text_faults(retraction))
    if not faults:
        session.add(retraction)
        session.flush()
        session.expire(subject, ["retraction"])
        if kind == "entry":
            subject.touch()  # type: ignore[union-attr]
    return faults


def _faults(subject: Subject, kind: str, reason: str) -> Faults:
    faults = Faults()
    if not reason.strip():
        faults.find("retraction_reason", N_("Say why."))
    gone = select(exists().where(getattr(Retraction, kind + "_id") == subject.id))
    if subject.session.scalar(gone):
        faults.find("entry", N_("This was retracted already."))
    elif isinstance(subject, Citation) and subject.entry:
        rest = [citation for citation in subject.entry.evidence if citation is not subject]
        if not rest:
            faults.find("entry", N_("This is the entry’s last source; retract the entry itself."))
        else:
            faults.extend(subject.entry.support_faults(rest))
    return faults


def undo(subject: Subject, *, by: User) -> Faults:
    """Withdraw what one has just recorded by mistake; give what is wrong, in which case nothing was written.

    A correction is not undone: what it corrected was retracted for good, and nothing would be in force.
    """
    faults = Faults()
    if subject.recorded_by_id != by.id:
        faults.find("entry", N_("Only who recorded this can undo it. Say why, and retract it."))
    elif moment_of(subject.session, subject.audit_chain) - subject.recorded_at > UNDO:
        faults.find("entry", N_("More than ten minutes have passed. Say why, and retract it."))
    elif is_correction(subject):
        faults.find(
            "entry",
            N_(
                "A correction is not undone: what it corrected would not come back. Correct this entry again."
            ),
        )
    return faults or retract(subject, reason=UNDONE, by=by)


def is_correction(subject: Subject) -> bool:
    """Tell whether an entry took the place of another."""
    replaced = exists().where(Retraction.replaced_by == subject.uid)
    return bool(subject.session.scalar(select(replaced)))


def find_subject(session: Session, uid: str) -> Subject | None:
    """Find what can be withdrawn by its uid."""
    for kind in _KINDS.values():
        table = getattr(Retraction, kind).property.mapper.class_
        found: Subject | None = session.scalar(select(table).where(table.uid == uid))
        if found is not None:
            return found
    return None

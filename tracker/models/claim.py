"""Status claims: what a party says the status is. Never the desk's own judgement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from tracker.db import Prose, Title
from tracker.models.citation import Cite
from tracker.models.entry import Correction, Dating, Entry
from tracker.models.negotiation import Negotiation, Track
from tracker.models.party import Party
from tracker.models.recorded import Recorded
from tracker.models.refused import N_, Faults
from tracker.models.user import User
from tracker.models.vocabulary import Status, choice

if TYPE_CHECKING:
    from tracker.models.issue import Issue


class StatusClaim(Entry):
    """A party says how far an issue, or the whole talks, have come: as a status, a share or in words."""

    __tablename__ = "status_claims"
    __table_args__: Any = (CheckConstraint("share BETWEEN 0 AND 100", name="share_is_percent"),)
    __mapper_args__ = {"polymorphic_identity": "claim"}
    id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    stated_by: Mapped[Title] = mapped_column(default="")
    status: Mapped[Status | None] = mapped_column(choice(Status))
    words: Mapped[Prose] = mapped_column(default="")
    share: Mapped[int | None]
    between: Mapped[list[str]] = mapped_column(JSON, default=list)
    if TYPE_CHECKING:
        party_id: Mapped[int]
    issue: Mapped[Issue | None] = relationship()
    track: Mapped[Track | None] = relationship()
    party: Mapped[Party] = relationship()

    @validates("between")
    def _sorted(self, _key: str, codes: Iterable[str]) -> list[str]:
        return sorted(set(codes))

    def kind_faults(self) -> Faults:
        faults = self.negotiation.codes_faults("between", self.between or [])
        if self.status is None and not self.words and self.share is None:
            faults.find("words", N_("Give the claimed status, a share, or the party’s words."))
        if self.share is not None and not 0 <= self.share <= 100:
            faults.find("share", N_("A share lies between 0 and 100 per cent."))
        if self.party.negotiation is not self.negotiation:
            faults.find("party", N_("This party belongs to another negotiation."))
        if self.issue and self.issue.negotiation is not self.negotiation:
            faults.find("issue", N_("This issue belongs to another negotiation."))
        if self.track and self.track.negotiation is not self.negotiation:
            faults.find("track", N_("This track belongs to another negotiation."))
        return faults


def claim_status(
    negotiation: Negotiation,
    party: Party,
    *,
    dating: Dating,
    by: User | str,
    citing: Sequence[Cite],
    issue: Issue | None = None,
    track: Track | None = None,
    stated_by: str = "",
    status: Status | None = None,
    share: int | None = None,
    words: str = "",
    between: Sequence[str] = (),
    corrects: Correction | None = None,
    recorded: Recorded | None = None,
) -> StatusClaim:
    """Record how far a party says that an issue, or without one the whole talks, have come.

    Raises: Refused.
    """
    claim = StatusClaim(
        negotiation=negotiation,
        party=party,
        issue=issue,
        track=track,
        stated_by=stated_by.strip(),
        status=status,
        share=share,
        words=words.strip(),
        between=between,
    )
    claim.enter(
        negotiation.session, dating=dating, by=by, citing=citing, corrects=corrects, recorded=recorded
    )
    return claim

"""The first rows of the made-up record: the editor, the negotiation with its parties, and the issues."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bench.record import cast, texts
from bench.record.entries import deciding_of, has_scale, tongue_of
from bench.record.frame import MIDNIGHT, START, chance
from bench.record.ledger import Ledger
from bench.record.plans import Plans
from tracker.models import (
    Issue,
    IssueLink,
    Membership,
    Negotiation,
    Party,
    Person,
    Track,
    User,
)
from tracker.models.vocabulary import IssueLinkKind, PartyKind, Role, Visibility

CODE = "BENCH"
OPENED = MIDNIGHT + timedelta(hours=4)


def open_record(ledger: Ledger, plans: Plans, email: str, password_hash: str) -> None:
    """Write all that is there before the first act."""
    editor: dict[str, Any] = {
        "email": email,
        "name": cast.EDITOR,
        "role": Role.EDITOR,
        "password_hash": password_hash,
        "created_at": OPENED,
    }
    ledger.actor = (ledger.insert(User, OPENED, **editor), email)
    ledger.insert(
        Negotiation,
        OPENED,
        code=CODE,
        title="Talks on the river and the lake",
        summary=texts.prose(chance(plans.seed, "summary"), tongue_of(0), 400, "the Mission"),
        started_on=START,
        visibility=Visibility.PUBLIC,
        single_undertaking=True,
        recorded_at=OPENED,
    )
    _open_parties(ledger, plans.size.parties)
    for code, title, codes in cast.TRACKS:
        ledger.insert(Track, OPENED, negotiation_id=1, code=code, title=title, parties=codes)
    for number in range(1, plans.size.issues + 1):
        _open_issue(ledger, plans, number)
        ledger.flush_if_full()
    for number in range(1, plans.size.issues + 1):
        _link(ledger, number)


def _open_parties(ledger: Ledger, count: int) -> None:
    ids = {}
    for number, (code, name, aliases, kind, role) in enumerate(cast.PARTIES[:count], start=1):
        ids[code] = ledger.insert(
            Party,
            OPENED,
            negotiation_id=1,
            code=code,
            name=name,
            short_name=name.rpartition(" ")[2] if kind is not PartyKind.BLOC else "",
            aliases=aliases,
            kind=kind,
            role=role,
            ordering=number,
        )
        for place, office in enumerate(("Envoy", "Deputy minister")):
            named = cast.person(number, place)
            initials = f"{named[0]}. {named.partition(' ')[2]}"
            ledger.insert(Person, OPENED, party_id=number, name=named, aliases=[initials], office=office)
    for member, bloc in cast.MEMBERS:
        if member in ids and bloc in ids:
            ledger.insert(Membership, OPENED, member_id=ids[member], bloc_id=ids[bloc], from_on=START)


def _open_issue(ledger: Ledger, plans: Plans, number: int) -> None:
    """Write an issue as it ends: what moves its version is told as it comes."""
    luck = chance(plans.seed, "issue", number)
    tongue = tongue_of(number)
    title = texts.title(luck, tongue)
    scale: dict[str, Any] = {"scale_unit": "months", "scale_low": "at once", "scale_high": "in five years"}
    scale |= {"scale_from": 0.0, "scale_to": 60.0}
    ledger.insert(
        Issue,
        OPENED,
        first={"version": 1},
        negotiation_id=1,
        number=number,
        title=title,
        question=tongue.question.format(title=title),
        proposition=tongue.proposition.format(title=title),
        description=texts.prose(luck, tongue, 400),
        topic=cast.TOPICS[number % len(cast.TOPICS)],
        ordering=number,
        lead_id=1 if number % 4 == 1 else None,
        deciding_parties=deciding_of(number),
        version=plans.version_of(number),
        recorded_at=OPENED,
        **(scale if has_scale(number) else {}),
    )


def _link(ledger: Ledger, number: int) -> None:
    """Link an issue to one before it, here and there; never across the end of the first twelve."""
    for rest, kind, distance in ((2, IssueLinkKind.CONDITIONAL_ON, 1), (5, IssueLinkKind.PART_OF, 4)):
        if number % 6 == rest:
            ledger.insert(IssueLink, OPENED, from_id=number, kind=kind, to_id=number - distance)

"""The interchange form `negotiation-tracker/1`: the keys of each object, and how their values are read.

The order of the keys is the one in which an export writes them. docs/data.md describes the form.
"""

from __future__ import annotations

import re

from tracker.db import PROSE, TEXT, TITLE
from tracker.exchange.shapes import (
    Shape,
    day,
    each,
    flag,
    matching,
    may,
    moment,
    need,
    number,
    one,
    several,
    text,
    uid,
    whole,
    word,
)
from tracker.models.issue import NUMBER_LIMIT
from tracker.models.negotiation import CODE, PARTY_CODE
from tracker.models.refused import N_
from tracker.models.source import LANGUAGE
from tracker.models.vocabulary import (
    Credibility,
    DayBasis,
    Directness,
    EntryLinkKind,
    EventKind,
    EventState,
    Firmness,
    Handling,
    InboxState,
    IssueLinkKind,
    Level,
    Movement,
    NoteKind,
    PartyKind,
    PartyRole,
    Reliability,
    SourceKind,
    Stance,
    Standing,
    Status,
    Translator,
    Visibility,
)

FORMAT = "negotiation-tracker/1"
_ADDRESS, _CLAUSE_NUMBER, _ORDER = 2000, 32, 1_000_000

title, prose = text(TITLE), text(PROSE)
code = matching(PARTY_CODE, N_("A code has small letters, digits and hyphens, a letter first."))
issue = whole(1, NUMBER_LIMIT)
this_format = matching(
    re.compile(re.escape(FORMAT)), N_("This is not a file of the form negotiation-tracker/1.")
)

SIGNATURE: Shape = {"recorded_at": may(moment), "recorded_by": may(title)}

NEGOTIATION: Shape = {
    "code": need(matching(CODE, N_("A code has 2 to 12 capital letters and digits, a letter first."))),
    "title": need(title),
    "summary": may(prose, ""),
    "started_on": may(day),
    "ended_on": may(day),
    "visibility": may(word(Visibility), Visibility.INTERNAL),
    "handling": may(word(Handling), Handling.CLEAR),
    "single_undertaking": may(flag, False),
    "published_at": may(moment),
}
PARTY: Shape = {
    "code": need(code),
    "name": need(title),
    "short_name": may(title, ""),
    "aliases": may(each(title), ()),
    "kind": may(word(PartyKind), PartyKind.STATE),
    "role": may(word(PartyRole), PartyRole.PARTY),
    "from": may(day),
    "until": may(day),
}
TRACK: Shape = {"code": need(code), "title": need(title), "parties": may(several(code), ())}
MEMBERSHIP: Shape = {"member": need(code), "bloc": need(code), "from": may(day), "until": may(day)}
PERSON: Shape = {
    "name": need(title),
    "aliases": may(each(title), ()),
    "party": need(code),
    "office": may(title, ""),
}
_WORDS, _ENDS = may(title, ""), may(number)
SCALE: Shape = {"unit": _WORDS, "low": _WORDS, "high": _WORDS, "from": _ENDS, "to": _ENDS}
ISSUE: Shape = {
    "number": need(issue),
    "title": need(title),
    "question": may(prose, ""),
    "proposition": may(prose, ""),
    "description": may(prose, ""),
    "topic": may(title, ""),
    "deciding_parties": may(several(code)),
    "scale": may(one(SCALE)),
    "order": may(whole(0, _ORDER), 0),
}
ISSUE_LINK: Shape = {"from": need(issue), "kind": need(word(IssueLinkKind)), "to": need(issue)}
SOURCE: Shape = {
    "uid": may(uid),
    "ref": need(title),
    "kind": may(word(SourceKind), SourceKind.ARTICLE),
    "title": need(title),
    "publisher": may(title, ""),
    "origin": may(title, ""),
    "authors": may(each(title), ()),
    "language": may(matching(LANGUAGE, N_("Write the language as a code: en, uk, zh-Hant.")), ""),
    "url": may(text(_ADDRESS), ""),
    "archived_url": may(text(_ADDRESS), ""),
    "published_on": may(day),
    "accessed_on": may(day),
    "text": may(text(TEXT)),
    "free_to_show": may(flag, False),
    "reliability": may(word(Reliability), Reliability.F),
    "handling": may(word(Handling), Handling.CLEAR),
    "inbox_state": may(word(InboxState)),
    "inbox_reason": may(prose),
    **SIGNATURE,
}
CITATION: Shape = {
    "uid": may(uid),
    "source": need(title),
    "quote": may(prose, ""),
    "is_checked": may(flag),
    "translation": may(prose, ""),
    "translated_by": may(word(Translator)),
    "locator": may(title, ""),
    "credibility": may(whole(1, 6), int(Credibility.NOT_JUDGED)),
    "directness": may(word(Directness), Directness.REPORTED),
    **SIGNATURE,
}
CITATIONS = may(each(one(CITATION)), ())
EVENT: Shape = {
    "uid": may(uid),
    "ref": need(title),
    "kind": may(word(EventKind), EventKind.OTHER),
    "state": may(word(EventState), EventState.HELD),
    "title": need(title),
    "starts_on": need(day),
    "ends_on": may(day),
    "place": may(title, ""),
    "participants": may(several(code), ()),
    "track": may(code),
    **SIGNATURE,
    "citations": CITATIONS,
}
CLAUSE: Shape = {
    "number": need(text(_CLAUSE_NUMBER)),
    "text": need(prose),
    "issues": may(several(issue), ()),
    "locator": may(title, ""),
    "recorded_at": may(moment),
}
PROPOSAL: Shape = {
    "uid": may(uid),
    "ref": may(title),
    "title": need(title),
    "tabled_by": may(several(code), ()),
    "tabled_on": may(day),
    "track": may(code),
    "source": may(title),
    **SIGNATURE,
    "clauses": may(each(one(CLAUSE)), ()),
}
ENTRY: Shape = {
    "effective_on": need(day),
    "effective_words": may(title, ""),
    "day_basis": may(word(DayBasis), DayBasis.STATED),
    "event": may(title),
    **SIGNATURE,
    "first_recorded_at": may(moment),
    "citations": CITATIONS,
}
STATUS_CHANGE: Shape = {
    "uid": may(uid),
    "issue": need(issue),
    "track": may(code),
    "status": need(word(Status)),
    "level": may(word(Level)),
    "agreed_between": may(several(code), ()),
    "deciding_parties": may(several(code)),
    "subject_to": may(prose, ""),
    # Named here for their place in the order alone: the reason stands among them.
    "effective_on": ENTRY["effective_on"],
    "effective_words": ENTRY["effective_words"],
    "day_basis": ENTRY["day_basis"],
    "reason": may(prose, ""),
    **ENTRY,
}
CLAIM: Shape = {
    "uid": may(uid),
    "party": need(code),
    "issue": may(issue),
    "track": may(code),
    "stated_by": may(title, ""),
    "status": may(word(Status)),
    "words": may(prose, ""),
    "share": may(whole(0, 100)),
    "between": may(several(code), ()),
    **ENTRY,
}
ANSWERED: Shape = {"proposal": need(title), "number": need(text(_CLAUSE_NUMBER))}
POSITION: Shape = {
    "uid": may(uid),
    "issue": need(issue),
    "party": need(code),
    "clause": may(one(ANSWERED)),
    "movement": may(word(Movement), Movement.UNJUDGED),
    "standing": may(word(Standing), Standing.LINE),
    "stance": need(word(Stance)),
    "condition": may(prose, ""),
    "firmness": may(word(Firmness), Firmness.UNKNOWN),
    "summary": need(prose),
    "stated_by": may(title, ""),
    "value": may(number),
    **ENTRY,
}
REVIEW: Shape = {
    "uid": may(uid),
    "issue": need(issue),
    "checked_on": need(day),
    "note": may(prose, ""),
    **SIGNATURE,
}
ENTRY_LINK: Shape = {
    "uid": may(uid),
    "from": need(uid),
    "kind": need(word(EntryLinkKind)),
    "to": need(uid),
    **SIGNATURE,
}
QUOTE_CHECK: Shape = {"uid": may(uid), "citation": need(uid), "is_found": need(flag), **SIGNATURE}
NOTE: Shape = {
    "uid": may(uid),
    "issue": need(issue),
    "kind": may(word(NoteKind), NoteKind.ASSESSMENT),
    "text": need(prose),
    "owner": may(title, ""),
    "due_on": may(day),
    **SIGNATURE,
}
SOURCE_MERGE: Shape = {
    "uid": may(uid),
    "from": need(title),
    "into": need(title),
    "reason": need(prose),
    **SIGNATURE,
}
RETRACTION: Shape = {
    "uid": may(uid),
    **{subject: may(uid) for subject in ("entry", "citation", "link", "note", "merge")},
    "reason": need(prose),
    "replaced_by": may(uid),
    **SIGNATURE,
}
LISTS: dict[str, Shape] = {
    "parties": PARTY,
    "tracks": TRACK,
    "memberships": MEMBERSHIP,
    "people": PERSON,
    "issues": ISSUE,
    "issue_links": ISSUE_LINK,
    "sources": SOURCE,
    "events": EVENT,
    "proposals": PROPOSAL,
    "status_changes": STATUS_CHANGE,
    "claims": CLAIM,
    "positions": POSITION,
    "reviews": REVIEW,
    "quote_checks": QUOTE_CHECK,
    "entry_links": ENTRY_LINK,
    "notes": NOTE,
    "source_merges": SOURCE_MERGE,
    "retractions": RETRACTION,
}
DOCUMENT: Shape = {
    "format": need(this_format),
    "negotiation": need(one(NEGOTIATION)),
    **{name: may(each(one(shape)), ()) for name, shape in LISTS.items()},
}

"""The words of the record: every stored value and its label."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from sqlalchemy import Enum

from tracker.models.refused import N_


class Word(StrEnum):
    """A stored value with a label for people (translated by the door that shows it)."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


def choice(kind: type[Word]) -> Enum:
    """Make the column type of a vocabulary: its values as text, held by a CHECK."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        name=kind.__name__.lower(),
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def label(word: Any) -> str:
    """Give the label of a word that may be missing."""
    return word.label if word is not None else ""


class Status(Word):
    """The desk's status of an issue; `rank` is its rung on the ladder, None off the ladder."""

    NOT_TABLED = "not_tabled", N_("Not tabled")
    OPEN = "open", N_("Open")
    CLARIFICATION = "clarification", N_("Needs clarification")
    AGREED_IN_PRINCIPLE = "agreed_in_principle", N_("Agreed in principle")
    PROVISIONALLY_AGREED = "provisionally_agreed", N_("Provisionally agreed")
    AGREED = "agreed", N_("Agreed")
    PARKED = "parked", N_("Parked by consent")
    BLOCKED = "blocked", N_("Blocked")
    DROPPED = "dropped", N_("Dropped")
    OVERTAKEN = "overtaken", N_("Overtaken")

    @property
    def rank(self) -> int | None:
        return _RANKS.get(self.value)

    @property
    def is_agreed(self) -> bool:
        """Whether it names who agreed."""
        return (self.rank or 0) >= 2

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be agreed; what was dropped or overtaken is not."""
        return not self.is_agreed and self not in (Status.DROPPED, Status.OVERTAKEN)

    @property
    def is_standing_still(self) -> bool:
        return self in (Status.PARKED, Status.BLOCKED)


_RANKS = {
    "not_tabled": 0,
    "open": 1,
    "clarification": 1,
    "agreed_in_principle": 2,
    "provisionally_agreed": 3,
    "agreed": 4,
}


class Level(Word):
    TECHNICAL = "technical", N_("Technical level")
    POLITICAL = "political", N_("Political level")
    LEADERS = "leaders", N_("Leaders’ level")


class Stance(Word):
    PROPOSES = "proposes", N_("Proposes")
    SUPPORTS = "supports", N_("Supports")
    ACCEPTS = "accepts", N_("Can accept")
    CONDITIONAL = "conditional", N_("Accepts on a condition")
    RESERVES = "reserves", N_("Reserves")
    OPPOSES = "opposes", N_("Opposes")
    NOT_ADDRESSED = "not_addressed", N_("Not addressed")


class Firmness(Word):
    UNKNOWN = "unknown", N_("Firmness not known")
    FLEXIBLE = "flexible", N_("Flexible")
    FIRM = "firm", N_("Firm")
    RED_LINE = "red_line", N_("Red line")


class Movement(Word):
    FIRST = "first", N_("First statement")
    RESTATED = "restated", N_("Restated")
    CLARIFIED = "clarified", N_("Clarified")
    HARDENED = "hardened", N_("Hardened")
    SOFTENED = "softened", N_("Softened")
    CHANGED = "changed", N_("Changed")
    UNJUDGED = "unjudged", N_("Not judged")

    @property
    def is_move(self) -> bool:
        return self not in (Movement.FIRST, Movement.RESTATED, Movement.CLARIFIED)


class Standing(Word):
    LINE = "line", N_("The party’s line")
    VOICE = "voice", N_("A voice inside it")
    LEAK = "leak", N_("A leak")


class DayBasis(Word):
    STATED = "stated", N_("The source states the day")
    PUBLISHED = "published", N_("The day of publication")
    INFERRED = "inferred", N_("Inferred")


class EventKind(Word):
    ROUND = "round", N_("Round of talks")
    LEADERS_MEETING = "leaders_meeting", N_("Meeting of leaders")
    VISIT = "visit", N_("Visit")
    CALL = "call", N_("Call")
    PROPOSAL = "proposal", N_("Proposal")
    COUNTER_PROPOSAL = "counter_proposal", N_("Counter-proposal")
    STATEMENT = "statement", N_("Statement")
    LEAK = "leak", N_("Leak")
    DECISION = "decision", N_("Decision")
    AGREEMENT = "agreement", N_("Agreement")
    DEADLINE = "deadline", N_("Deadline")
    OTHER = "other", N_("Other")


class EventState(Word):
    PLANNED = "planned", N_("Planned")
    HELD = "held", N_("Held")
    CANCELLED = "cancelled", N_("Cancelled")


class SourceKind(Word):
    ARTICLE = "article", N_("Article")
    OFFICIAL_DOCUMENT = "official_document", N_("Official document")
    TRANSCRIPT = "transcript", N_("Transcript")
    STATEMENT = "statement", N_("Statement")
    SOCIAL_POST = "social_post", N_("Social media post")
    DATASET = "dataset", N_("Dataset")
    INTERNAL_NOTE = "internal_note", N_("Internal note")


class Reliability(Word):
    """How far a source can be relied on; F until somebody judges. Source: NATO AJP-2.1 (Admiralty code)."""

    A = "A", N_("A - completely reliable")
    B = "B", N_("B - usually reliable")
    C = "C", N_("C - fairly reliable")
    D = "D", N_("D - not usually reliable")
    E = "E", N_("E - unreliable")
    F = "F", N_("F - not judged, or cannot be judged")


class Credibility(Word):
    """How credible a piece of information is, as a number; 6 until somebody judges. Source: NATO AJP-2.1."""

    CONFIRMED = "1", N_("1 - confirmed by other sources")
    PROBABLE = "2", N_("2 - probably true")
    POSSIBLE = "3", N_("3 - possibly true")
    DOUBTFUL = "4", N_("4 - doubtful")
    IMPROBABLE = "5", N_("5 - improbable")
    NOT_JUDGED = "6", N_("6 - not judged, or cannot be judged")


class Directness(Word):
    OFFICIAL_TEXT = "official_text", N_("Official text")
    ON_RECORD = "on_record", N_("On the record")
    REPORTED = "reported", N_("Reported")
    ANONYMOUS = "anonymous", N_("Anonymous source")
    ANALYSIS = "analysis", N_("The author’s analysis")


class Translator(Word):
    OFFICIAL = "official", N_("Official translation")
    PUBLISHER = "publisher", N_("Translated by the publisher")
    DESK = "desk", N_("Translated by the desk")
    MACHINE = "machine", N_("Machine translation")


class InboxState(Word):
    """What the desk does with a source that nothing rests on yet; none: it is new."""

    IN_WORK = "in_work", N_("In work")
    SET_ASIDE = "set_aside", N_("Set aside")


class Handling(Word):
    """How far something may be passed on. Source: FIRST, Traffic Light Protocol 2.0."""

    CLEAR = "clear", N_("TLP:CLEAR")
    GREEN = "green", N_("TLP:GREEN")
    AMBER = "amber", N_("TLP:AMBER")
    AMBER_STRICT = "amber_strict", N_("TLP:AMBER+STRICT")
    RED = "red", N_("TLP:RED")


class Visibility(Word):
    PUBLIC = "public", N_("Public")
    INTERNAL = "internal", N_("Internal: all who sign in")
    RESTRICTED = "restricted", N_("Restricted: named members")


class PartyKind(Word):
    STATE = "state", N_("State")
    ORGANISATION = "organisation", N_("Organisation")
    BLOC = "bloc", N_("Bloc")
    ARMED_GROUP = "armed_group", N_("Armed group")
    OTHER = "other", N_("Other")


class PartyRole(Word):
    PARTY = "party", N_("Party")
    MEDIATOR = "mediator", N_("Mediator")
    GUARANTOR = "guarantor", N_("Guarantor")
    HOST = "host", N_("Host")
    OBSERVER = "observer", N_("Observer")
    SUPPORTER = "supporter", N_("Supporter")


class Role(Word):
    """What a user may do; each role includes the ones before it."""

    VIEWER = "viewer", N_("Viewer")
    EDITOR = "editor", N_("Editor")
    ADMIN = "admin", N_("Administrator")


class Theme(Word):
    """In which colours somebody reads; `system`: those that their device asks for."""

    SYSTEM = "system", N_("As the device is set")
    LIGHT = "light", N_("Light")
    DARK = "dark", N_("Dark")


class IssueLinkKind(Word):
    PART_OF = "part_of", N_("Part of")
    SPLIT_FROM = "split_from", N_("Split from")
    MERGED_INTO = "merged_into", N_("Merged into")
    CONDITIONAL_ON = "conditional_on", N_("Conditional on")
    PACKAGE = "package", N_("In one package with")

    @property
    def inverse(self) -> str:
        """The label as the issue at the other end has it."""
        return _INVERSES[self.value]


_INVERSES = {
    "part_of": N_("Has as a part"),
    "split_from": N_("Split into"),
    "merged_into": N_("Merged from"),
    "conditional_on": N_("Condition for"),
    "package": N_("In one package with"),
}


class EntryLinkKind(Word):
    CONTRADICTS = "contradicts", N_("Contradicts")
    DENIES = "denies", N_("Denies")
    CONFIRMS = "confirms", N_("Confirms")


class NoteKind(Word):
    ASSESSMENT = "assessment", N_("Assessment")
    QUESTION = "question", N_("Open question")
    ACTION = "action", N_("Action")

    @property
    def can_be_open(self) -> bool:
        """Whether something is still to be done about it, until it is settled."""
        return self is not NoteKind.ASSESSMENT

"""The facts: tables and every rule of the domain. No Flask here.

Loading this package maps all tables, so that relationships named by string are found, and sets the
listeners that hold the rules.
"""

from tracker.models import publication, search  # noqa: F401 - their listeners hold who sees and finds what
from tracker.models.audit import AuditEntry, AuditHead, act_as
from tracker.models.citation import Citation, Cite
from tracker.models.claim import StatusClaim
from tracker.models.entry import Correction, Dating, Entry
from tracker.models.entry_link import EntryLink
from tracker.models.event import Event
from tracker.models.filing import Filing
from tracker.models.form_token import FormToken
from tracker.models.issue import Issue
from tracker.models.issue_link import IssueLink
from tracker.models.job import Job
from tracker.models.link_check import LinkCheck
from tracker.models.negotiation import Grant, Negotiation, Track
from tracker.models.note import Note
from tracker.models.party import Membership, Party, Person
from tracker.models.position import Position
from tracker.models.preference import Preference
from tracker.models.proposal import Clause, ClauseIssue, Proposal
from tracker.models.quote_check import QuoteCheck
from tracker.models.recorded import Recorded
from tracker.models.refused import Conflict, Fault, Faults, Refused
from tracker.models.retraction import Retraction
from tracker.models.review import Review
from tracker.models.saved_view import SavedView
from tracker.models.source import Source
from tracker.models.source_merge import SourceMerge
from tracker.models.status import StatusChange
from tracker.models.user import SignInAttempt, User, UserSession
from tracker.models.visit import Visit

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Citation",
    "Cite",
    "Clause",
    "ClauseIssue",
    "Conflict",
    "Correction",
    "Dating",
    "Entry",
    "EntryLink",
    "Event",
    "Fault",
    "Faults",
    "Filing",
    "FormToken",
    "Grant",
    "Issue",
    "IssueLink",
    "Job",
    "LinkCheck",
    "Membership",
    "Negotiation",
    "Note",
    "Party",
    "Person",
    "Position",
    "Preference",
    "Proposal",
    "QuoteCheck",
    "Recorded",
    "Refused",
    "Retraction",
    "Review",
    "SavedView",
    "SignInAttempt",
    "Source",
    "SourceMerge",
    "StatusChange",
    "StatusClaim",
    "Track",
    "User",
    "UserSession",
    "Visit",
    "act_as",
]

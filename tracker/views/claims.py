"""Claims: what the parties say the status is, on one issue or of the whole talks."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from tracker.db import db
from tracker.models import Issue, Negotiation, Party, StatusClaim, Track
from tracker.models.claim import claim_status
from tracker.models.refused import N_, Faults, Refused
from tracker.models.vocabulary import Role, Status
from tracker.queries.claims import claim_history
from tracker.views import access
from tracker.views.access import allow
from tracker.views.beginnings import begins_with
from tracker.views.choosing import issue_of, people_of, track_of, tracks_of
from tracker.views.citing import EntryForm
from tracker.views.extracts import back
from tracker.views.forms import ChoiceField, CodesField, NumberField, TextField, WordField, stripped
from tracker.views.issues import answer
from tracker.views.languages import gettext as _
from tracker.views.languages import lazy_gettext as _l
from tracker.views.rendering import (
    PageView,
    address_without,
    issue_or_404,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
)
from tracker.views.retractions import told

blueprint = Blueprint("claims", __name__)


class ShareField(NumberField):
    """Per cent as people type them: 90, or 90 %."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        super().process_formdata([typed.strip().removesuffix("%")])
        self.data = typed
        if self.number is not None and not self.number.is_integer():
            raise ValueError(_("Give the share as a whole number of per cent."))

    @property
    def share(self) -> int | None:
        """The whole number."""
        return None if self.number is None else int(self.number)


class ClaimForm(EntryForm):
    """A claim as typed. On the page of an issue it is about that issue."""

    party = ChoiceField(_l("Whose claim"))
    stated_by = TextField(_l("Said by"))
    status = WordField(_l("Status claimed"), Status, empty="None named")
    share = ShareField(_l("Share agreed, per cent"))
    words = TextAreaField(_l("The claim in words"), filters=[stripped])
    between = CodesField(_l("Between whom"))
    track = ChoiceField(_l("For"))
    issue = TextField(_l("About which issue"))

    def missing(self) -> Faults:
        faults = super().missing()
        if not self.party.data:
            faults.find("party", N_("Say whose claim it is."))
        return faults

    def fill_party(self, negotiation: Negotiation) -> None:
        """Take the party of the person who is named, where none is chosen and the name is one party's."""
        if self.party.data or not self.stated_by.text:
            return
        named = [person for person in people_of(negotiation) if person.is_called(self.stated_by.text)]
        codes = {person.party.code for person in named}
        if len(codes) == 1:
            self.party.data = codes.pop()

    def about(
        self, negotiation: Negotiation, issue: Issue | None
    ) -> tuple[Party, Issue | None, Track | None]:
        """Give whose claim it is, and on what.

        Raises: Refused.
        """
        faults = Faults()
        party, track = negotiation.party(self.party.data or ""), None
        if party is None:
            faults.find("party", N_("There is no such party in this negotiation."))
        try:
            track = track_of(self.track.data, negotiation)
        except Refused as refused:
            faults.extend(refused.faults)
        if issue is None and self.issue.text:
            issue = issue_of(self.issue.text, negotiation)
            if issue is None or issue.negotiation is not negotiation:
                faults.find("issue", N_("There is no such issue. Write its key, as in UA-3."))
        faults.refuse()
        assert party is not None  # or it was refused
        return party, issue, track

    def take(self, claim: StatusClaim) -> None:
        """Fill in what the claim to correct says."""
        self.begin_correction(claim)
        self.party.data = claim.party.code
        self.track.data = claim.track.code if claim.track else ""
        self.issue.data = claim.issue.key if claim.issue else ""
        self.share.process_data(claim.share)
        for name in ("stated_by", "status", "words", "between"):
            self[name].data = getattr(claim, name)

    def offer_words(self, negotiation: Negotiation) -> None:
        """Fill the choices that depend on the negotiation."""
        self.offer(negotiation)
        parties = [(party.code, party.label) for party in negotiation.parties]
        self.party.choices = [("", _("Choose the party")), *parties]
        self.between.choices = parties
        self.track.choices = tracks_of(negotiation)


def _place(code: str, key: str) -> tuple[Negotiation, Issue | None]:
    """Find what the address is about: an issue, or a negotiation as a whole."""
    if not key:
        return negotiation_or_404(code), None
    issue = issue_or_404(key)
    return issue.negotiation, issue


@blueprint.get("/negotiations/<code>/claims")
@blueprint.get("/issues/<key>/claims")
@allow(None)
def index(code: str = "", key: str = "") -> Response:
    """List the claims of a negotiation, or on one issue, newest first."""
    negotiation, issue = _place(code, key)
    view = PageView(negotiation)
    found = claim_history(db.session(), negotiation, view.seen, access.user(), issue, page=page_number())
    return page(
        "claims/index.html",
        negotiation=negotiation,
        issue=issue,
        view=view,
        found=found,
        names=negotiation.names,
        address=address_without("page"),
        may_edit=access.is_editor() and not view.is_past,
        begins="" if found.records else begins_with(negotiation),
    )


@blueprint.get("/negotiations/<code>/claims/new")
@blueprint.get("/issues/<key>/claims/new")
@allow(Role.EDITOR)
def new(code: str = "", key: str = "") -> Response:
    """Show the form, empty but for what the address names, or filled with the claim to correct."""
    negotiation, issue = _place(code, key)
    form = ClaimForm()
    uid = request.args.get("corrects")
    if uid:
        about = (StatusClaim.negotiation_id == negotiation.id, StatusClaim.issue_id == (issue and issue.id))
        form.take(db.session.scalar(select(StatusClaim).where(StatusClaim.uid == uid, *about)) or abort(404))
    else:
        form.begin(negotiation)
        form.words.data = form.citations[0].form.quote.data
        for name in ("party", "track", "issue"):
            form[name].data = request.args.get(name, "")
    return _show(negotiation, issue, form, 200)


@blueprint.post("/negotiations/<code>/claims")
@blueprint.post("/issues/<key>/claims")
@allow(Role.EDITOR)
def create(code: str = "", key: str = "") -> Response:
    """Record the claim."""
    negotiation, issue = _place(code, key)
    form = ClaimForm()
    form.fill_party(negotiation)
    made: list[StatusClaim] = []

    def act() -> str:
        party, on, track = form.about(negotiation, issue)
        claim = claim_status(
            negotiation,
            party,
            issue=on,
            track=track,
            stated_by=form.stated_by.text,
            status=form.status.data,
            share=form.share.share,
            words=form.words.data or "",
            between=form.between.data or [],
            dating=form.dating(negotiation),
            by=access.signed_in(),
            citing=form.cites(negotiation),
            corrects=form.correction(negotiation),
        )
        form.remember(on, party)
        made.append(claim)
        if on:
            return url_for("issues.show", key=on.key) + "#claims"
        return url_for("claims.index", code=negotiation.code)

    def done(location: str) -> Response:
        say(told(_words(made[0]) if made else "", made, form.next.data))
        if issue and not form.next.data:
            return answer(issue, "claims")
        return back(form, location)

    return save(form, act, again=lambda status: _show(negotiation, issue, form, status), done=done)


def _words(claim: StatusClaim) -> str:
    place = claim.issue.key if claim.issue else _("the whole talks")
    return str(_("Claim of %(party)s on %(place)s: recorded.", party=claim.party.label, place=place))


def _show(negotiation: Negotiation, issue: Issue | None, form: ClaimForm, status: int) -> Response:
    form.offer_words(negotiation)
    return page(
        "claims/new.html",
        fragment="claim_form",
        status=status,
        negotiation=negotiation,
        issue=issue,
        about={"key": issue.key} if issue else {"code": negotiation.code},
        form=form,
        people=people_of(negotiation),
    )

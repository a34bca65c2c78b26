"""Visits: up to when the one who asks knew a negotiation. A stranger's are kept in the browser."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

from flask import after_this_request, current_app, request, url_for
from sqlalchemy import Insert, Update, insert, update
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response

from tracker.db import db, now, writing
from tracker.models import Negotiation, User, Visit
from tracker.models.visit import is_due, seen_again
from tracker.views import access

#: When a stranger was last here and, where there was one, when the visit before it ended: seconds since 1970.
_KEPT = re.compile(r"(\d{1,11})(?:\.(\d{1,11}))?", re.ASCII)
_A_YEAR = 365 * 24 * 3600


def last_visit(negotiation: Negotiation) -> datetime | None:
    """Note that the one who asks is here, and tell when they last were before; None: never.

    Called by the pages about many issues: state of play, compare, changes, timeline, distance.
    """
    who, moment = access.user(), now()
    return _of_user(who, negotiation, moment) if who else _of_stranger(negotiation, moment)


def _of_user(who: User, negotiation: Negotiation, moment: datetime) -> datetime | None:
    found = Visit.find(db.session(), who.id, negotiation.id)
    seen_at, before_at = (found.seen_at, found.before_at) if found else (None, None)
    before = seen_again(seen_at, before_at, moment)
    if is_due(seen_at, moment):
        values = {"seen_at": moment, "before_at": before}
        here = {"user_id": who.id, "negotiation_id": negotiation.id}
        note: Insert | Update
        if found:
            note = update(Visit).where(Visit.id == found.id, Visit.seen_at == seen_at).values(**values)
        else:
            note = insert(Visit).values(**here, **values)
        # A transaction of its own, which waits but a moment: reading goes on while another writes for long.
        failures = suppress(OperationalError, IntegrityError)
        with failures, writing(wait=0.1), db.engine.begin() as connection:
            connection.execute(note)
    return before


def _of_stranger(negotiation: Negotiation, moment: datetime) -> datetime | None:
    name = f"visit-{negotiation.code}"
    kept = _KEPT.fullmatch(request.cookies.get(name, ""))
    seen_at, before_at = (_moment(word, moment) for word in kept.groups()) if kept else (None, None)
    before = seen_again(seen_at, before_at, moment)
    if is_due(seen_at, moment):
        words = ".".join(str(int(each.timestamp())) for each in (moment, before) if each)
        path = url_for("negotiations.show", code=negotiation.code)

        @after_this_request
        def keep(response: Response) -> Response:
            response.set_cookie(
                name,
                words,
                max_age=_A_YEAR,
                path=path,
                secure=current_app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )
            return response

    return before


def _moment(word: str | None, moment: datetime) -> datetime | None:
    """Read a moment that a browser kept; one that lies ahead was not put there by us."""
    if not word or int(word) > moment.timestamp():
        return None
    return datetime.fromtimestamp(int(word), UTC)

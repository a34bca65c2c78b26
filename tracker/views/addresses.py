"""Addresses: the parties, issues and days they name. What cannot be read, or is not there, is 400."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, request

from tracker.dates import Unreadable, View, read_day
from tracker.models import Negotiation, Party
from tracker.views.languages import gettext as _


def asked_parties(negotiation: Negotiation) -> list[Party]:
    """Give the parties of the address in its order, each once; none named: all, in their own order."""
    parties = {party.code: party for party in negotiation.parties}
    codes = dict.fromkeys(code for code in request.args.getlist("party") if code)
    for code in codes:
        if code not in parties:
            abort(400, "party: " + _("There is no party “%(code)s” in this negotiation.", code=code[:60]))
    return [parties[code] for code in codes] or [*negotiation.parties]


def asked_numbers(negotiation: Negotiation) -> list[int]:
    """Read the keys of issues, each once, as numbers."""
    numbers = []
    for key in request.args.getlist("issue"):
        match = re.fullmatch(rf"{negotiation.code}-([1-9]\d{{0,4}})", key, re.ASCII)
        if key and not match:
            abort(400, "issue: " + _("“%(key)s” is not the key of an issue here.", key=key[:60]))
        numbers += [int(match[1])] if match else []
    return [*dict.fromkeys(numbers)]


def hold_known(negotiation: Negotiation, numbers: list[int], known: Mapping[int, Any]) -> None:
    """Refuse numbers that belong to no issue of the negotiation."""
    for number in numbers:
        if number not in known:
            abort(400, "issue: " + _("There is no issue %(key)s.", key=f"{negotiation.code}-{number}"))


def asked_since(view: View) -> date | None:
    """Read the day to look back to; it does not lie after the day that is looked from."""
    words = request.args.get("since", "")
    try:
        day = read_day(words) if words else None
    except Unreadable as error:
        abort(400, f"since: {_(str(error))}")
    if day and day > view.day:
        abort(400, "since: " + _("This day lies after the day that is looked from."))
    return day

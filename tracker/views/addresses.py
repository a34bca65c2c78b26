"""Addresses: the parties, issues and days they name. What cannot be read, or is not there, is 400."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, request

from tracker.config import is_loopback
from tracker.dates import Unreadable, View, read_day
from tracker.db import db
from tracker.models import Event, Negotiation, Party, Proposal, Source
from tracker.queries.comparison import unknown_issues
from tracker.text import whole_number
from tracker.views import access
from tracker.views.languages import gettext as _
from tracker.views.rendering import address_of, negotiation_or_404

Row = TypeVar("Row", Event, Proposal)
#: The id of a row, in the rule of an address.
ID = "<int(max=2147483647):id>"


def entry_address(
    code: str,
    issue: int | str | None,
    uid: str,
    day: date,
    write: Callable[..., str] = address_of,
    **kept: str,
) -> str:
    """Write where an entry stands: on the page of its issue, or among the claims on the whole talks.

    These are listed page by page: as of its day, this one stands on the first. `issue`: its number.
    """
    if issue:
        page = write("issues.show", **kept, key=f"{code}-{issue}")
    else:
        page = write("claims.index", **kept | {"code": code, "as_of": day.isoformat()})
    return f"{page}#e-{uid}"


def public(address: str) -> str:
    """Write an address of ours whole: as people type it, or as it was asked for on this machine."""
    typed: str = current_app.config["PUBLIC_URL"]
    root = request.host_url if is_loopback(urlsplit(typed).hostname) else typed
    return root.rstrip("/") + address


def refuse(name: str, told: str) -> NoReturn:
    """Answer 400 with the name of the argument and the reason."""
    abort(400, f"{name}: {told}")


def named(name: str) -> list[str]:
    """Give the values of an argument that may be repeated, each once."""
    return [*dict.fromkeys(value for value in request.args.getlist(name) if value)]


def asked_words(name: str, choices: Collection[str]) -> list[str]:
    """Give the words of an argument that may be repeated; each is one of the choices."""
    words = named(name)
    for word in words:
        if word not in choices:
            refuse(name, _("“%(word)s” is not one of the choices.", word=word[:60]))
    return words


def asked_word(name: str, choices: Collection[str], usual: str = "") -> str:
    """Give the word of an argument, one of the choices; none given: the usual one."""
    word = request.args.get(name) or usual
    if word != usual and word not in choices:
        refuse(name, _("“%(word)s” is not one of the choices.", word=word[:60]))
    return word


def asked_number(name: str, usual: int, least: int, most: int) -> int:
    """Read a whole number between two others."""
    typed = request.args.get(name, "")
    number = whole_number(typed) if typed else usual
    if number is None or not least <= number <= most:
        refuse(name, _("This is not a number from %(least)s to %(most)s.", least=least, most=most))
    return number


def asked_day(name: str, read: Callable[[str], date] = read_day) -> date | None:
    """Read a day."""
    typed = request.args.get(name, "")
    try:
        return read(typed) if typed else None
    except Unreadable as error:
        refuse(name, _(str(error)))


def asked_topics(topics: Collection[str]) -> tuple[str, ...]:
    """Give the topics of the address; each is the negotiation's."""
    for topic in named("topic"):
        hold_topic(topic, topics)
    return tuple(named("topic"))


def hold_topic(topic: str, topics: Collection[str]) -> None:
    """Refuse a topic that no issue of the negotiation has."""
    if topic not in topics:
        refuse("topic", _("There is no topic “%(topic)s” in this negotiation.", topic=topic[:60]))


def asked_negotiation() -> Negotiation | None:
    """Read `negotiation=` from the address; what one may not see is 400."""
    code = request.args.get("negotiation", "")
    if not code:
        return None
    found = Negotiation.find(db.session(), code, access.user())
    return found or refuse("negotiation", _("There is no negotiation “%(code)s”.", code=code[:60]))


def asked_parties(negotiation: Negotiation) -> list[Party]:
    """Give the parties of the address in its order; none named: all, in their own order."""
    parties = {party.code: party for party in negotiation.parties}
    codes = named("party")
    for code in codes:
        if code not in parties:
            refuse("party", _("There is no party “%(code)s” in this negotiation.", code=code[:60]))
    return [parties[code] for code in codes] or [*negotiation.parties]


def asked_numbers(negotiation: Negotiation) -> list[int]:
    """Read the keys of issues as numbers."""
    numbers = []
    for key in named("issue"):
        match = re.fullmatch(rf"{negotiation.code}-([1-9]\d{{0,4}})", key, re.ASCII)
        if not match:
            refuse("issue", _("“%(key)s” is not the key of an issue here.", key=key[:60]))
        numbers.append(int(match[1]))
    return numbers


def asked_issues(negotiation: Negotiation) -> tuple[int, ...]:
    """Read the keys of issues as numbers; each must be there."""
    numbers = asked_numbers(negotiation)
    unknown = unknown_issues(db.session(), negotiation, numbers) if numbers else []
    hold_known(negotiation, unknown, {})
    return tuple(numbers)


def hold_known(negotiation: Negotiation, numbers: Sequence[int], known: Mapping[int, Any]) -> None:
    """Refuse numbers that belong to no issue of the negotiation."""
    for number in numbers:
        if number not in known:
            refuse("issue", _("There is no issue %(key)s.", key=f"{negotiation.code}-{number}"))


def asked_since(view: View) -> date | None:
    """Read the day to look back to; it does not lie after the day that is looked from."""
    day = asked_day("since")
    if day and day > view.day:
        refuse("since", _("This day lies after the day that is looked from."))
    return day


def row_or_404(kind: type[Row], code: str, id_: int) -> Row:
    """Find the event or proposal of an address, as far as the one who asks may see it."""
    negotiation = negotiation_or_404(code)
    row = db.session.get(kind, id_)
    return row if row and row.negotiation is negotiation else abort(404)


def source_or_404(id_: int) -> Source:
    """Find the source of an address, as far as the one who asks may see it."""
    return Source.find(db.session(), id_, access.user()) or abort(404)

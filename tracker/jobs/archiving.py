"""The archived copy of a source: asked from a web archive, whose answer says where the copy stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

from sqlalchemy.orm import Session

from tracker.intake.fetching import Looked, look
from tracker.intake.target import Target
from tracker.intake.web import Web
from tracker.jobs.registry import Later, Progress, means_of, work
from tracker.models import Fault, Job, Refused, Source, User
from tracker.models.alike import is_web_address
from tracker.models.archived_copy import copy_faults
from tracker.models.job import JobKind
from tracker.models.refused import N_

#: Making a copy takes an archive longer than showing a page takes others.
SECONDS = 90
#: The letters of an address that a source keeps.
URL = 2000
GONE = N_("The source is not there any more, or may not be seen any more by who asked.")
OTHER = N_("The address of the source was changed meanwhile: ask again.")
NOWHERE = N_("The archive did not say where its copy is.")
FORBIDDEN = N_("TRACKER_FETCH does not let the archive be asked.")
_MEMENTO = re.compile(r"""<([^<>]+)>[^<]*;\s*rel="?(?:[a-z]+ )*memento(?:"|[ ;,]|$)""")


@work(JobKind.ARCHIVE)
def archive(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
    """Ask for a copy of a source, and keep its address with the source, as an edit by who asked."""
    means, url = means_of(session), _source(session, job).url
    progress(0, 1)
    address = copy_of(url, means.archive, means.web)
    source = _source(session, job)
    if source.url != url:
        raise Refused(Fault("", OTHER))
    source.edit({"archived_url": address})
    job.done = 1
    return {"address": address}


def _source(session: Session, job: Job) -> Source:
    """Read the source, and hold that its address may leave the house, now as when it was asked."""
    user = session.get(User, job.user_id) if job.user_id else None
    source = Source.find(session, job.asked["source"], user)
    if source is None:
        raise Refused(Fault("", GONE))
    session.refresh(source)
    copy_faults(source).refuse()
    return source


def copy_of(url: str, pattern: str, web: Web) -> str:
    """Ask the archive for a copy of an address, and give the address of that.

    Raises: Refused, Later.
    """
    address = _asking(urldefrag(url).url, pattern)
    if not web.may_ask(Target.of(address).host):
        raise Refused(Fault("", FORBIDDEN))
    try:
        answer = look(address, replace(web, seconds=SECONDS), "GET")
    except Refused as refused:
        raise Later(str(refused)) from None
    if answer.status >= 400:
        raise Later(f"The archive answered {answer.status}.")
    found = _named(answer)
    if found == address or not is_web_address(found) or len(found) > URL:
        raise Refused(Fault("", NOWHERE))
    return found


def _asking(url: str, pattern: str) -> str:
    """Put an address into the archive's pattern: as it is in the path, escaped behind a question mark."""
    is_value = "?" in pattern.partition("{url}")[0]
    return pattern.replace("{url}", quote(url, safe="") if is_value else url)


def _named(answer: Looked) -> str:
    """Read where the copy stands: as a memento (RFC 7089), by its location, or where the archive led."""
    memento = _MEMENTO.search(answer.headers.get("link", ""))
    place: str = memento[1] if memento else answer.headers.get("content-location", "")
    return urljoin(answer.address, place)

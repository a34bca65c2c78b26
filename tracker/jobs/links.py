"""The check of links: whether the addresses of sources still lead to them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.db import now
from tracker.intake.fetching import look
from tracker.intake.target import Target
from tracker.intake.web import Web
from tracker.jobs.registry import Means, Progress, means_of, work
from tracker.models import Job, LinkCheck, Refused, Source
from tracker.models.job import JobKind
from tracker.models.link_check import DEAD_AFTER
from tracker.models.refused import N_
from tracker.models.vocabulary import Handling

#: Between a look at a host and the next one there, in seconds; where an address leads on is one look.
PAUSE = 2.0
#: At most so often all is gone through; what failed is looked at again on the next day.
DAILY = timedelta(hours=20)
_BATCH = 200
#: The site answers, though not to programs: the page may well be there.
_ANSWERS = {401, 402, 403, 407, 429, 451}
NO_PAGE = N_("The site has no such page.")
NO_ANSWER = N_("The site answers with an error.")


def ask(session: Session, means: Means) -> None:
    """Ask for a check where the settings want one, some address is due and none was made today."""
    if not means.check_links:
        return
    last = session.scalar(select(func.max(Job.recorded_at)).where(Job.kind == JobKind.LINKS))
    if (last is not None and last > now() - DAILY) or Job.is_under_way(session, JobKind.LINKS):
        return
    if session.scalar(_due(means, now()).limit(1)) is not None:
        Job.add(session, JobKind.LINKS, {}, by="worker")


def _due(means: Means, moment: datetime) -> Any:
    """Ask which sources are due; of those above TLP:CLEAR no address is asked by a machine."""
    every = timedelta(days=means.check_links) - timedelta(hours=4)  # so that a late start moves no day
    is_failing = LinkCheck.failures.between(1, DEAD_AFTER - 1)
    was_checked: ColumnElement[bool] = or_(
        LinkCheck.checked_at <= moment - every,
        and_(is_failing, LinkCheck.checked_at <= moment - DAILY),
    )
    return (
        select(Source.id)
        .outerjoin(LinkCheck, LinkCheck.source_id == Source.id)
        .where(Source.url != "", Source.handling == Handling.CLEAR)
        .where(or_(LinkCheck.id.is_(None), LinkCheck.url != Source.url, was_checked))
        .order_by(LinkCheck.checked_at.nulls_first(), Source.id)
    )


@work(JobKind.LINKS)
def check(session: Session, job: Job, progress: Progress) -> dict[str, Any]:
    """Look at every address that is due, one after the other; each look is kept at once."""
    means = means_of(session)
    due = session.scalars(_due(means, now())).all()
    counts = dict((job.result or {}).get("counts", {"Looked at": 0, "Failed": 0}))
    total = job.done + len(due)
    progress(job.done, total)
    asked: dict[str, float] = {}
    for start in range(0, len(due), _BATCH):
        query = select(Source.id, Source.url).where(Source.id.in_(due[start : start + _BATCH]))
        batch = [(id_, url) for id_, url in session.execute(query)]
        progress(job.done, total)
        for id_, url in _by_turns(batch):
            seen = _look_in_turn(url, means.web, asked, partial(_is_open, session, id_, url))
            if seen is not None:
                _note(session, id_, url, *seen)
                counts["Looked at"] += 1
                counts["Failed"] += bool(seen[1])
                job.result = {"counts": dict(counts)}
            progress(job.done + 1, total)
    return {"counts": counts}


def _by_turns(batch: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Order addresses so that each host has its turn, and the pause between two of one passes by itself."""
    hosts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for id_, url in batch:
        hosts[_host(url)].append((id_, url))
    turns = chain.from_iterable(zip_longest(*hosts.values()))
    return [each for each in turns if each is not None]


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_open(session: Session, id_: int, url: str) -> bool:
    """Tell whether a source has an address still, and may be asked for by a machine; holds no lock after."""
    is_open = exists().where(Source.id == id_, Source.url == url, Source.handling == Handling.CLEAR)
    found = bool(session.scalar(select(is_open)))
    session.commit()  # nobody waits for the site
    return found


def _look_in_turn(
    url: str, web: Web, asked: dict[str, float], is_open: Callable[[], bool]
) -> tuple[int | None, str] | None:
    """Give how an address answers, and why that is a failure; "" where it is none. None: it may not be asked.

    Asked for the head alone, some servers answer wrongly: what fails so is asked for as a page. Neither
    comes too soon after the last look at its host, and each only where it may be asked for by then.
    """
    host = _host(url)
    try:
        if not web.may_ask(Target.of(url).host):
            return None
    except Refused as refused:
        return None, str(refused)
    status, reason = None, ""
    for method in ("HEAD", "GET"):
        time.sleep(max(0.0, asked.get(host, 0.0) + PAUSE - time.monotonic()))
        if not is_open():
            return None
        try:
            status = look(url, web, method).status
            reason = _reason(status)
        except Refused as refused:
            reason = str(refused)
        asked[host] = time.monotonic()
        if not reason:
            break
    return status, reason


def _reason(status: int) -> str:
    if status < 400 or status in _ANSWERS:
        return ""
    return NO_PAGE if status in (404, 410) else NO_ANSWER


def _note(session: Session, id_: int, url: str, status: int | None, reason: str) -> None:
    found = session.scalar(select(LinkCheck).where(LinkCheck.source_id == id_))
    if found is None:
        found = LinkCheck(source_id=id_, url=url, failures=0)
        session.add(found)
    found.note(url, now(), status, reason[:300])

"""The end of the brief: what is stale or uncertain, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.exchange.brief_phrases import Phrases
from tracker.exchange.document import Block, Bullets, Line, Words
from tracker.queries.brief import Brief, Stale
from tracker.queries.doubts import Doubt
from tracker.queries.happenings import Coming
from tracker.queries.paging import Cut
from tracker.queries.references import Reference
from tracker.queries.state_of_play import Thresholds


def uncertain(brief: Brief, phrases: Phrases) -> list[Block]:
    """Say what nobody looked at for long, what rests on little, and what nobody judged."""
    t = phrases.t
    lines = [_stale(brief.stale, phrases)] if brief.stale.shown else []
    lines += [_doubt(each, phrases) for each in brief.doubts.found]
    if brief.unjudged:
        told = t.ngettext("%(num)s new line", "%(num)s new lines", brief.unjudged)
        lines.append(
            [Words(t.gettext("Not judged: %(what)s, so nobody has said whether it is a move.", what=told))]
        )
    if brief.doubts.single:
        told = t.gettext(
            "On one source alone: %(some)s of the %(all)s entries that this brief rests on.",
            some=t.number(brief.doubts.single),
            all=t.number(brief.doubts.entries),
        )
        lines.append([Words(told)])
    return [Bullets(lines)] if lines else []


def _stale(stale: Cut[Stale], phrases: Phrases) -> Line:
    t = phrases.t
    line = [
        Words(
            t.ngettext(
                "Without evidence for more than %(days)s days: %(num)s issue. ",
                "Without evidence for more than %(days)s days: %(num)s issues. ",
                stale.total,
                days=Thresholds().stale,
            )
        )
    ]
    for place, each in enumerate(stale.shown):
        day = t.gettext("last on %(day)s", day=t.day(each.checked_on))
        line += [
            Words(each.issue.key, issue=each.issue.key),
            Words(f" ({day})" + (", " if place < len(stale.shown) - 1 else "")),
        ]
    return [*line, Words(phrases.and_more(stale.more) + ".")]


def _doubt(doubt: Doubt, phrases: Phrases) -> Line:
    line = [Words(f"{phrases.t.gettext(doubt.trait.label)}: ")]
    for place, (entry, spoken) in enumerate(doubt.entries.shown):
        line += [Words("; ")] if place else []
        line += phrases.entry(entry)
        told = [
            f"{phrases.t.gettext(each.label).lower()} {each.party or phrases.t.gettext('the desk')}, "
            f"{phrases.t.on(each.effective_on, each.effective_words)}"
            for each in spoken
        ]
        line += [Words(f" ({'; '.join(told)})", is_muted=True)] if told else []
        line.append(phrases.cite(entry.references))
    return [*line, Words(phrases.and_more(doubt.entries.more) + ".")]


def coming(brief: Brief, phrases: Phrases) -> list[Block]:
    """Say which events lie ahead."""
    lines = [_event(event, cited, brief.day, phrases) for event, cited in brief.coming]
    return [Bullets(lines)] if lines else []


def _event(event: Coming, cited: Sequence[Reference], day: date, phrases: Phrases) -> Line:
    t = phrases.t
    days = t.day(event.starts_on)
    if event.ends_on and event.ends_on != event.starts_on:
        days = t.gettext("%(first)s to %(last)s", first=days, last=t.day(event.ends_on))
    if event.days > 0:
        days += ", " + t.ngettext("in %(num)s day", "in %(num)s days", event.days)
    place = f", {event.place}" if event.place else ""
    said = [Words(f"{days}: ", is_strong=True), Words(f"{event.title}{place}")]
    if event.recorded_on > day:
        late = t.gettext("recorded later, on %(day)s", day=t.day(event.recorded_on))
        said.append(Words(f" ({late})", is_muted=True))
    return [*said, phrases.cite(cited)]

"""Exports: the same address with another ending, for whoever may see the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, TypeAlias

from flask import Flask
from werkzeug.wrappers import Response

from tracker.exchange.sheets import Book, write_csv, write_json
from tracker.exchange.workbook import write_xlsx
from tracker.models.vocabulary import Role
from tracker.views.access import allow
from tracker.views.change_sheets import changes
from tracker.views.comparison_sheets import comparison
from tracker.views.evidence_sheets import evidence
from tracker.views.files import answer, take_turn
from tracker.views.history_sheets import claims, positions, status_changes
from tracker.views.issue_sheets import issue_list
from tracker.views.party_sheets import party_record
from tracker.views.rendering import page_number
from tracker.views.source_sheets import resting, source_list
from tracker.views.text_sheets import events, proposal, proposals
from tracker.views.timeline_sheets import timeline

#: Makes the book of a page from the parts of its address; it reads the arguments as the page does.
Make: TypeAlias = Callable[..., Book]

#: The pages that can be taken along as a table, by endpoint.
PAGES: Mapping[str, Make] = {
    "issues.index": issue_list,
    "comparisons.show": comparison,
    "changes.show": changes,
    "timelines.show": timeline,
    "parties.show": party_record,
    "events.index": events,
    "proposals.index": proposals,
    "proposals.show": proposal,
    "evidence.show": evidence,
    "sources.index": source_list,
    "sources.show": resting,
    "status_changes.index": status_changes,
    "positions.index": positions,
    "claims.index": claims,
}
#: Where else the table of a page is: of the whole record, which is on no page of its own.
RECORDS: Mapping[str, str] = {
    "status_changes.index": "/negotiations/<code>/status-changes",
    "positions.index": "/negotiations/<code>/positions",
}


@dataclass(frozen=True)
class Form:
    """A form that a table can take."""

    mimetype: str
    write: Callable[[Book, IO[bytes]], object]


ENDINGS: Mapping[str, Form] = {
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "csv": Form("text/csv; charset=utf-8", lambda book, file: file.writelines(write_csv(book))),
    "json": Form("application/json", lambda book, file: file.writelines(write_json(book))),
}


def install(app: Flask) -> None:
    """Give each page its endings, with the permission of the page. Call it when all pages are there."""
    for page, make in PAGES.items():
        show = _view(make, vars(app.view_functions[page])["allowed"])
        addresses = [rule.rule for rule in app.url_map.iter_rules(page) if "GET" in (rule.methods or ())]
        for address in (*addresses, *([RECORDS[page]] if page in RECORDS else [])):
            rule = f"{address}.<any({', '.join(ENDINGS)}):ending>"
            app.add_url_rule(rule, table_of(page), show)


def table_of(page: str) -> str:
    """Name the endpoint at which the table of a page is."""
    return f"exports.{page.replace('.', '_')}"


def _view(make: Make, allowed: Role | None) -> Callable[..., Response]:
    @allow(allowed)
    def show(ending: str, **named: Any) -> Response:
        take_turn()
        page_number()  # all pages are taken along; one that cannot be read is refused all the same
        book, form = make(**named), ENDINGS[ending]
        return answer(f"{book.name}.{ending}", form.mimetype, partial(form.write, book))

    return show

"""Jobs: what is done behind the pages, how far it is and what came of it."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from tracker.db import db
from tracker.models import Job
from tracker.models.vocabulary import Role
from tracker.queries.jobs import JobPage, job_page, list_jobs
from tracker.views import access
from tracker.views.access import allow
from tracker.views.forms import Form
from tracker.views.languages import gettext as _
from tracker.views.rendering import (
    address_without,
    negotiation_or_404,
    page,
    page_number,
    save,
    say,
    spoken,
    wants_part,
)

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("")
@allow(Role.EDITOR)
def index() -> Response:
    """List one's own jobs; for administrators all."""
    number = page_number()
    listed = list_jobs(db.session(), access.signed_in(), number)
    if number > listed.paging.count:
        abort(404)
    return page("jobs/index.html", section="sources", listed=listed, address=address_without("page"))


@blueprint.get("/<int:id>")
@allow(Role.EDITOR)
def show(id: int) -> Response:  # noqa: A002 - the name in the address
    """Show a job; open pages ask again until it has ended."""
    return _show(id, Form(), 200)


def _show(id_: int, form: Form, status: int) -> Response:
    job = _job_or_404(id_)
    only = job.filed_under[0] if len(job.filed_under) == 1 else None
    response = page(
        "jobs/show.html",
        fragment="job",
        status=status,
        section="sources",
        negotiation=negotiation_or_404(only) if only else None,
        job=job,
        row=job.row,
        form=form,
    )
    if wants_part() and not job.row.is_under_way:
        say(_("Job %(number)s: %(state)s.", number=id_, state=_(job.row.state.label).lower()))
        response.set_data(response.get_data(as_text=True) + str(spoken()))
    return response


def _job_or_404(id_: int) -> JobPage:
    return job_page(db.session(), id_, access.signed_in()) or abort(404)


@blueprint.post("/<int:id>")
@allow(Role.EDITOR)
def update(id: int) -> Response:  # noqa: A002
    """Begin anew with a job that failed."""
    job = Job.find(db.session(), id, access.signed_in()) or abort(404)
    form = Form()

    def act() -> str:
        job.try_again()
        say(_("The job waits to be done again."))
        return url_for("jobs.show", id=id)

    return save(form, act, again=lambda status: _show(id, form, status))

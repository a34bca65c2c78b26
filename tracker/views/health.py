"""Health: whether the server lives, and whether it can read and write its database."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text

from tracker.db import db
from tracker.views.access import allow

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez", endpoint="livez")
@allow(None)
def index() -> Response:
    """Tell that the server answers."""
    return Response("alive\n", mimetype="text/plain")


@blueprint.get("/readyz", endpoint="readyz")
@allow(None)
def show() -> Response:
    """Tell that the database answers; else the error page says 503."""
    db.session.execute(text("SELECT 1 FROM alembic_version"))
    return Response("ready\n", mimetype="text/plain")

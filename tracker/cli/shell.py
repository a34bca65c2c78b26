"""What every command shares: how errors are told, and how the database is opened. Commits, as doors do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NoReturn

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tracker.config import Unsafe, folder, settings
from tracker.db import Unmigratable, last_revision, make_engine, revision_of, writing
from tracker.exchange import backup
from tracker.models import Negotiation, Refused, User, act_as
from tracker.models.vocabulary import Role, Word

#: Who acts where nobody is named.
SHELL = "shell"


class Failed(click.ClickException):
    """Refused work: one sentence, exit 1."""

    exit_code = 1


class Shell(click.Group):
    """Says what is wrong in one sentence on stderr: exit 2 for wrong use, 1 for refused work."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, and turn what is raised into that sentence."""
        try:
            status = super().main(*args, **kwargs | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(2)
        except click.ClickException as error:
            _stop(error.format_message(), error.exit_code)
        except click.Abort:
            _stop("Stopped.", 1)
        except Refused as refused:
            _stop("\n".join(": ".join(filter(None, (each.field, str(each)))) for each in refused.faults), 1)
        except (Unsafe, backup.Failed) as error:
            _stop(str(error), 1)
        except DatabaseError as error:
            _stop(f"The database refused: {str(error.orig).strip().splitlines()[0]}.", 1)
        except Unmigratable as error:
            _stop(f"The database is not one of this version: {error}.", 1)
        except OSError as error:
            _stop(f"{error.filename or 'A file'}: {error.strerror}.", 1)
        sys.exit(status if isinstance(status, int) else 0)


def _stop(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)


@contextmanager
def open_engine() -> Iterator[Engine]:
    """Open the database of the settings, and close it at the end."""
    engine = make_engine(settings()["SQLALCHEMY_DATABASE_URI"])
    try:
        yield engine
    finally:
        engine.dispose()


def check_revision(engine: Engine) -> None:
    """Hold that the database is up to date."""
    if (found := revision_of(engine)) != last_revision(folder("migrations")):
        raise Failed(f"The database is {'old' if found else 'empty'}: run `tracker init`.")


@contextmanager
def open_session(*, writes: bool = False) -> Iterator[Session]:
    """Open a session; where it writes, all that is done inside is committed at its end or not at all.

    Where it only reads, it reads from one state of the database, whoever writes meanwhile.
    """
    with open_engine() as engine, writing() if writes else nullcontext():
        check_revision(engine)
        if engine.dialect.name == "postgresql" and not writes:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine) as session:
            act_as(session, SHELL)
            yield session
            if writes:
                session.commit()


def find_actor(session: Session, email: str | None, role: Role) -> User | str:
    """Find who acts, and let nobody act beyond their role."""
    if email is None:
        return SHELL
    user = find_user(session, email)
    if not user.may(role):
        raise Failed(f"{user.email} may not do this: it takes the role {role.value}.")
    act_as(session, user)
    return user


def find_user(session: Session, email: str) -> User:
    user = User.find(session, email)
    if user is None:
        raise Failed(f"There is no account {email}.")
    return user


def find_negotiation(session: Session, code: str) -> Negotiation:
    negotiation = session.scalar(select(Negotiation).where(Negotiation.code == code))
    if negotiation is None:
        raise Failed(f"There is no negotiation {code}.")
    return negotiation


def choice_of(kind: type[Word]) -> click.Choice[str]:
    """Make the option type of a vocabulary."""
    return click.Choice([word.value for word in kind])

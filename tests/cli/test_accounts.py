"""Accounts through the shell."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.cli.conftest import Runs
from tracker.models import User

ADD = ("user", "add", "ann@example.org", "--name", "Ann", "--role", "admin")
PASSWORD = "four swans on a lake"


@pytest.fixture
def ann(tracker: Runs) -> Runs:
    """A shell with one account."""
    tracker(*ADD, "--password-stdin", typed=PASSWORD + "\n")
    return tracker


def has_password(database: Engine, password: str) -> bool:
    with Session(database) as session:
        user = User.find(session, "ann@example.org")
        return user is not None and user.has_password(password)


def test_an_account_is_opened_and_listed(ann: Runs, database: Engine) -> None:
    assert ann("user", "list").stdout == "ann@example.org\tadmin\tAnn\n"
    assert has_password(database, PASSWORD)


def test_no_password_is_asked_for_where_nobody_can_type(tracker: Runs) -> None:
    assert "--password-stdin" in tracker(*ADD, exits=2).stderr


def test_a_password_is_typed_twice_at_a_terminal(
    tracker: Runs, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    result = tracker(*ADD, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in result.output
    assert has_password(database, PASSWORD)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (ADD, "There is an account with this address already."),
        (("user", "add", "ann", "--name", "Ann", "--role", "admin"), "Write an e-mail address"),
        (("user", "disable", "nn@example.org"), "There is no account nn@example.org."),
        (("user", "password", "nn@example.org"), "There is no account nn@example.org."),
    ],
)
def test_what_is_refused_exits_1_with_a_sentence(ann: Runs, words: tuple[str, ...], message: str) -> None:
    stdin = () if "disable" in words else ("--password-stdin",)
    assert message in ann(*words, *stdin, exits=1, typed=PASSWORD + "\n").stderr


def test_a_short_password_is_refused(tracker: Runs) -> None:
    assert "12 to 200 characters" in tracker(*ADD, "--password-stdin", exits=1, typed="swan\n").stderr
    assert tracker("user", "list").stdout == ""


def test_a_password_is_set_anew(ann: Runs, database: Engine) -> None:
    ann("user", "password", "ann@example.org", "--password-stdin", typed="five herons on a lake\n")
    assert has_password(database, "five herons on a lake")


def test_a_disabled_account_is_marked(ann: Runs) -> None:
    add = ("user", "add", "bea@example.org", "--name", "Bea", "--role", "viewer", "--password-stdin")
    ann(*add, typed=PASSWORD + "\n")
    ann("user", "disable", "bea@example.org")
    assert ann("user", "list").stdout.splitlines()[1] == "bea@example.org\tviewer\tBea\t(disabled)"


@pytest.mark.parametrize(
    "words", [(), ("bogus",), ("user",), ("user", "add"), ("serve", "--port", "0"), (*ADD[:-1], "king")]
)
def test_wrong_use_exits_2(tracker: Runs, words: tuple[str, ...]) -> None:
    assert tracker(*words, exits=2).stderr

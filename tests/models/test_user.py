from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.models.acts import refuses
from tests.world import PASSWORD, World
from tracker.db import now
from tracker.models import Conflict, FormToken, SignInAttempt, User, UserSession
from tracker.models.form_token import KEPT
from tracker.models.user import ABSOLUTE, IDLE, TRIES, TRIES_OF_ADDRESS, WINDOW, matches, nobodys_hash
from tracker.models.vocabulary import Role

HOME = "192.0.2.1"


def add(session: Session, email: str = "new@example.org", password: str = PASSWORD) -> User:
    return User.add(session, email=email, name=" New ", role=Role.VIEWER, password=password)


@pytest.mark.usefixtures("world")
def test_account_has_an_address_of_its_own_in_whatever_case(session: Session) -> None:
    user = add(session, " New@Example.ORG ")
    session.commit()
    assert (user.email, user.name) == ("new@example.org", "New")
    assert User.find(session, "NEW@example.org ") is user
    for email in ("new@example.org", "NEW@EXAMPLE.ORG", "ed@example.org"):
        with refuses("email"):
            add(session, email)


@pytest.mark.parametrize("email", ["", "new", "@example.org", "new@", "a b@example.org", "a@b@c", "a@b\x00"])
def test_other_addresses_are_refused(session: Session, email: str) -> None:
    with refuses("email"):
        add(session, email)
    assert User.find(session, email) is None


@pytest.mark.parametrize("password", ["", "short", "a" * 11, "a" * 201])
def test_password_has_12_to_200_characters(world: World, session: Session, password: str) -> None:
    with refuses("password"):
        add(session, password=password)
    with refuses("password"):
        world.ed.set_password(password)


def test_password_is_kept_as_a_hash_only(session: Session) -> None:
    user = add(session, password="п" * 12)
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert user.has_password("п" * 12)
    assert not user.has_password("п" * 13)
    assert not matches("no hash", PASSWORD)
    assert not matches(nobodys_hash(), PASSWORD)


def test_each_role_includes_the_ones_before(world: World) -> None:
    may = {user.name: [user.may(role) for role in Role] for user in (world.vera, world.ed, world.ann)}
    assert may == {"Vera": [True, False, False], "Ed": [True, True, False], "Ann": [True, True, True]}
    world.ed.disable()
    assert not world.ed.may(Role.VIEWER)


def test_the_last_administrator_stays(world: World, session: Session) -> None:
    with refuses("is_disabled"):
        world.ann.disable()
    with refuses("role"):
        world.ann.edit(name="Ann", role=Role.EDITOR, is_disabled=False)
    world.ed.edit(name="Ed", role=Role.ADMIN, is_disabled=False)
    session.commit()
    world.ann.disable()
    session.commit()
    assert world.ann.is_disabled


def test_session_is_found_by_its_opaque_id_alone(world: World, session: Session) -> None:
    token, started = UserSession.start(session, world.ed)
    session.commit()
    assert UserSession.find(session, token) is started
    assert UserSession.find(session, token + "x") is None
    assert UserSession.find(session, started.token_hash) is None
    assert token not in started.token_hash


@pytest.mark.parametrize(
    ("started", "seen", "is_live"),
    [
        (timedelta(0), timedelta(0), True),
        (ABSOLUTE - timedelta(minutes=1), IDLE - timedelta(minutes=1), True),
        (timedelta(days=1), IDLE + timedelta(minutes=1), False),
        (ABSOLUTE + timedelta(minutes=1), timedelta(0), False),
    ],
)
def test_session_ends_when_idle_or_old(
    world: World, session: Session, started: timedelta, seen: timedelta, is_live: bool
) -> None:
    token, row = UserSession.start(session, world.ed)
    row.started_at, row.seen_at = now() - started, now() - seen
    session.commit()
    assert bool(UserSession.find(session, token)) is is_live
    assert bool(world.ed.live_sessions()) is is_live


@pytest.mark.parametrize("act", ["disable", "password", "end"])
def test_sessions_end_with_the_account_and_its_password(world: World, session: Session, act: str) -> None:
    tokens = [UserSession.start(session, world.ed)[0] for _ in range(2)]
    kept = UserSession.start(session, world.vera)[0]
    session.commit()
    if act == "disable":
        world.ed.disable()
    elif act == "password":
        world.ed.set_password(PASSWORD + "!")
    else:
        world.ed.end_sessions()
    session.commit()
    assert [UserSession.find(session, token) for token in tokens] == [None, None]
    assert UserSession.find(session, kept)
    UserSession.end(session, kept)
    assert UserSession.find(session, kept) is None


def test_session_of_a_disabled_account_is_dead_however_it_was_disabled(
    world: World, session: Session
) -> None:
    token, _ = UserSession.start(session, world.ed)
    world.ed.is_disabled = True
    session.commit()
    assert UserSession.find(session, token) is None


def test_tries_are_counted_by_account_and_address(session: Session) -> None:
    for _ in range(TRIES):
        assert SignInAttempt.begin(session, "ed@example.org", HOME)
    for email in ("ed@example.org", " ED@Example.org"):
        assert not SignInAttempt.begin(session, email, HOME)
    assert SignInAttempt.begin(session, "vera@example.org", HOME)
    assert SignInAttempt.begin(session, "ed@example.org", "192.0.2.2")
    SignInAttempt.clear(session, "ed@example.org", HOME)
    assert SignInAttempt.begin(session, "ed@example.org", HOME)


def test_tries_are_forgotten_after_a_while(session: Session) -> None:
    for _ in range(TRIES + 2):
        SignInAttempt.begin(session, "ed@example.org", HOME)
    session.execute(update(SignInAttempt).values(at=now() - WINDOW))
    assert SignInAttempt.begin(session, "ed@example.org", HOME)
    assert session.scalar(select(func.count(SignInAttempt.id))) == 2


def test_tries_at_many_accounts_from_one_address_are_counted_too(session: Session) -> None:
    for number in range(TRIES_OF_ADDRESS):
        assert SignInAttempt.begin(session, f"user{number}@example.org", HOME)
    assert not SignInAttempt.begin(session, "ed@example.org", HOME)


def test_a_form_is_saved_once(world: World, session: Session) -> None:
    content = FormToken.fingerprint("/issues/TK-1", [("status", "open"), ("reason", "x")])
    other = FormToken.fingerprint("/issues/TK-1", [("status", "open"), ("reason", "y")])
    assert content == FormToken.fingerprint("/issues/TK-1", [("reason", "x"), ("status", "open")])
    assert content != FormToken.fingerprint("/issues/TK-2", [("reason", "x"), ("status", "open")])
    assert FormToken.find(session, "token", world.ed.id, content) is None
    used = FormToken.use(session, "token", world.ed.id, content)
    session.commit()
    assert FormToken.find(session, "token", world.ed.id, content) is used
    for user, what in ((world.ed, other), (world.vera, content)):
        with pytest.raises(Conflict):
            FormToken.find(session, "token", user.id, what)
    with pytest.raises(IntegrityError):
        FormToken.use(session, "token", world.ed.id, content)


def test_old_form_tokens_are_forgotten(world: World, session: Session) -> None:
    FormToken.use(session, "old", world.ed.id, "x").used_at = now() - KEPT - timedelta(minutes=1)
    session.flush()
    FormToken.use(session, "new", world.ed.id, "x")
    assert [*session.scalars(select(FormToken.token))] == ["new"]

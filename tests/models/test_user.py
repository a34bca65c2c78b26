"""Users, their sessions and the count of tries, on either database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from tests.world import PASSWORD, World, make_user
from tracker.db import make_engine, now, writing
from tracker.models import Refused, SignInAttempt, User, UserSession, act_as
from tracker.models.user import ABSOLUTE, IDLE, TRIES, TRIES_OF_ADDRESS, WINDOW
from tracker.models.vocabulary import Role

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def fresh(database_url: str) -> Iterator[Engine]:
    """Open a database of its own, for several connections."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def add(session: Session, **given: str) -> User:
    values = {"email": "zoe@example.org", "name": "Zoe", "password": PASSWORD} | given
    return User.add(session, role=Role.VIEWER, **values)


def test_an_address_is_one_however_it_is_written(session: Session, world: World) -> None:
    zoe = add(session, email=" Zoe\u0301@Example.ORG ")
    session.flush()
    assert zoe.email == "zo\u00e9@example.org"
    assert User.find(session, "ZO\u00c9@example.org") is zoe
    assert User.find(session, "nobody@example.org") is None
    assert User.find(session, "zo\0e@example.org") is None
    assert world.ed.has_password(PASSWORD)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "zoe"}, "email"),
        ({"email": "a@b@c"}, "email"),
        ({"email": "ED@example.org"}, "email"),
        ({"email": "z\u200boe@example.org"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"password": "x" * 11}, "password"),
        ({"password": "x" * 201}, "password"),
    ],
)
def test_an_account_that_will_not_do_is_refused(
    session: Session, world: World, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add(session, **given)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert world.ed in session


def test_the_last_administrator_is_neither_demoted_nor_disabled(session: Session, world: World) -> None:
    ann = world.ann
    for given in ({"role": Role.EDITOR, "is_disabled": False}, {"role": Role.ADMIN, "is_disabled": True}):
        with pytest.raises(Refused, match="last administrator"):
            ann.edit(name="Ann", **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="last administrator"):
        ann.disable()
    make_user(session, "Zoe", Role.ADMIN)
    session.flush()
    ann.disable()
    assert not ann.may(Role.VIEWER)
    ann.edit(name="Anna", role=Role.VIEWER, is_disabled=False)
    assert (ann.name, ann.may(Role.VIEWER), ann.may(Role.EDITOR)) == ("Anna", True, False)


def test_two_administrators_cannot_shut_each_other_out(fresh: Engine) -> None:
    with Session(fresh) as session:
        act_as(session, "tests")
        ids = [make_user(session, name, Role.ADMIN) for name in ("Ann", "Zoe")]
        session.commit()
        numbers = [user.id for user in ids]

    def disable(number: int) -> bool:
        with writing(), Session(fresh) as session:
            act_as(session, "tests")
            user = session.get_one(User, number)
            try:
                user.disable()
                session.commit()
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(disable, numbers)) == [False, True]


def test_a_session_is_found_by_its_secret_while_it_lives(session: Session, world: World) -> None:
    token, started = UserSession.start(session, world.ed)
    assert UserSession.find(session, token) is started
    assert UserSession.find(session, token + "x") is None
    assert token not in started.token_hash
    for name, span in (("seen_at", IDLE), ("started_at", ABSOLUTE)):
        before = getattr(started, name)
        setattr(started, name, now() - span - timedelta(seconds=1))
        assert UserSession.find(session, token) is None
        assert started not in world.ed.live_sessions()
        setattr(started, name, before)
    world.ed.is_disabled = True
    assert UserSession.find(session, token) is None
    world.ed.is_disabled = False
    assert UserSession.find(session, token) is started
    UserSession.end(session, token)
    assert UserSession.find(session, token) is None


def test_disabling_and_a_new_password_end_all_sessions(session: Session, world: World) -> None:
    tokens = [UserSession.start(session, world.ed)[0] for _ in range(3)]
    other, _ = UserSession.start(session, world.vera)
    world.ed.set_password("another one altogether")
    assert [UserSession.find(session, token) for token in tokens] == [None] * 3
    token, _ = UserSession.start(session, world.ed)
    world.ed.disable()
    assert UserSession.find(session, token) is None
    assert UserSession.find(session, other) is not None


def test_tries_are_counted_by_account_and_address(session: Session) -> None:
    tries = [SignInAttempt.begin(session, "ed@example.org", HERE) for _ in range(TRIES + 2)]
    assert tries == [True] * TRIES + [False] * 2
    assert not SignInAttempt.begin(session, " ED@example.org", HERE)
    assert SignInAttempt.begin(session, "vera@example.org", HERE)
    assert SignInAttempt.begin(session, "ed@example.org", THERE)


def test_refused_tries_do_not_prolong_the_wait(session: Session) -> None:
    for _ in range(TRIES):
        SignInAttempt.begin(session, "ed@example.org", HERE)
    session.flush()
    session.execute(update(SignInAttempt).values(at=now() - WINDOW + timedelta(seconds=30)))
    assert not SignInAttempt.begin(session, "ed@example.org", HERE)
    session.execute(update(SignInAttempt).values(at=now() - WINDOW))
    assert SignInAttempt.begin(session, "ed@example.org", HERE)


def test_success_takes_back_the_accounts_own_tries_alone(session: Session) -> None:
    for email in ("ed@example.org", "ed@example.org", "vera@example.org"):
        SignInAttempt.begin(session, email, HERE)
    session.flush()
    SignInAttempt.clear(session, "ed@example.org", HERE)
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 2


def test_one_address_may_try_so_many_accounts(session: Session) -> None:
    for number in range(TRIES_OF_ADDRESS):
        assert SignInAttempt.begin(session, f"{number}@example.org", "2001:db8::1")
    session.flush()
    assert not SignInAttempt.begin(session, "ed@example.org", "2001:db8::ffff:1")
    assert not SignInAttempt.begin(session, "ed@example.org", "2001:db8:0:0:9::")
    assert SignInAttempt.begin(session, "ed@example.org", "2001:db8:0:1::1")
    assert SignInAttempt.begin(session, "ed@example.org", "::ffff:192.0.2.1")
    assert SignInAttempt.begin(session, "ed@example.org", "")


def test_many_tries_at_once_do_not_outrun_the_count(fresh: Engine) -> None:
    def begin(_number: int) -> bool:
        with writing(), Session(fresh) as session:
            passed = SignInAttempt.begin(session, "ed@example.org", HERE)
            session.commit()
            return passed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begin, range(40))) == TRIES

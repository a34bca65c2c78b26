"""Settings: what is read, what is made at the first start, and what the application will not start with."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tracker import config, create_app
from tracker.config import SETTINGS, Unsafe, settings


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def read(folder: Path, **given: Any) -> dict[str, Any]:
    return settings({"INSTANCE": str(folder / "instance"), **given})


def test_the_first_start_makes_all_that_is_needed_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        found = read(tmp_path)
    finally:
        os.umask(before)
    instance = tmp_path / "instance"
    assert mode(instance) == 0o700
    assert {path.name: mode(path) for path in instance.iterdir()} == {
        "secret_key": 0o600,
        "tracker.db": 0o600,
    }
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{instance / 'tracker.db'}"
    assert len(found["SECRET_KEY"]) == 64


def test_the_secret_key_stays(tmp_path: Path) -> None:
    assert read(tmp_path)["SECRET_KEY"] == read(tmp_path)["SECRET_KEY"]


def test_workers_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: read(tmp_path)["SECRET_KEY"], range(64)))
    assert len(keys) == 1
    assert {path.name for path in (tmp_path / "instance").iterdir()} == {"secret_key", "tracker.db"}


def test_the_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path / "i"))
    monkeypatch.setenv("TRACKER_PUBLIC_URL", "https://talks.example.org")
    monkeypatch.setenv("TRACKER_PROXIES", "2")
    monkeypatch.setenv("TRACKER_TRUSTED_HOSTS", " inner.example.org, 192.0.2.1 ,")
    found = settings()
    assert (found["INSTANCE"], found["PROXIES"]) == (str(tmp_path / "i"), 2)
    assert found["TRUSTED_HOSTS"] == [
        "talks.example.org",
        "127.0.0.1",
        "localhost",
        "inner.example.org",
        "192.0.2.1",
    ]
    assert settings({"PROXIES": 0})["PROXIES"] == 0


def test_what_no_setting_names_is_left_to_flask(tmp_path: Path) -> None:
    assert read(tmp_path, TESTING=True)["TESTING"] is True


@pytest.mark.parametrize(
    "address",
    [
        "http://talks.example.org",
        "http://192.0.2.1:5000",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0.0.0.0:5000",
        "ftp://127.0.0.1",
        "talks.example.org",
        "https://",
        "https:///path",
        "https://user:secret@talks.example.org",
        "https://talks.example.org/tracker",
        "https://talks.example.org?x=1",
        "https://talks.example.org:port",
        "https://talks.example.org:99999",
        "http://[::1",
        "http://[::1]:5000",
        "",
    ],
)
def test_an_unsafe_public_address_stops_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(Unsafe, match="TRACKER_PUBLIC_URL"):
        read(tmp_path, PUBLIC_URL=address)


@pytest.mark.parametrize(
    "address",
    [
        "https://talks.example.org",
        "https://talks.example.org/",
        "https://talks.example.org:8443",
        "http://127.0.0.1:5000",
        "http://localhost:8000",
        "http://127.0.0.2",
    ],
)
def test_a_safe_public_address_is_taken(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, PUBLIC_URL=address)["PUBLIC_URL"] == address


@pytest.mark.parametrize("key", ["short", "x" * 31])
def test_a_short_secret_key_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(Unsafe, match="TRACKER_SECRET_KEY is too short"):
        read(tmp_path, SECRET_KEY=key)


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o660, 0o666])
def test_a_secret_key_that_others_read_stops_the_start(tmp_path: Path, open_to: int) -> None:
    read(tmp_path)
    key = tmp_path / "instance" / "secret_key"
    key.chmod(open_to)
    with pytest.raises(Unsafe, match="Others may read the secret key"):
        read(tmp_path)
    key.unlink()
    assert read(tmp_path)["SECRET_KEY"]


def test_an_empty_secret_key_stops_the_start(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "instance" / "secret_key").write_text("\n")
    with pytest.raises(Unsafe, match="too short"):
        read(tmp_path)


def test_a_key_that_is_no_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "instance" / "secret_key").mkdir(parents=True, mode=0o700)
    (tmp_path / "instance" / "secret_key").chmod(0o700)
    with pytest.raises(Unsafe, match="cannot be read or made"):
        read(tmp_path)


def test_an_instance_that_everyone_writes_to_stops_the_start(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    instance.chmod(0o777)
    with pytest.raises(Unsafe, match="Everyone may write to the instance folder"):
        read(tmp_path)


def test_an_instance_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file")
    with pytest.raises(Unsafe, match="cannot be made"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["PROXIES", "MAX_CONTENT_LENGTH"])
@pytest.mark.parametrize("value", ["-1", "many", "1.5", "", "٣x"])
def test_a_number_that_is_none_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Unsafe, match=f"TRACKER_{name} must be a whole number"):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("postgres://db/x", "postgresql://db/x"),
        ("postgresql://db/x", "postgresql://db/x"),
        ("postgresql+psycopg://db/x", "postgresql+psycopg://db/x"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_either_database_is_taken(tmp_path: Path, address: str, taken: str) -> None:
    assert read(tmp_path, SQLALCHEMY_DATABASE_URI=address)["SQLALCHEMY_DATABASE_URI"] == taken


@pytest.mark.parametrize("address", ["mysql://db/x", "x.db", "sqlite://"])
def test_another_database_stops_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(Unsafe, match="must start with sqlite:/// or postgresql://"):
        read(tmp_path, SQLALCHEMY_DATABASE_URI=address)


def test_no_message_shows_the_key(tmp_path: Path) -> None:
    with pytest.raises(Unsafe) as told:
        read(tmp_path, SECRET_KEY="hunter2")
    assert "hunter2" not in str(told.value)


def test_behind_proxies_the_last_ones_word_counts(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": str(tmp_path), "PROXIES": 1, "PUBLIC_URL": "https://talks.example.org"})
    seen: list[str | None] = []

    def look() -> str:
        from flask import request

        seen.append(request.remote_addr)
        return ""

    look.allowed = None  # type: ignore[attr-defined]
    app.view_functions["health.livez"] = look
    headers = {"X-Forwarded-For": "192.0.2.66, 192.0.2.7", "Host": "talks.example.org"}
    assert app.test_client().get("/livez", headers=headers).status_code == 200
    assert seen == ["192.0.2.7"]


def test_each_setting_has_a_meaning() -> None:
    for setting in SETTINGS:
        assert setting.meaning.endswith("."), setting.name
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert config.folder("templates").is_dir()


@pytest.mark.parametrize(
    "setting", ["https://news.example.org", "*.example.org", "any, *", "news.example.org:80"]
)
def test_what_may_be_fetched_is_written_as_hosts(setting: str, tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="hosts with commas"):
        read(tmp_path, FETCH=setting)
    assert read(tmp_path)["FETCH"] == "any"
    assert read(tmp_path, FETCH="news.example.org, un.org")["FETCH"] == "news.example.org, un.org"

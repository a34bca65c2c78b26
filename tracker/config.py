"""Settings: each once, with its type, default and meaning. Refuses to start insecurely."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: What this machine calls itself; health checks and the shell ask here.
LOOPBACK = ("127.0.0.1", "localhost")

_HERE = Path(__file__).resolve().parent


class Unsafe(Exception):
    """A setting that the application will not start with; its text says why and what would do."""


@dataclass(frozen=True)
class Setting:
    """A setting of the environment, `TRACKER_` before its name."""

    name: str
    type: type
    default: Any
    meaning: str


SETTINGS = (
    Setting("INSTANCE", str, "instance", "Folder of the database and the secret key."),
    Setting("SQLALCHEMY_DATABASE_URI", str, None, "The database; by default SQLite in the instance folder."),
    Setting("SECRET_KEY", str, None, "Signs cookies; by default made once and kept in the instance folder."),
    Setting(
        "PUBLIC_URL",
        str,
        "http://127.0.0.1:5000",
        "The address that people type. https:// for all but loopback addresses.",
    ),
    Setting(
        "TRUSTED_HOSTS",
        str,
        "",
        "Further names that the site answers to, with commas; the public URL's and 127.0.0.1 are known.",
    ),
    Setting("PROXIES", int, 0, "How many trusted proxies stand in front and set X-Forwarded-*."),
    Setting("MAX_CONTENT_LENGTH", int, 8 * 1024 * 1024, "The largest request taken, in bytes."),
    Setting("FETCH", str, "any", "What the server may fetch from the web: any, none, or hosts with commas."),
    Setting("WORKER", str, "embedded", "Who does the jobs: embedded (`tracker serve`), or separate."),
    Setting("ARCHIVE", str, "", "An archive’s address that makes a copy of {url}; empty: none is asked."),
    Setting("CHECK_LINKS", int, 0, "Days between two looks at a source's address; 0: none is looked at."),
)


def folder(name: str) -> Path:
    """Find templates, static files or migrations: inside the package where installed, else beside it."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / name


def settings(given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Read the settings: what is given, else the environment, else the default.

    Makes the instance folder, the secret key and an empty database file where they are missing.
    Raises: Unsafe.
    """
    read = {setting.name: _read(setting, given or {}) for setting in SETTINGS}
    _check_words(read)
    read["TRUSTED_HOSTS"] = [*_host_of(read["PUBLIC_URL"]), *LOOPBACK, *_words(read["TRUSTED_HOSTS"])]
    _check_fetch(read["FETCH"])
    instance = _instance(read["INSTANCE"])
    read["INSTANCE"] = str(instance)
    read["SQLALCHEMY_DATABASE_URI"] = _database(read["SQLALCHEMY_DATABASE_URI"], instance)
    read["SECRET_KEY"] = read["SECRET_KEY"] or _secret_key(instance)
    if len(read["SECRET_KEY"]) < 32:
        raise Unsafe("TRACKER_SECRET_KEY is too short: give at least 32 characters.")
    return read | {key: value for key, value in (given or {}).items() if key not in read}


def _read(setting: Setting, given: dict[str, Any]) -> Any:
    value = given.get(setting.name, os.environ.get("TRACKER_" + setting.name, setting.default))
    if setting.type is not int:
        return value
    try:
        number = int(value)
    except ValueError:
        number = -1
    if number < 0:
        raise Unsafe(f"TRACKER_{setting.name} must be a whole number from 0 on, not “{value}”.")
    return number


def _check_words(read: dict[str, Any]) -> None:
    """Hold that what has few words has one of them.

    Raises: Unsafe.
    """
    if read["WORKER"] not in ("embedded", "separate"):
        raise Unsafe(f"TRACKER_WORKER is “{read['WORKER']}”: write embedded or separate.")
    archive = read["ARCHIVE"]
    if archive and (not archive.startswith(("https://", "http://")) or archive.count("{url}") != 1):
        raise Unsafe(
            f"TRACKER_ARCHIVE is “{archive}”: write an address with {{url}} in it, "
            "as in https://web.archive.org/save/{url}"
        )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _check_fetch(setting: str) -> None:
    """Hold that hosts are written as such: an address or a pattern would allow less than it seems to.

    Raises: Unsafe.
    """
    for word in _words(setting):
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", word):
            raise Unsafe(
                f"TRACKER_FETCH holds “{word}”: write any, none, or hosts with commas, "
                "as in news.example.org, un.org"
            )


def _instance(name: str) -> Path:
    """Make the instance folder for its owner alone; one that is there must not be open to all.

    Raises: Unsafe.
    """
    folder = Path(name).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unsafe(f"The instance folder {folder} cannot be made: {error.strerror}.") from None
    if folder.stat().st_mode & stat.S_IWOTH:
        raise Unsafe(
            f"Everyone may write to the instance folder {folder}, and so replace the database. "
            f"Make it its owner's alone: chmod go-w {folder}"
        )
    return folder


def _database(address: str | None, instance: Path) -> str:
    if not address:
        path = instance / "tracker.db"
        with suppress(OSError):  # it is there; or it cannot be made, and the first use of it will say so
            path.touch(mode=0o600, exist_ok=False)  # left to SQLite, everyone could read it
        return f"sqlite:///{path}"
    if address.startswith("postgres://"):
        return "postgresql://" + address.removeprefix("postgres://")
    if not address.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise Unsafe("TRACKER_SQLALCHEMY_DATABASE_URI must start with sqlite:/// or postgresql://.")
    return address


def _secret_key(instance: Path) -> str:
    """Read the instance's secret key, made at the first start for its owner's eyes only.

    Raises: Unsafe.
    """
    path = instance / "secret_key"
    try:
        if not path.exists():
            _make_secret_key(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Unsafe(
                f"Others may read the secret key {path}, and so sign in as anyone. "
                f"Delete it, and a new one is made; everyone signs in again."
            )
        return path.read_text().strip()
    except OSError as error:
        raise Unsafe(f"The secret key {path} cannot be read or made: {error.strerror}.") from None


def _make_secret_key(path: Path) -> None:
    """Write the key whole before it gets its name: of workers that start at once, all read the winner's."""
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _host_of(address: str) -> list[str]:
    """Give the host of the public URL.

    Raises: Unsafe where it is no plain address, or passwords would travel to it in the clear.
    """
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or ":" in host or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise Unsafe(
            f"TRACKER_PUBLIC_URL is “{address}”: write scheme and host, as in https://talks.example.org "
            "or http://127.0.0.1:5000, and nothing behind."
        )
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return [host]
    raise Unsafe(
        f"TRACKER_PUBLIC_URL is “{address}”: it must start with https://, "
        "since passwords and cookies would travel in the clear. Only loopback addresses may use http://."
    )

"""Settings: each once, with its type, default and meaning. Refuses to start insecurely."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
    Setting("PROXIES", int, 0, "How many trusted proxies stand in front and set X-Forwarded-*."),
    Setting("MAX_CONTENT_LENGTH", int, 8 * 1024 * 1024, "The largest request taken, in bytes."),
)


def folder(name: str) -> Path:
    """Find templates, static files or migrations: inside the package where installed, else beside it."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / name


def settings(given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Read the settings: what is given, else the environment, else the default.

    Makes the instance folder and the secret key where they are missing.
    Raises: Unsafe.
    """
    read = {setting.name: _read(setting, given or {}) for setting in SETTINGS}
    instance = Path(read["INSTANCE"]).resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    read["INSTANCE"] = str(instance)
    read["SQLALCHEMY_DATABASE_URI"] = _database(read["SQLALCHEMY_DATABASE_URI"], instance)
    read["SECRET_KEY"] = read["SECRET_KEY"] or _secret_key(instance)
    if len(read["SECRET_KEY"]) < 32:
        raise Unsafe("TRACKER_SECRET_KEY is too short: give at least 32 characters.")
    _check_public_url(read["PUBLIC_URL"])
    return read | {key: value for key, value in (given or {}).items() if key not in read}


def _read(setting: Setting, given: dict[str, Any]) -> Any:
    value = given.get(setting.name, os.environ.get("TRACKER_" + setting.name, setting.default))
    if setting.type is int and not isinstance(value, int):
        try:
            return int(value)
        except ValueError:
            raise Unsafe(f"TRACKER_{setting.name} must be a whole number, not “{value}”.") from None
    return value


def _database(address: str | None, instance: Path) -> str:
    if not address:
        return f"sqlite:///{instance / 'tracker.db'}"
    if address.startswith("postgres://"):
        return "postgresql://" + address.removeprefix("postgres://")
    if not address.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise Unsafe("TRACKER_SQLALCHEMY_DATABASE_URI must start with sqlite:/// or postgresql://.")
    return address


def _secret_key(instance: Path) -> str:
    """Read the instance's secret key, made at the first start for its owner's eyes only."""
    path = instance / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _check_public_url(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not is_loopback(parts.hostname):
        raise Unsafe(
            f"TRACKER_PUBLIC_URL is “{address}”: it must start with https://, "
            "since passwords and cookies would travel in the clear. Only loopback addresses may use http://."
        )

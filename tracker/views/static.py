"""Static files: served by WhiteNoise under an address that holds the hash of them all, and kept for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from tracker.config import folder

FOR_EVER = 365 * 24 * 3600
#: What the build writes beside each file; of the same content.
COMPRESSED = {".br", ".gz"}


def _digest(files: Path) -> str:
    """Hash names and contents of all files: a change of any gives all a new address."""
    digest = hashlib.sha256()
    for path in sorted(files.rglob("*")):
        if path.is_file() and path.suffix not in COMPRESSED:
            digest.update(path.relative_to(files).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def install(app: Flask) -> str:
    """Serve the static files, give templates `static_url`, and give the prefix, which tells builds apart."""
    files = folder("static")
    prefix = f"/static/{_digest(files)}/"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(files),
        prefix=prefix,
        max_age=FOR_EVER,
        allow_all_origins=False,
        immutable_file_test=lambda _path, address: address.startswith(prefix),
    )
    app.jinja_env.globals["static_url"] = lambda name: prefix + name
    return prefix

"""Files: how every one is answered, whoever writes it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import IO, cast

from flask import Flask, g, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from tracker.views import compression
from tracker.views.languages import gettext as _

#: So much is kept in memory while it is written; more goes into a file that is gone with the answer.
IN_MEMORY = 2**20
PIECE = 2**16
#: Of 18.6 MB of rows level 1 makes 8.8 MB in 0.6 s, level 5 7.6 MB in 1.8 s, which the reader waits for.
LEVEL = 1
#: So many files are written at once by a process, which has more threads: pages are answered meanwhile.
AT_ONCE = 2
TURNS = BoundedSemaphore(AT_ONCE)
#: The seconds after which one who was turned away may try again.
AGAIN = 5


def install(app: Flask) -> None:
    """Give the turns back when requests end."""
    app.teardown_request(_give_turn_back)


def take_turn() -> None:
    """Take a turn for this request, unless it has one; where all are taken, ask to come back.

    `answer` takes it too; who has much to read before that takes it first.
    """
    if "has_turn" in g:
        return
    if not TURNS.acquire(blocking=False):
        raise ServiceUnavailable(
            _("Other files are being written just now. Try again in a moment."), retry_after=AGAIN
        )
    g.has_turn = True


def _give_turn_back(_error: BaseException | None = None) -> None:
    if g.pop("has_turn", False):
        TURNS.release()


def answer(name: str, mimetype: str, write: Callable[[IO[bytes]], object]) -> Response:
    """Answer with a file of this name; HEAD with what would be told of it.

    It is written whole before the first byte is sent: what goes wrong is an error, never half a file, and
    no slow reader keeps the database waiting.
    """
    take_turn()
    response = Response(content_type=mimetype)
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    if request.method == "HEAD":
        response.automatically_set_content_length = False  # how long it is shows once it is written
        return response
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        if compression.is_zipped(response):
            response.content_encoding = "gzip"
            with compression.zipping(file, LEVEL) as packed:
                write(cast(IO[bytes], packed))
        else:
            write(file)
    except BaseException:
        file.close()
        raise
    response.content_length = file.tell()
    file.seek(0)
    response.response = _pieces(file)
    response.call_on_close(file.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece

"""A server on loopback that stands for the web."""

import threading
from collections.abc import Iterator

import pytest

from tests.intake.loopback import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve on loopback while the test runs."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()

"""Files take turns, so that whoever reads pages is answered while others take the record along."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tracker.views.files import AT_ONCE, TURNS

FILES = [
    f"/negotiations/TK/{name}" for name in ("issues.csv", "bibliography.ris", "brief.docx", "annotations")
]


@pytest.fixture
def busy() -> Iterator[None]:
    """Take all turns."""
    for _turn in range(AT_ONCE):
        assert TURNS.acquire(blocking=False)
    yield
    for _turn in range(AT_ONCE):
        TURNS.release()


@pytest.mark.usefixtures("busy")
def test_one_file_too_many_is_told_to_come_again_and_pages_go_on(client: FlaskClient) -> None:
    for address in FILES:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Other files are being written just now." in answer.text
    assert client.get("/negotiations/TK/issues").status_code == 200


@pytest.mark.parametrize("ask", ["", "?as_of=never", "?party=nobody"])
def test_a_turn_is_given_back_however_it_ends(client: FlaskClient, ask: str) -> None:
    for _try in range(AT_ONCE + 1):
        for address in FILES:
            assert client.get(address + ask).status_code in (200, 400)
        assert client.get("/negotiations/XX/issues.csv").status_code == 404

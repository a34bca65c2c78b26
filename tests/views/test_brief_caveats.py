"""What a brief says of a reason or claim keeps the caveats that stand behind its first sentence."""

from flask.testing import FlaskClient

from tests.views.demonstrating import vera
from tests.views.reading import words

__all__ = ["vera"]
BRIEF = "/negotiations/UA/brief?since=2025-12-02&as_of="


def test_the_caveats_of_reasons_and_claims_are_told(vera: FlaskClient) -> None:
    told = words(vera.get(f"{BRIEF}2025-12-30").text)
    assert "so the desk takes the aim as agreed and the text as not. Russia is no party to this." in told
    told = words(vera.get(f"{BRIEF}2025-12-24").text)
    assert "Outlets differ on who is meant to have agreed." in told


def test_a_line_that_goes_on_says_so(vera: FlaskClient) -> None:
    assert ". … (" in words(vera.get(f"{BRIEF}2025-12-24").text)

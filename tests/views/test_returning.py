"""Back to where one was after signing in, and nowhere else."""

import pytest
from flask.testing import FlaskClient

from tests.views.conftest import HTMX, hidden, hidden_of, post
from tests.world import PASSWORD

HOME = "/"
#: Split at white space; those that hold some follow.
OTHER_SITES = """
//evil.example ///evil.example ////evil.example https://evil.example http://evil.example HTTP://EVIL.EXAMPLE
http:evil.example https:evil.example http:/evil.example https:///evil.example //evil.example/%2e%2e
ftp://evil.example javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,x vbscript:x file:///etc/passwd
mailto:a@evil.example blob:x /\\evil.example \\evil.example \\\\evil.example /\\/evil.example \\/evil.example
//\\evil.example /\\\\evil.example evil.example www.evil.example ./evil ../evil ?next=evil #evil @evil.example
:@evil.example 127.0.0.1@evil.example //evil.example@127.0.0.1 //127.0.0.1@evil.example //[::1] //[evil
//evil%E3%80%82example //evil.example:80 //user:pw@evil.example https://127.0.0.1.evil.example
https:%2f%2fevil.example %2f%2fevil.example %2F/evil.example %5cevil.example x://evil.example //0x7f000001
//EVIL.example/sign-in //evil.example/issues/TK-1 //%0aevil.example view-source:https://evil.example
about:blank //evil.example\\@127.0.0.1
""".split()  # noqa: SIM905
OTHER_SITES += [
    "",
    "/\tevil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "\x00//evil.example",
    "/\r\n/evil.example",
    "/x\r\nSet-Cookie: session=stolen",
    "/x\nLocation: https://evil.example",
    "/\x0b/evil.example",
    "/\x7f/evil.example",
    "java\nscript:alert(1)",
    "/" + "a" * 9000,
]


def test_the_form_leads_back_to_where_one_was(client: FlaskClient) -> None:
    asked = client.get("/account?x=1&y=%C3%A9")
    assert asked.status_code == 303
    answer = post(
        client, asked.headers["Location"], {"email": " ED@Example.org ", "password": PASSWORD}, to="/sign-in"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1&y=%C3%A9")
    assert "Ed" in client.get("/account").text


def test_who_is_signed_in_needs_no_form(as_ed: FlaskClient) -> None:
    assert as_ed.get("/sign-in?next=/account").headers["Location"] == "/account"
    assert as_ed.get("/sign-in").headers["Location"] == HOME


def test_there_are_sixty_ways_to_another_site() -> None:
    assert len(set(OTHER_SITES)) >= 60


@pytest.mark.parametrize("address", OTHER_SITES)
def test_no_way_leads_to_another_site(client: FlaskClient, address: str) -> None:
    asked = client.get("/sign-in", query_string={"next": address})
    fields = hidden_of(asked.text) if asked.status_code == 200 else hidden(client, "/sign-in")
    assert fields["next"] == HOME
    fields |= {"next": address, "email": "ed@example.org", "password": PASSWORD}
    refused = client.post("/sign-in", data=fields | {"password": "not it"})
    assert hidden_of(refused.text)["next"] == HOME
    answer = client.post("/sign-in", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, HOME)
    assert len(answer.headers.getlist("Set-Cookie")) == 1
    already = client.get("/sign-in", query_string={"next": address})
    assert already.headers.get("Location", HOME) == HOME


def test_a_part_of_a_page_is_not_where_one_was(client: FlaskClient) -> None:
    shown = HTMX | {"HX-Current-URL": "http://localhost/issues/TK-1?as_of=2025-12-02"}
    answer = client.get("/account", headers=shown)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/issues/TK-1?as_of%3D2025-12-02"
    evil = HTMX | {"HX-Current-URL": "http://evil.example//evil.example"}
    assert client.get("/account", headers=evil).headers["HX-Redirect"] == "/sign-in"


@pytest.mark.parametrize("address", ["http://[", "http://[::1/x", "//[evil", "\xe9"])
def test_what_is_no_address_leads_to_the_form_alone(client: FlaskClient, address: str) -> None:
    answer = client.get("/account", headers=HTMX | {"HX-Current-URL": address})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def test_letters_of_every_script_lead_back_with_htmx_too(as_ed: FlaskClient) -> None:
    fields = hidden(as_ed, "/issues/TK-1") | {"next": "/issues/TK-1?x=\u044f"}
    answer = as_ed.post("/issues/TK-1/reviews", data=fields, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/issues/TK-1?x=%D1%8F"

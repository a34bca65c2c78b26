"""Take the pictures of README.md: serve the demonstration from a folder of its own, and look at its pages.

The demonstration stores no texts of articles. So that a source's page has something to mark, a note is added
first, and two positions quote it.
"""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from tests.browsers import FLAGS, find_chromium

PICTURES = Path(__file__).with_name("pictures")
TRACKER = Path(sys.executable).with_name("tracker")
WIDTH = 1280
EMAIL, PASSWORD = "ed@example.org", secrets.token_urlsafe(16)
#: Name, address and height of each picture.
SHOWN = (
    ("state", "/negotiations/UA?as_of=2025-12-31", 1100),
    ("issue", "/issues/UA-6", 1000),
    ("changes", "/negotiations/UA/changes?since=2025-12-02&until=2025-12-31", 1100),
    ("compare", "/negotiations/UA/compare?party=ru&party=ua&party=us&proposal=3&baseline=2025-12-15", 1000),
    ("timeline", "/negotiations/UA/timeline?since=2025-11-01&until=2025-12-31", 1000),
)
SOURCE_HEIGHT = 1000
TITLE = "Note for the file: the guarantees after the meeting of 28 December"
QUOTES = {
    "us": "The United States offers them for 15 years",
    "ua": "Ukraine asks for 30 to 50 years",
}
NOTE = """What the reports of 29 December leave open

After the meeting of the two presidents on 28 December, Ukraine’s president called the guarantees between
the United States and Ukraine fully agreed. The US president spoke of about 95 per cent. Outlets differ on
what that figure covers.

Their length is open. The United States offers them for 15 years. Ukraine asks for 30 to 50 years, so a
range and not one number.

Nothing is reported of an agreement by Russia. Its foreign minister had said on 11 December that European
troops in Ukraine would be legitimate targets.
"""


def tracker(folder: Path, *arguments: str, typed: str = "") -> str:
    """Run a command of the shell on the instance in a folder, and give what it prints."""
    command = [str(TRACKER), *arguments]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        env={"TRACKER_INSTANCE": str(folder)},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the demonstration, with an editor; give its address."""
    tracker(folder, "init")
    tracker(folder, "demo")
    tracker(
        folder, "user", "add", EMAIL, "--name", "Ed", "--role", "editor", "--password-stdin", typed=PASSWORD
    )
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {"TRACKER_INSTANCE": str(folder), "TRACKER_PUBLIC_URL": address}
    command = [str(TRACKER), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
    try:
        wait_for(f"{address}/livez")
        yield address
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address: str) -> None:
    """Wait until a page answers, for 20 seconds at most."""
    for _ in range(200):
        try:
            with urlopen(address):  # noqa: S310 - the server started here
                return
        except URLError:
            time.sleep(0.1)
    sys.exit(f"{address} does not answer")


def sign_in(page: Page) -> None:
    """Sign the editor in."""
    page.goto("/sign-in")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def add_note(page: Page) -> str:
    """Add the note as a source, let two positions quote it, and give its address."""
    page.goto("/sources/new?negotiation=UA")
    page.fill("[name=title]", TITLE)
    page.select_option("[name=kind]", "internal_note")
    page.fill("[name=published_on]", "2025-12-29")
    page.fill("[name=text]", NOTE)
    page.press("[name=title]", "Enter")
    page.wait_for_url("**/sources/*")
    number = page.url.rpartition("/")[2].partition("?")[0]
    for party, quote in QUOTES.items():
        page.goto(f"/issues/UA-6/positions/new?party={party}&source={number}")
        page.select_option("[name=movement]", "restated")
        page.fill("[name=citations-0-quote]", quote)
        page.fill("[name=effective_on]", "2025-12-28")
        page.press("[name=effective_on]", "Enter")
        page.wait_for_selector("#flash .message.good")
    return f"/sources/{number}"


def take(page: Page, name: str, address: str, height: int) -> None:
    """Take the picture of a page, from its top."""
    page.goto(address)
    page.evaluate("document.activeElement?.blur()")
    page.screenshot(
        path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": WIDTH, "height": height}, full_page=True
    )


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS) as browser,
    ):
        page = browser.new_page(
            base_url=address, viewport={"width": WIDTH, "height": 900}, color_scheme="light"
        )
        sign_in(page)
        for name, where, height in SHOWN:
            take(page, name, where, height)
        take(page, "source", add_note(page), SOURCE_HEIGHT)


if __name__ == "__main__":
    main()

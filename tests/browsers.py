"""Find a Chromium that starts, or install one: `python tests/browsers.py` before the tests.

The order: the machine's own, then Playwright's; as root on Debian also Debian's.
"""

import os
import shutil
import subprocess
import sys
from functools import cache

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
#: What a Chromium needs in a container, and what keeps it from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "no Chromium starts here and none could be installed: the browser tests did not run"


@cache
def find_chromium() -> str | None:
    """Return the path of a Chromium that starts."""
    for name in NAMES:
        path = shutil.which(name)
        if path and _runs(path, "--version"):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if _runs(path, "--version") else None


def install_chromium() -> None:
    """Try Debian's package as root, then Playwright's download."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _runs("apt-get", "update", "--quiet", "--quiet")
        packages = ("--yes", "--no-install-recommends", "chromium")
        if _runs("apt-get", "install", "--quiet", "--quiet", *packages):
            return
    _runs(sys.executable, "-m", "playwright", "install", "chromium")


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=600).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    if not find_chromium():
        print("Installing Chromium for the browser tests")
        find_chromium.cache_clear()
        install_chromium()

"""Every page, in light and dark, wide and narrow, passes axe and the content security policy."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import JSHandle, Page

from tests.browser.conftest import Opener, look

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
STRANGER = [
    "/",
    "/sign-in",
    "/negotiations/UA",
    "/issues/UA-6",
    "/search?q=NATO",
    "/no-such-page",
    "/keyboard",
]
EDITOR = [
    "/negotiations/UA",
    "/negotiations/UA?as_of=2025-12-02",
    "/negotiations/UA?view=claims",
    "/negotiations/UA/issues",
    "/negotiations/UA/issues/new",
    "/negotiations/UA/compare",
    "/negotiations/UA/compare?party=ru&party=ua&party=us&as_of=2025-12-02",
    "/negotiations/UA/changes?since=2025-12-02&until=2025-12-31",
    "/negotiations/UA/changes?since=2025-12-02&until=2025-12-31&reading=recorded",
    "/negotiations/UA/brief?as_of=2025-12-24&since=2025-12-02",
    "/negotiations/UA/distance",
    "/negotiations/UA/distance?since=2025-12-02&as_of=2025-12-28",
    "/negotiations/UA/compare?party=ru&party=ua&party=us&proposal=1&proposal=3&baseline=2025-11-24",
    "/negotiations/UA/compare?party=ru&proposal=3&baseline=2025-12-15&swap=1&sort=latest",
    "/negotiations/UA/compare?fold=e3&fold=ep&baseline=2025-12-15&differences=1",
    "/negotiations/UA/saved-views",
    "/negotiations/UA/saved-views/new?party=ru",
    "/negotiations/UA/timeline",
    "/negotiations/UA/timeline?kind=status&kind=event&party=us&since=2025-11-30&until=2025-12-24",
    "/negotiations/UA/parties",
    "/negotiations/UA/parties/ru",
    "/negotiations/UA/events",
    "/negotiations/UA/events?when=past&kind=round",
    "/negotiations/UA/events/1",
    "/negotiations/UA/events/new",
    "/negotiations/UA/events/1/edit",
    "/negotiations/UA/events/1/record",
    "/negotiations/UA/proposals",
    "/negotiations/UA/proposals/1",
    "/negotiations/UA/proposals/1?against=2",
    "/negotiations/UA/proposals/new",
    "/negotiations/UA/proposals/1/edit",
    "/negotiations/UA/proposals/1/clauses/new",
    "/negotiations/UA/proposals/1/clauses/1/edit",
    "/negotiations/UA/claims",
    "/negotiations/UA/edit",
    "/negotiations/new",
    "/issues/UA-6",
    "/issues/UA-6?as_of=2025-12-24&known_at=2025-12-25",
    "/issues/UA-6/edit",
    "/issues/UA-6/status-changes",
    "/issues/UA-6/status-changes/new",
    "/issues/UA-6/positions",
    "/issues/UA-6/positions/new",
    "/issues/UA-6/positions/new?party=ru",
    "/issues/UA-6/claims",
    "/issues/UA-6/claims/new?party=us",
    "/negotiations/UA/claims/new",
    "/issues/UA-6/links/new",
    "/issues/UA-6/notes",
    "/issues/UA-6/notes/new",
    "/negotiations/UA/notes",
    "/negotiations/UA/notes?kind=assessment",
    "/negotiations/UA/inbox",
    "/negotiations/UA/evidence",
    "/negotiations/UA/evidence?entries=all&trait=contradicted",
    "/entries/2023c6a6-4939-40ae-a6e1-6f11da367f4b/citations/new",
    "/entries/2023c6a6-4939-40ae-a6e1-6f11da367f4b/links/new?q=guarantees",
    "/search",
    "/search?q=guarantees&negotiation=UA",
    "/search?q=kind:position+guarantees&sort=newest",
    "/search?q=nothing-of-the-kind+party:xx",
    "/sources?negotiation=UA",
    "/sources",
    "/sources/1",
    "/sources/new",
    "/sources/new?url=https%3A%2F%2Fexample.org%2Fa&title=Seen+there&quote=Some+words",
    "/sources/new?compact=1",
    "/sources/1/edit",
    "/reference-lists/new",
    "/sources/1/merges/new",
    "/sources/1/merges/new?into=2",
    "/account",
    "/jobs",
]
ADMIN = ["/users", "/users/new"]
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light")]
SHARES = 4
#: Measuring the contrast of all takes axe longer than all else together.
COLOURS = ["color-contrast", "link-in-text-block"]
#: Elements with text of their own: one of all that, with what they stand in, are of one class and one colour.
UNLIKE = """() => {
  const kinds = new Map(), seen = new Set();
  const kind = each => {
    if (!each) return "";
    if (!kinds.has(each)) {
      const style = getComputedStyle(each);
      const own = [each.tagName, each.className, each.disabled, style.color, style.background, style.opacity,
        style.font, style.position, style.display, style.filter];
      kinds.set(each, own.join() + kind(each.parentElement));
    }
    return kinds.get(each);
  };
  const has_text = each => each.matches("input, select, textarea")
    || [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [...document.body.querySelectorAll("*")].filter(
    each => has_text(each) && !seen.has(kind(each)) && seen.add(kind(each)));
}"""
AXE_RUN = """async ([unlike, options]) => {
  const {violations} = await axe.run(unlike ?? document, {resultTypes: ["violations"], ...options});
  const places = nodes => JSON.stringify(nodes.slice(0, 3).map(({target}) => target));
  return violations.map(({id, nodes}) => `${id}: ${places(nodes)}`);
}"""


def findings(page: Page, unlike: JSHandle | None = None, **options: Any) -> list[str]:
    """Run axe on a page, or on some elements; give each finding with the elements it is about."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(AXE_RUN, [unlike, options])
    return found


def findings_in_all_looks(page: Page) -> dict[str, list[str]]:
    """Run axe on a page in light and dark, wide and narrow, and see that it is no wider than its window.

    Contrast is measured in every look, where elements are unlike each other; all else at each width.
    """
    found: dict[str, list[str]] = {}
    for width, scheme in LOOKS:
        look(page, width, scheme)
        here = findings(page, page.evaluate_handle(UNLIKE), runOnly=COLOURS)
        if scheme == "light":
            here += findings(page, rules={rule: {"enabled": False} for rule in COLOURS})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            here.append(f"the page is {wide} px wider than the window")
        if here:
            found[f"{page.url}, {width} px, {scheme}"] = here
    look(page, *LOOKS[0])
    return found


@pytest.mark.parametrize(
    ("who", "addresses"),
    [(None, STRANGER), ("ann", ADMIN), *(("ed", EDITOR[share::SHARES]) for share in range(SHARES))],
)
def test_axe_finds_nothing(open_page: Opener, who: str | None, addresses: list[str]) -> None:
    page = open_page("/", as_=who)
    found: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(address)
        found |= findings_in_all_looks(page)
    assert found == {}

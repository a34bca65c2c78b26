"""Reads the tables of pages as scripts do."""

import re
from html.parser import HTMLParser


class Table(HTMLParser):
    """Reads the first table of a page: its column heads, and each row that has a <td>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables = 0
        self.heads: list[str] = []
        self.rows: list[list[str]] = []
        self.links: list[list[list[str]]] = []
        self.has_td = False
        self.text: list[str] | None = None
        self.hrefs: list[str] = []
        self.row: list[str] = []
        self.row_links: list[list[str]] = []
        self.is_first = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables += 1
        if self.tables != 1:
            return
        if tag == "tr":
            self.row, self.row_links, self.has_td = [], [], False
        elif tag in ("th", "td"):
            self.text, self.hrefs = [], []
            self.has_td = self.has_td or tag == "td"
        elif tag == "a" and self.text is not None:
            self.hrefs.append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self.text is not None:
            self.row.append(" ".join("".join(self.text).split()))
            self.row_links.append(self.hrefs)
            self.text = None
        elif tag == "tr" and self.tables == 1:
            if self.has_td:
                self.rows.append(self.row)
                self.links.append(self.row_links)
            elif not self.heads:
                self.heads = self.row


def sources(links: list[str]) -> list[str]:
    """Keep the links to sources."""
    return [link for link in links if re.fullmatch(r"/sources/\d+", link)]

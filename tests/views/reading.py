"""Reads pages as a browser does: elements by their id, and what a form would send."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "b", "bdi", "button", "del", "em", "i", "ins", "kbd", "mark", "q", "span", "strong", "time"}
Attributes = list[tuple[str, str | None]]


class _Element(HTMLParser):
    """Finds where the element with an id begins and ends."""

    def __init__(self, html: str, id_: str) -> None:
        super().__init__(convert_charrefs=False)
        self.wanted = id_
        self.begins: int | None = None
        self.ends: int | None = None
        self.open: list[str] = []
        self.lines = [0]
        for line in html.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.feed(html)

    @property
    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if self.begins is None and dict(attrs).get("id") == self.wanted:
            self.begins = self.place
        elif self.begins is None:
            return
        if self.ends is None and tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.begins is None or self.ends is not None:
            return
        assert tag == self.open.pop(), f"</{tag}> closes another element"
        if not self.open:
            self.ends = self.place + len(tag) + 3


def element(html: str, id_: str) -> str:
    """Give the element with an id, tags and all."""
    found = _Element(html, id_)
    assert found.begins is not None, f"no element has the id {id_}"
    assert found.ends is not None, f"the element {id_} does not end"
    return html[found.begins : found.ends]


class _Words(HTMLParser):
    """Collects the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag not in INLINE:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(html: str) -> str:
    """Give the text of a page or a part, blanks folded."""
    return " ".join("".join(_Words(html).words).split())


class _Forms(HTMLParser):
    """Collects what each form would send, buttons apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and self.forms and name:
            self._take_input(name, found)
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((found.get("value", ""), "selected" in found))
        elif tag == "textarea":
            self.area, self.text = name, ""

    def _take_input(self, name: str, found: dict[str, str]) -> None:
        if found.get("type") in ("checkbox", "radio") and "checked" not in found:
            return
        self._take(name, found.get("value", ""))

    def _take(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, is_selected in self.options if is_selected]
            for value in (chosen or [value for value, _ in self.options])[:1]:
                self._take(self.select, value)
            self.select = None
        elif tag == "textarea" and self.area:
            self._take(self.area, re.sub(r"^\r?\n", "", self.text))
            self.area = None


def form_on(html: str) -> dict[str, list[str]]:
    """Give what the first form with a form_token, but Undo, would send if its button were pressed."""
    found = [form for form in _Forms(html).forms if "form_token" in form and form.get("undo") != ["1"]]
    assert found, "no form on this page has a form_token"
    return found[0]


def fault(html: str, field: str, within: str = "f") -> str:
    """Give the message that stands beside a field; "" where there is none."""
    found = re.search(rf'<p class="error" id="{within}-{re.escape(field)}-error">(.*?)</p>', html, re.DOTALL)
    return words(found[1]) if found else ""


def shows_typed(html: str, typed: dict[str, str | list[str]]) -> bool:
    """Tell whether the form on a page holds everything that was typed."""
    held = form_on(html)
    return {name: held.get(name) for name in typed} == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }

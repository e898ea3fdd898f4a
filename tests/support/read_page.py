"""A page as a browser without script has it: its elements, links and forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
}  # fmt: skip
LEADS = ("href", "src", "action", "formaction", "srcset", "data", "poster")
GOOD_LEADS = ("/", "#", "?", "https://", "http://", "mailto:", "data:image/")


@dataclass(eq=False)
class Element:
    """An element, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list["Element | str"])

    def every(self, *tags: str) -> Iterator[Element]:
        """Every element below with one of these names; all where none is named."""
        for each in self.inside:
            if isinstance(each, Element):
                if not tags or each.tag in tags:
                    yield each
                yield from each.every(*tags)

    def text(self) -> str:
        """What a reader sees of it, with single blanks."""
        parts = (each if isinstance(each, str) else each.text() for each in self.inside)
        return " ".join(" ".join(parts).split())


@dataclass(eq=False)
class PageForm:
    """A form: where it goes, and what it sends as long as nobody touched it."""

    action: str
    method: str
    fields: dict[str, list[str]]
    labels: dict[str, str]
    """Names of fields by what is written beside them."""
    typed: list[str]
    """Names of the fields that somebody can type into."""
    buttons: dict[str, tuple[str, str]]
    """Name and value that a button sends, by its text; both may be empty."""


def read_page(html: str) -> Element:
    """The whole document."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def skeleton_of(page: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Each element with the names of its attributes: all that a text must not change.

    But for the lines of a picture, of which a longer text has more.
    """
    return [
        (each.tag, tuple(sorted(each.attributes))) for each in page.every() if each.tag != "text"
    ]


def faults_of(page: Element) -> list[str]:
    """What no page of the console has, whoever wrote its texts."""
    found: list[str] = []
    for each in page.every():
        shown = f"<{each.tag} {each.attributes}>"
        found += [shown for name in each.attributes if name.startswith("on")]
        found += [
            shown
            for name in LEADS
            if each.attributes.get(name) and not each.attributes[name].startswith(GOOD_LEADS)
        ]
        if each.tag == "script" and each.text():
            found.append(f"{shown}{each.text()[:80]}")
        if each.tag in {"base", "object", "embed", "applet"}:
            found.append(shown)
    return found


def forms_of(page: Element) -> list[PageForm]:
    """Every form, in the order of the page."""
    labels = {
        each.attributes["for"]: each.text()
        for each in page.every("label")
        if "for" in each.attributes
    }
    return [_form_of(each, page, labels) for each in page.every("form")]


def links_of(page: Element) -> dict[str, str]:
    """Where each link leads, by its text; of two with one text the first."""
    found: dict[str, str] = {}
    for each in page.every("a"):
        found.setdefault(each.text(), each.attributes.get("href", ""))
    return found


def _form_of(form: Element, page: Element, labels: dict[str, str]) -> PageForm:
    made = PageForm(
        form.attributes.get("action", ""), form.attributes.get("method", "get").lower(),
        {}, {}, [], {},
    )  # fmt: skip
    id_ = form.attributes.get("id")
    inside = list(form.every("input", "select", "textarea", "button"))
    beside = [
        each
        for each in page.every("input", "select", "textarea", "button")
        if id_ and each.attributes.get("form") == id_ and each not in inside
    ]
    around = {
        id(each): label.text()
        for label in form.every("label")
        for each in label.every("input", "select", "textarea")
    }
    for each in inside + beside:
        _add(made, each, labels.get(each.attributes.get("id", ""), around.get(id(each), "")))
    return made


def _add(form: PageForm, part: Element, label: str) -> None:
    name, kind = part.attributes.get("name", ""), part.attributes.get("type", "text")
    value = part.attributes.get("value", "")
    if "disabled" in part.attributes:
        return
    if part.tag == "button" or kind in {"submit", "image"}:
        if part.attributes.get("type", "submit") == "submit" or part.tag == "input":
            text = part.text() or value or part.attributes.get("aria-label", "")
            form.buttons[text] = (name, value)
        return
    if not name:
        return
    form.labels.setdefault(label or part.attributes.get("aria-label", ""), name)
    values = form.fields.setdefault(name, [])
    if part.tag == "select":
        values += _selected(part)
    elif part.tag == "textarea":
        form.typed.append(name)
        values.append("".join(each for each in part.inside if isinstance(each, str)))
    elif kind in {"checkbox", "radio"}:
        values += [value or "on"] * ("checked" in part.attributes)
    else:
        if kind != "hidden":
            form.typed.append(name)
        values.append(value)


def _selected(part: Element) -> list[str]:
    options = list(part.every("option"))
    chosen = [each for each in options if "selected" in each.attributes]
    if not chosen and "multiple" not in part.attributes:
        chosen = options[:1]
    return [each.attributes.get("value", each.text()) for each in chosen]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        names = [each.tag for each in self._open]
        if tag in names[1:]:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)

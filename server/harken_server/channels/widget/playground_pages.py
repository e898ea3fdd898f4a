"""The playground, and the page of a made-up shop in which it shows the widget at work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from harken_server.channels.widget.snippets import (
    PLACE,
    Choices,
    Served,
    policy_lines,
    script_address,
    script_attributes,
    snippets_for,
)
from harken_server.design.templates import open_templates
from harken_server.http.packed import Packed, pack
from harken_server.http.pages import Document
from harken_server.kernel.languages import is_right_to_left, language_name

WIDTHS = {"phone": 390, "tablet": 768, "desktop": 1280}
HEIGHTS = {"phone": 720, "tablet": 760, "desktop": 760}
ASSETS = {
    "playground.css": "text/css; charset=utf-8",
    "playground.js": "text/javascript; charset=utf-8",
    "preview.css": "text/css; charset=utf-8",
    "preview.js": "text/javascript; charset=utf-8",
}
_FOLDER = Path(__file__).parent
_TEMPLATES = _FOLDER / "templates"


class Offer(msgspec.Struct, frozen=True):
    """A survey to pick."""

    key: str
    title: str


class Playground(msgspec.Struct, kw_only=True, frozen=True):
    """Everything that the page depends on."""

    choices: Choices
    served: Served
    offers: Sequence[Offer] = ()
    locales: Sequence[str] = ()
    problem: str = ""
    """Why the key cannot be used."""
    warning: str = ""
    """Why the key should not be used."""

    @property
    def unknown(self) -> bool:
        """Whether the chosen survey is not there, or not live."""
        keys = {offer.key for offer in self.offers}
        return bool(self.choices.survey and not self.problem) and self.choices.survey not in keys


def render_playground(view: Playground, nonce: str) -> Document:
    """The playground; complete without script, quicker with it."""
    example = view.offers[0].key if view.offers else "post_purchase"
    body = (
        open_templates(_TEMPLATES)
        .get_template("playground.html")
        .render(
            view=view,
            chosen=view.choices,
            nonce=nonce,
            fields=_fields(view),
            widths=WIDTHS,
            width=WIDTHS[view.choices.device],
            height=HEIGHTS[view.choices.device],
            preview=f"preview?{_query(view.choices)}",
            snippets=snippets_for(view.served, view.choices, example),
        )
    )
    source = f"'nonce-{nonce}'"
    policy = (
        f"default-src 'none'; script-src {source}; style-src {source}; connect-src 'self'; "
        "img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return Document(body.encode(), policy)


def render_preview(served: Served, choices: Choices, survey: str) -> Document:
    """A shop with the widget in it, under the very policy that the playground shows.

    `survey` is shown at once; empty to wait for the survey's own triggers.
    """
    locale = choices.locale or "en"
    body = (
        open_templates(_TEMPLATES)
        .get_template("preview.html")
        .render(
            locale=locale,
            direction="rtl" if is_right_to_left(locale) else "ltr",
            scheme=choices.scheme,
            survey=survey,
            place=PLACE if choices.mode == "inline" else "",
            server=served.url,
            address=script_address(served.url, choices),
            attributes=script_attributes(choices),
        )
    )
    lines = "; ".join(policy_lines(served))
    policy = (
        f"{lines}; default-src 'none'; style-src 'self'; require-trusted-types-for 'script'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    return Document(body.encode(), policy)


@cache
def asset(name: str) -> Packed:
    """A style sheet or script of the two pages."""
    return pack((_FOLDER / "static" / name).read_bytes())


def _fields(view: Playground) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, label and options of each select."""
    surveys = [(offer.key, offer.title) for offer in view.offers]
    locales = [(locale, language_name(locale)) for locale in view.locales]
    return [
        ("survey", "Survey", [("", "All that are targeted"), *surveys]),
        ("mode", "Mode", [("", "As the survey says"), *_MODES]),
        ("position", "Position", [("", "As the survey says"), *_POSITIONS]),
        ("scheme", "Light or dark", [("", "As the survey says"), *_SCHEMES]),
        ("locale", "Language", [("", "The page's"), *locales]),
        ("memory", "What the device remembers", _MEMORIES),
        ("waits", "Show it", [("", "At once"), ("yes", "When its triggers say so")]),
    ]


_MODES = [
    ("popover", "Popover"),
    ("modal", "Modal"),
    ("sheet", "Bottom sheet"),
    ("inline", "Inline"),
    ("tab", "Feedback tab"),
    ("slide_in", "Slide-in"),
]
_POSITIONS = [
    ("bottom_right", "Bottom right"),
    ("bottom_left", "Bottom left"),
    ("top_right", "Top right"),
    ("top_left", "Top left"),
]
_SCHEMES = [("auto", "As the device"), ("light", "Light"), ("dark", "Dark")]
_MEMORIES = [
    ("", "Nothing"),
    ("session", "Until the tab closes"),
    ("local", "Lastingly"),
]


def _query(choices: Choices) -> str:
    given = {name: getattr(choices, name) for name in choices.__struct_fields__}
    return urlencode({name: value for name, value in given.items() if value})

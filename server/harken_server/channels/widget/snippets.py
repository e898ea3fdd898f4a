"""What a site pastes to get the widget: each way in, written out for one key and its options."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

import msgspec

from harken_server.design.markup import xml_text

Mode = Literal["", "popover", "modal", "sheet", "inline", "tab", "slide_in"]
Position = Literal["", "bottom_right", "bottom_left", "top_right", "top_left"]
PLACE = "feedback"
"""Id of the element that an inline survey is put into, in snippets and in the preview."""


class Choices(msgspec.Struct, kw_only=True, frozen=True):
    """What was chosen in the playground; empty means: as the survey or the page says."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[!-~]*\Z", max_length=100)] = ""
    survey: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]*\Z", max_length=64)] = ""
    mode: Mode = ""
    position: Position = ""
    scheme: Literal["", "light", "dark", "auto"] = ""
    locale: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]*\Z", max_length=12)] = ""
    memory: Literal["", "session", "local"] = ""
    device: Literal["phone", "tablet", "desktop"] = "phone"
    waits: Literal["", "yes"] = ""
    """Whether the preview waits for the survey's own triggers."""

    def options(self) -> dict[str, str]:
        """The chosen options by their names in JavaScript."""
        named = {
            "survey": self.survey,
            "mode": self.mode,
            "position": self.position,
            "scheme": self.scheme,
            "locale": self.locale,
            "memory": self.memory,
            "element": f"#{PLACE}" if self.mode == "inline" else "",
        }
        return {name: value for name, value in named.items() if value}


class Snippet(msgspec.Struct, frozen=True):
    """Something to copy, and when to take it."""

    id: str
    title: str
    note: str
    code: str


class Served(msgspec.Struct, frozen=True):
    """Where the server is, and its pinned file."""

    url: str
    """The public address, without a slash at its end."""
    whole: str
    integrity: str
    has_logo: bool = False

    @property
    def origin(self) -> str:
        """Scheme and host: what a content policy names."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def script_address(server: str, choices: Choices) -> str:
    """Address of the loader with the config in it; the survey is named in case it is not listed."""
    asked = {"key": choices.key, "locale": choices.locale, "survey": choices.survey}
    return f"{server}/widget/v1.js?{urlencode({k: v for k, v in asked.items() if v})}"


def script_attributes(choices: Choices) -> dict[str, str]:
    """The `data-` attributes of a script tag."""
    return {f"data-{name}": value for name, value in choices.options().items()}


def snippets_for(served: Served, choices: Choices, example: str) -> tuple[Snippet, ...]:
    """Every way in, the one for most people first.

    `example` is the survey to name where one must be named and none is chosen.
    """
    address, attributes = script_address(served.url, choices), script_attributes(choices)
    options = {"server": served.url, **choices.options()}
    pinned = {
        "integrity": served.integrity,
        "crossorigin": "anonymous",
        "data-key": choices.key or "hk_…",
        **attributes,
    }
    filled_in = {
        "place": f'<div id="{PLACE}"></div>\n' if choices.mode == "inline" else "",
        "tag": _tag(address, attributes),
        "survey": xml_text(choices.survey or example),
        "key": _quoted(choices.key or "hk_…"),
        "options": "".join(f"  {name}: {_quoted(v)},\n" for name, v in options.items()),
        "address": _quoted(address),
        "dataset": "".join(
            f"    tag.dataset.{name} = {_quoted(v)};\n" for name, v in choices.options().items()
        ),
        "pinned": _tag(f"{served.url}/widget/{served.whole}", pinned),
        "policy": "\n".join(f"{line};" for line in policy_lines(served)),
    }
    return tuple(
        msgspec.structs.replace(each, code=Template(each.code).substitute(filled_in))
        for each in _written()
    )


def event_snippet(name: str, properties: Mapping[str, object]) -> str:
    """What a page says to report an event, before or after the widget has loaded."""
    said = [_quoted("track"), _quoted(name), *([_quoted(properties)] if properties else ())]
    call = f"harken.push([{', '.join(said)}]);"
    return f"<script>\n  window.harken = window.harken || [];\n  {call}\n</script>"


def policy_lines(served: Served) -> tuple[str, ...]:
    """What the widget needs of a site's Content-Security-Policy."""
    lines = (f"script-src {served.origin}", f"connect-src {served.origin}")
    return (*lines, f"img-src {served.origin}") if served.has_logo else lines


@cache
def _written() -> tuple[Snippet, ...]:
    """As the file has them, with nothing filled in."""
    raw = Path(__file__).with_suffix(".toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, tuple[Snippet, ...]])["snippets"]


def _tag(address: str, attributes: Mapping[str, str]) -> str:
    written = "".join(f'\n  {name}="{xml_text(value)}"' for name, value in attributes.items())
    return f'<script async src="{xml_text(address)}"{written}></script>'


def _quoted(value: object) -> str:
    """A value of JavaScript that may stand in an HTML page."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")

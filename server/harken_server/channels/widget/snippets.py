"""What a site pastes to get the widget: each way in, written out for one key and its options."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

import msgspec

Mode = Literal["", "popover", "modal", "sheet", "inline", "tab", "slide_in"]
Position = Literal["", "bottom_right", "bottom_left", "top_right", "top_left"]
PLACE = "feedback"
"""Id of the element that an inline survey is put into, in snippets and in the preview."""


class Choices(msgspec.Struct, kw_only=True, frozen=True):
    """What was chosen in the playground; empty means: as the survey or the page says."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[!-~]*$", max_length=100)] = ""
    survey: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]*$", max_length=64)] = ""
    mode: Mode = ""
    position: Position = ""
    scheme: Literal["", "light", "dark", "auto"] = ""
    locale: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]*$", max_length=12)] = ""
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
    return (
        Snippet(
            "tag",
            "One tag",
            "Paste it before </head>. It does not hold up the page.",
            _place(choices) + _tag(script_address(served.url, choices), script_attributes(choices)),
        ),
        Snippet(
            "queue",
            "Calls before it has loaded",
            "Put this anywhere, before or after the tag: calls are kept until the widget is there.",
            _QUEUE,
        ),
        Snippet(
            "element",
            "In the middle of a page",
            "Beside the tag: the survey stands where the element stands.",
            _element(choices.survey or example),
        ),
        Snippet(
            "npm",
            "From npm",
            "With a bundler: typed, and safe to import on a server.",
            _npm(served, choices),
        ),
        *_for_special_sites(served, choices),
    )


def policy_lines(served: Served) -> tuple[str, ...]:
    """What the widget needs of a site's Content-Security-Policy."""
    lines = (f"script-src {served.origin}", f"connect-src {served.origin}")
    return (*lines, f"img-src {served.origin}") if served.has_logo else lines


def _for_special_sites(served: Served, choices: Choices) -> tuple[Snippet, ...]:
    return (
        Snippet(
            "gtm",
            "Google Tag Manager",
            "A Custom HTML tag for All Pages: what happens goes to the dataLayer, without answers.",
            _tag_manager(served, choices),
        ),
        Snippet(
            "pinned",
            "Pinned with integrity",
            "The browser refuses any other file. It changes with each release of Harken: update "
            "the tag after upgrading the server.",
            _pinned(served, choices),
        ),
        Snippet(
            "policy",
            "Content Security Policy",
            "All that a strict site must allow; no style, no frame, no inline script.",
            _policy(served),
        ),
    )


_QUEUE = """\
<script>
  window.harken = window.harken || [];
  harken.push(["identify", "customer-42", "1.… the signature made by your server"]);
  harken.push(["track", "order_placed", { amount: 42.5 }]);
</script>"""


def _tag(address: str, attributes: Mapping[str, str]) -> str:
    written = "".join(f'\n  {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<script async src="{escape(address)}"{written}></script>'


def _place(choices: Choices) -> str:
    return f'<div id="{PLACE}"></div>\n' if choices.mode == "inline" else ""


def _element(survey: str) -> str:
    return f'<harken-survey survey="{escape(survey)}"></harken-survey>'


def _npm(served: Served, choices: Choices) -> str:
    options = {"server": served.url, **choices.options()}
    written = "".join(f"  {name}: {_quoted(value)},\n" for name, value in options.items())
    return (
        "// npm install @harken/widget\n"
        'import { init } from "@harken/widget";\n\n'
        f"init({_quoted(choices.key or 'hk_…')}, {{\n{written}}});"
    )


def _tag_manager(served: Served, choices: Choices) -> str:
    """Attributes of a tag may be stripped there, so they are set from script."""
    options = choices.options()
    lines = "".join(f"    tag.dataset.{name} = {_quoted(v)};\n" for name, v in options.items())
    return f"""\
<script>
  (function () {{
    window.dataLayer = window.dataLayer || [];
    window.harken = window.harken || [];
    ["shown", "answered", "submitted", "dismissed"].forEach(function (name) {{
      harken.push(["on", name, function (event) {{
        dataLayer.push({{ event: "harken_" + name, harken_survey: event.survey }});
      }}]);
    }});
    var tag = document.createElement("script");
    tag.async = true;
    tag.src = {_quoted(script_address(served.url, choices))};
{lines}    document.head.appendChild(tag);
  }})();
</script>"""


def _pinned(served: Served, choices: Choices) -> str:
    attributes = {
        "integrity": served.integrity,
        "crossorigin": "anonymous",
        "data-key": choices.key or "hk_…",
        **script_attributes(choices),
    }
    return _place(choices) + _tag(f"{served.url}/widget/{served.whole}", attributes)


def _policy(served: Served) -> str:
    return "\n".join(f"{line};" for line in policy_lines(served))


def _quoted(text: str) -> str:
    """A string of JavaScript that may stand in an HTML page."""
    return msgspec.json.encode(text).decode().replace("<", "\\u003c")

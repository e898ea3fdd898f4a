"""`/widget/playground`: try the widget, copy what a site needs; `/widget/preview` is its shop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from harken_server.channels.widget.configs import Listing, Shown
from harken_server.channels.widget.snippets import (
    PLACE,
    Choices,
    Served,
    policy_lines,
    script_address,
    script_attributes,
    snippets_for,
)
from harken_server.channels.widget.state import WidgetState, find_page_key
from harken_server.design.pages import POLICY, render
from harken_server.design.templates import render_template
from harken_server.http.bodies import pairs_of, with_choices
from harken_server.http.declared import Arrival
from harken_server.http.encodings import gzipped, takes_coding
from harken_server.http.packed import Packed, Reply, conditional, pack
from harken_server.http.pages import Document, page
from harken_server.http.problems import log_storage_failure, problem_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import HarkenError
from harken_server.kernel.languages import is_right_to_left, language_name
from harken_server.surveys.survey import offered_locales
from harken_server.surveys.titles import title_of
from harken_server.workspaces.workspace import ApiKey

MAX_QUERY_BYTES = 2 * 1024
ASSETS = {
    "playground.js": "text/javascript; charset=utf-8",
    "preview.css": "text/css; charset=utf-8",
    "preview.js": "text/javascript; charset=utf-8",
}
_FOLDER = Path(__file__).parent.parent
_TEMPLATES = _FOLDER / "templates"
_ASSET_CACHING = "public, max-age=300"
_TOO_WIDE = (
    "This key may do more than answer surveys. Never put it into a page: make one of the scope "
    "public."
)


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


@page("/widget/playground")
async def playground(arrival: Arrival) -> Reply:
    """The playground for what the address says."""
    view, _ = await _look_up(arrival, _choices(arrival))
    return _page(arrival, render_playground(view))


@page("/widget/preview")
async def preview(arrival: Arrival) -> Reply:
    """A shop with the widget in it, for the playground's frame."""
    choices = _choices(arrival)
    view, listing = await _look_up(arrival, choices)
    targeted = listing.shown() if listing else ()
    first = choices.survey or (targeted[0].survey.key if targeted else "")
    return _page(arrival, render_preview(view.served, choices, "" if choices.waits else first))


@page([f"/widget/{name}" for name in ASSETS])
async def page_asset(arrival: Arrival) -> Reply:
    """Style sheets and scripts of the two pages."""
    name = arrival.scope["path"].rpartition("/")[2]
    return conditional(asset(name), arrival.headers, ASSETS[name], _ASSET_CACHING)


async def _look_up(arrival: Arrival, choices: Choices) -> tuple[Playground, Listing | None]:
    runtime = arrival.runtime
    if not choices.key:
        return Playground(choices=choices, served=_served(runtime, ())), None
    try:
        key = await find_page_key(runtime, arrival.scope, {}, choices.key)
        listing = await runtime.of(WidgetState).configs.listing(key.workspace_id)
    except HarkenError as error:
        log_storage_failure(error)
        served = _served(runtime, ())
        return Playground(choices=choices, served=served, problem=problem_of(error).detail), None
    return _view(runtime, choices, key, listing), listing


def _view(runtime: Runtime, choices: Choices, key: ApiKey, listing: Listing) -> Playground:
    """Surveys are listed when they are targeted; any other live one must be named by its key."""
    shown = listing.shown((choices.survey,))
    locales = dict.fromkeys(name for item in shown for name in offered_locales(item.survey))
    return Playground(
        choices=choices,
        served=_served(runtime, shown),
        offers=[_offer(item) for item in shown],
        locales=tuple(locales),
        warning="" if set(key.scopes) == {"public"} else _TOO_WIDE,
    )


def _offer(item: Shown) -> Offer:
    return Offer(item.survey.key, title_of(item.survey))


def _served(runtime: Runtime, shown: tuple[Shown, ...]) -> Served:
    files = runtime.of(WidgetState).files
    return Served(
        url=runtime.settings.of(HttpSettings).public_url.rstrip("/"),
        whole=files.whole,
        integrity=files.integrity[files.whole],
        has_logo=any(item.survey.presentation.theme.logo for item in shown),
    )


def _choices(arrival: Arrival) -> Choices:
    raw: bytes = arrival.scope["query_string"][:MAX_QUERY_BYTES]
    said = ((name, value) for name, value in pairs_of(raw) if value)
    return with_choices(
        Choices(), (("survey" if name == "other" else name, value.strip()) for name, value in said)
    )


def _page(arrival: Arrival, made: Document) -> Reply:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": made.policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "vary": "Accept-Encoding",
        "x-robots-tag": "noindex",
    }
    if not takes_coding(arrival.headers, b"gzip"):
        return Reply(200, headers, made.body)
    return Reply(200, {**headers, "content-encoding": "gzip"}, gzipped(made.body))


def render_playground(view: Playground) -> Document:
    """The playground; complete without script, quicker with it."""
    example = view.offers[0].key if view.offers else "post_purchase"
    body = render(
        _TEMPLATES,
        "playground.html",
        view=view,
        chosen=view.choices,
        surveys=[(offer.key, offer.title) for offer in view.offers],
        locales=[(locale, language_name(locale)) for locale in view.locales],
        preview=f"preview?{_query(view.choices)}",
        snippets=snippets_for(view.served, view.choices, example),
    )
    return Document(body.encode(), POLICY)


def render_preview(served: Served, choices: Choices, survey: str) -> Document:
    """A shop with the widget in it, under the very policy that the playground shows.

    `survey` is shown at once; empty to wait for the survey's own triggers.
    """
    locale = choices.locale or "en"
    body = render_template(
        _TEMPLATES,
        "preview.html",
        locale=locale,
        direction="rtl" if is_right_to_left(locale) else "ltr",
        scheme=choices.scheme,
        survey=survey,
        place=PLACE if choices.mode == "inline" else "",
        server=served.url,
        address=script_address(served.url, choices),
        attributes=script_attributes(choices),
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


def _query(choices: Choices) -> str:
    given = {name: getattr(choices, name) for name in choices.__struct_fields__}
    return urlencode({name: value for name, value in given.items() if value})

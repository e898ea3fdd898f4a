"""`/widget/playground`: try the widget, copy what a site needs; `/widget/preview` is its shop."""

import base64
from urllib.parse import parse_qsl

import msgspec

from harken_server.channels.page.wording import offered_locales
from harken_server.channels.widget.configs import Listing, Shown
from harken_server.channels.widget.playground_pages import (
    ASSETS,
    Offer,
    Playground,
    asset,
    render_playground,
    render_preview,
)
from harken_server.channels.widget.snippets import Choices, Served
from harken_server.channels.widget.state import WidgetState, find_page_key
from harken_server.http.declared import Arrival
from harken_server.http.encodings import gzipped, takes_coding
from harken_server.http.packed import Reply, conditional
from harken_server.http.pages import Document, page
from harken_server.http.problems import log_storage_failure, problem_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import HarkenError
from harken_server.surveys.texts import resolve_text
from harken_server.workspaces.workspace import ApiKey

MAX_QUERY_BYTES = 2 * 1024
NONCE_BYTES = 16
_ASSET_CACHING = "public, max-age=300"
_TOO_WIDE = (
    "This key may do more than answer surveys. Never put it into a page: make one of the scope "
    "public."
)


@page("/widget/playground")
async def playground(arrival: Arrival) -> Reply:
    """The playground for what the address says."""
    view, _ = await _look_up(arrival, _choices(arrival))
    nonce = base64.b64encode(arrival.runtime.random(NONCE_BYTES)).decode()
    return _page(arrival, render_playground(view, nonce))


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
    survey = item.survey
    return Offer(survey.key, resolve_text(survey.title, survey.locale, survey.locale))


def _served(runtime: Runtime, shown: tuple[Shown, ...]) -> Served:
    files = runtime.of(WidgetState).files
    return Served(
        url=runtime.settings.of(HttpSettings).public_url.rstrip("/"),
        whole=files.whole,
        integrity=files.integrity[files.whole],
        has_logo=any(item.survey.presentation.theme.logo for item in shown),
    )


def _choices(arrival: Arrival) -> Choices:
    """What the address says; what it says wrongly is as if not said."""
    raw: bytes = arrival.scope["query_string"][:MAX_QUERY_BYTES]
    chosen = Choices()
    for written, value in parse_qsl(raw.decode("latin-1")):
        name = "survey" if written == "other" else written
        if name not in Choices.__struct_fields__:
            continue
        try:
            given = {**msgspec.to_builtins(chosen), name: value.strip()}
            chosen = msgspec.convert(given, Choices)
        except msgspec.ValidationError:
            continue
    return chosen


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

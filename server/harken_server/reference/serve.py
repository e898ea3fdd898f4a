"""The API described: OpenAPI as JSON, as a page without script, and the schemas of files."""

from functools import partial
from typing import Any

import msgspec
from litestar import Litestar, Response

from harken_server import __version__
from harken_server.http.declared import Arrival
from harken_server.http.pages import Document, page
from harken_server.http.public import ANYONE, get
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.journeys.rules.schema import journey_schema
from harken_server.reference.api_page import render_front_page, render_reference
from harken_server.reference.openapi import build_document
from harken_server.surveys.files.schema import survey_schema

CACHE_FOR_AN_HOUR = "public, max-age=3600"


_published = partial(get, caller=ANYONE, reply_type="application/json")
_page = partial(page, headers={"cache-control": CACHE_FOR_AN_HOUR})


@_published("/openapi.json", "get_openapi", "This API as an OpenAPI 3.1 document")
async def openapi(arrival: Arrival) -> Response[bytes]:
    """The document that clients are generated from."""
    return _for_an_hour(_document(arrival.scope["app"], arrival.runtime))


@_page("/")
async def front_page(_: Arrival) -> Document:
    """Whoever comes without an address learns that the server runs, and where to read on."""
    return render_front_page(__version__)


@_page("/docs")
async def docs(arrival: Arrival) -> Document:
    """The document as a page to read; nothing is loaded from elsewhere."""
    return render_reference(_document(arrival.scope["app"], arrival.runtime))


@_published("/schema/survey-1.json", "get_survey_schema", "The JSON Schema of survey files")
async def survey_file_schema(_: Arrival) -> Response[bytes]:
    """For editors: put its address into a file's `$schema` line."""
    return _for_an_hour(survey_schema())


@_published("/schema/journey-1.json", "get_journey_schema", "The JSON Schema of journey files")
async def journey_file_schema(_: Arrival) -> Response[bytes]:
    """For editors, like that of survey files."""
    return _for_an_hour(journey_schema())


def _for_an_hour(document: dict[str, Any]) -> Response[bytes]:
    return Response(
        msgspec.json.encode(document),
        media_type="application/json",
        headers={"cache-control": CACHE_FOR_AN_HOUR, "access-control-allow-origin": "*"},
    )


def _document(app: Litestar, runtime: Runtime) -> dict[str, Any]:
    public_url = runtime.settings.of(HttpSettings).public_url
    made: dict[str, dict[str, Any]] = app.state.setdefault("openapi", {})
    if public_url not in made:
        made[public_url] = build_document(app, public_url)
    return made[public_url]

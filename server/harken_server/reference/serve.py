"""The API described: OpenAPI as JSON, as a page without script, and the schemas of files."""

from typing import Any

import msgspec
from litestar import Request, Response, get

from harken_server import __version__
from harken_server.http.operations import Operation, describe
from harken_server.http.runtime import runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.journeys.rules.schema import journey_schema
from harken_server.reference.api_page import (
    ReferencePage,
    render_front_door,
    render_reference,
)
from harken_server.reference.openapi import build_document
from harken_server.surveys.files.schema import survey_schema

CACHE_FOR_AN_HOUR = "public, max-age=3600"


@get(
    "/openapi.json",
    opt=describe(
        Operation(
            "get_openapi",
            "This API as an OpenAPI 3.1 document",
            is_keyed=False,
        )
    ),
)
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document that clients are generated from."""
    return Response(
        msgspec.json.encode(_document(request)),
        media_type="application/json",
        headers={"cache-control": CACHE_FOR_AN_HOUR, "access-control-allow-origin": "*"},
    )


@get("/")
async def front_door() -> Response[bytes]:
    """Whoever comes without an address learns that the server runs, and where to read on."""
    return _page(render_front_door(__version__))


@get("/docs")
async def docs(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document as a page to read; nothing is loaded from elsewhere."""
    return _page(render_reference(_document(request)))


@get(
    "/schema/survey-1.json",
    opt=describe(
        Operation(
            "get_survey_schema",
            "The JSON Schema of survey files",
            is_keyed=False,
        )
    ),
)
async def survey_file_schema() -> Response[bytes]:
    """For editors: put its address into a file's `$schema` line."""
    return Response(
        msgspec.json.encode(survey_schema()),
        media_type="application/json",
        headers={"cache-control": CACHE_FOR_AN_HOUR, "access-control-allow-origin": "*"},
    )


@get(
    "/schema/journey-1.json",
    opt=describe(
        Operation(
            "get_journey_schema",
            "The JSON Schema of journey files",
            is_keyed=False,
        )
    ),
)
async def journey_file_schema() -> Response[bytes]:
    """For editors, like that of survey files."""
    return Response(
        msgspec.json.encode(journey_schema()),
        media_type="application/json",
        headers={"cache-control": CACHE_FOR_AN_HOUR, "access-control-allow-origin": "*"},
    )


def _page(page: ReferencePage) -> Response[bytes]:
    return Response(
        page.body,
        media_type="text/html",
        headers={
            "cache-control": CACHE_FOR_AN_HOUR,
            "content-security-policy": page.content_policy,
        },
    )


def _document(request: Request[Any, Any, Any]) -> dict[str, Any]:
    state = request.app.state
    if not hasattr(state, "openapi"):
        http = runtime_of(request).settings.of(HttpSettings)
        state.openapi = build_document(request.app, http.public_url)
    return state.openapi


ROUTES = (front_door, openapi, docs, survey_file_schema, journey_file_schema)

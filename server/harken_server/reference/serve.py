"""The API described: OpenAPI as JSON, as a page without script, and the schemas of files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar, Response

from harken_server.design.pages import POLICY, render
from harken_server.http.declared import Arrival, Caller
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Document, page, reply_of
from harken_server.http.public import ANYONE, get
from harken_server.http.settings import HttpSettings
from harken_server.journeys.rules.schema import journey_schema
from harken_server.reference.openapi import build_document
from harken_server.surveys.files.schema import survey_schema
from harken_server.workspaces.access import find_bearer
from harken_server.workspaces.settings import RightsSettings

CACHE_FOR_AN_HOUR = "public, max-age=3600"
FOR_AN_HOUR = {"cache-control": CACHE_FOR_AN_HOUR, "access-control-allow-origin": "*"}


def _is_keyed(arrival: Arrival) -> bool:
    return arrival.runtime.settings.of(RightsSettings).description == "keyed"


async def _reader(arrival: Arrival) -> Arrival:
    """Anybody, or where that is set whoever has a key. Raises AccessError."""
    if _is_keyed(arrival):
        await find_bearer(arrival.runtime, arrival.header("authorization"))
    return arrival


READER = Caller(_reader, (401,))
_published = partial(get, caller=ANYONE, reply_type="application/json")
_page = partial(page, headers={"cache-control": CACHE_FOR_AN_HOUR})


@get(
    "/openapi.json",
    "get_openapi",
    "This API as an OpenAPI 3.1 document",
    caller=READER,
    reply_type="application/json",
)
async def openapi(arrival: Arrival) -> Response[bytes]:
    """The document that clients are generated from."""
    document = _described(arrival).document
    headers = {"cache-control": "private, no-store"} if _is_keyed(arrival) else FOR_AN_HOUR
    return Response(document, media_type="application/json", headers=headers)


@_page("/docs")
async def docs(arrival: Arrival) -> Document | Reply:
    """The document as a page to read; nothing is loaded from elsewhere."""
    await _reader(arrival)
    page = _described(arrival).page
    return reply_of(page, PRIVATE) if _is_keyed(arrival) else page


@_published("/schema/survey-1.json", "get_survey_schema", "The JSON Schema of survey files")
async def survey_file_schema(_: Arrival) -> Response[bytes]:
    """For editors: put its address into a file's `$schema` line."""
    return _for_an_hour(_encoded(survey_schema))


@_published("/schema/journey-1.json", "get_journey_schema", "The JSON Schema of journey files")
async def journey_file_schema(_: Arrival) -> Response[bytes]:
    """For editors, like that of survey files."""
    return _for_an_hour(_encoded(journey_schema))


def _for_an_hour(document: bytes) -> Response[bytes]:
    return Response(
        document,
        media_type="application/json",
        headers=FOR_AN_HOUR,
    )


class _Description(NamedTuple):
    """Made once, since making it takes as long as some hundred requests."""

    document: bytes
    page: Document


def _described(arrival: Arrival) -> _Description:
    app: Litestar = arrival.scope["app"]
    public_url = arrival.runtime.settings.of(HttpSettings).public_url
    made: dict[str, _Description] = app.state.setdefault("described", {})
    if public_url not in made:
        document = build_document(app, public_url)
        made[public_url] = _Description(msgspec.json.encode(document), render_reference(document))
    return made[public_url]


@cache
def _encoded(schema: Callable[[], dict[str, Any]]) -> bytes:
    return msgspec.json.encode(schema())


FOLDER = Path(__file__).parent / "templates"


class _Field(NamedTuple):
    name: str
    kind: str
    is_required: bool
    meaning: str


def render_reference(document: dict[str, Any]) -> Document:
    """The page for a document made by `reference.openapi`."""
    return _render(
        "reference.html",
        info=document["info"],
        server=document["servers"][0]["url"],
        groups=_groups(document),
        schemas=[
            (name, schema.get("description", ""), _fields(schema))
            for name, schema in sorted(document["components"]["schemas"].items())
        ],
    )


def _render(template: str, **parts: Any) -> Document:
    return Document(render(FOLDER, template, **parts).encode(), POLICY, locale="en")


def _groups(document: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = _group_of(path)
            groups.setdefault(name, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "id": operation["operationId"],
                    "summary": operation["summary"],
                    "scope": operation.get("x-scope"),
                    "parameters": operation.get("parameters", []),
                    "body": _schema_name(operation.get("requestBody", {}).get("content", {})),
                    "responses": [
                        (status, answer["description"], _schema_name(answer.get("content", {})))
                        for status, answer in operation["responses"].items()
                    ],
                }
            )
    return sorted(groups.items())


def _group_of(path: str) -> str:
    parts = path.strip("/").split("/")
    return parts[1].capitalize() if parts[0] == "v1" and len(parts) > 1 else "Server"


def _schema_name(content: dict[str, Any]) -> str:
    for media in content.values():
        return str(media["schema"].get("$ref", "")).rpartition("/")[2]
    return ""


def _fields(schema: dict[str, Any]) -> list[_Field]:
    required = set(schema.get("required", ()))
    return [
        _Field(name, _kind(item), name in required, item.get("description", ""))
        for name, item in schema.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema:
        return " | ".join(repr(item) for item in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(_kind(item) for item in schema[union]))
    if schema.get("type") == "array":
        items: Any = schema.get("items")
        return f"list of {_kind(items)}" if items else "list"
    kind = str(schema.get("format") or schema.get("type") or "anything")
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"{kind} {low} to {high}" if low is not None and high is not None else kind

"""The OpenAPI 3.1 document, made from the operations and their msgspec types.

Built here rather than by the framework because it must say what is true: discriminators on unions,
no additional properties, every status and its problem document, and the submit route.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from harken_server import __version__
from harken_server.http.operations import (
    KEYED_ERRORS,
    OPERATION,
    SUBMIT_PATH,
    Operation,
    SubmitQuery,
)
from harken_server.http.problems import PROBLEM_MEDIA_TYPE, TITLES, ProblemDocument
from harken_server.http.resources import IN_QUERY
from harken_server.responses.submission import Receipt, Submission
from harken_server.workspaces.access import SAID

SUBMIT = Operation(
    "submit_response",
    "Submit a response; repeating it is safe and gives the same receipt",
    scope="public",
    bodies=(Submission,),
    query=SubmitQuery,
    replies=(Receipt,),
    status=201,
    is_keyed=False,
    errors=(400, 401, 403, 404, 409, 410, 413, 415, 422, 429),
    body_types=("application/json", "text/plain"),
)
ALWAYS = (503,)
_TEXT = {"type": "string", "minLength": 1}


def build_document(app: Litestar, public_url: str) -> dict[str, Any]:
    """The document for the routes of this app."""
    found = [*_operations(app), (SUBMIT_PATH, "post", SUBMIT)]
    schemas = _Schemas(operation for _, _, operation in found)
    paths: dict[str, Any] = {}
    for path, method, operation in sorted(found, key=lambda item: (item[0], item[1])):
        paths.setdefault(path, {})[method] = _describe(path, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Harken",
            "version": __version__,
            "description": "Ask at the touchpoint, collect durably, read honest scores.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, hk_…"}
            },
        },
    }


class _Schemas:
    """JSON Schemas of all types in use, with references into the components."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        types: list[Any] = [ProblemDocument]
        for operation in operations:
            types += [*operation.bodies, *operation.replies]
            types += [operation.query] if operation.query else []
        self._types = list(dict.fromkeys(types))
        references, self.components = msgspec.json.schema_components(
            self._types, ref_template="#/components/schemas/{name}"
        )
        self._references = dict(zip(self._types, references, strict=True))

    def of(self, kind: Any) -> dict[str, Any]:
        return self._references[kind]

    def any_of(self, *kinds: Any) -> dict[str, Any]:
        known = [self.of(kind) for kind in kinds]
        return known[0] if len(known) == 1 else {"anyOf": known}

    def properties(self, kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
        name = self.of(kind)["$ref"].rpartition("/")[2]
        schema = self.components[name]
        return schema.get("properties", {}), frozenset(schema.get("required", ()))


def _operations(app: Litestar) -> Iterable[tuple[str, str, Operation]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and OPERATION in handler.opt:
                path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
                for method in handler.http_methods:
                    if method != "OPTIONS":
                        yield path, method.lower(), handler.opt[OPERATION]


def _describe(path: str, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": _responses(operation, schemas),
    }
    if parameters := _parameters(path, operation, schemas):
        described["parameters"] = parameters
    if operation.bodies:
        schema = schemas.any_of(*operation.bodies)
        described["requestBody"] = {
            "required": not operation.may_be_empty,
            "content": {
                kind: {"schema": schema if kind.endswith("json") else {"type": "string"}}
                for kind in operation.body_types
            },
        }
    if operation.is_keyed:
        described["security"] = [{"key": []}]
        described["x-scope"] = SAID.get(operation.scope, operation.scope)
    return described


def _parameters(path: str, operation: Operation, schemas: _Schemas) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    printable = _TEXT | {"maxLength": 128, "pattern": "^[!-~]+$"}
    in_headers = [
        {"name": name, "in": "header", "required": False, "description": meaning}
        | {"schema": printable}
        for name, meaning in operation.headers
    ]
    moved = [
        {"name": name, "in": "query", "required": False, "schema": _TEXT}
        | {"description": f"{meaning}, where the path has only `{IN_QUERY}`"}
        for name, meaning in operation.named
    ]
    query = _query_parameters(*schemas.properties(operation.query)) if operation.query else []
    return [*in_path, *in_headers, *moved, *query]


def _query_parameters(properties: dict[str, Any], required: frozenset[str]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    for name, schema in properties.items():
        options = [item for item in schema.get("anyOf", ()) if item.get("type") != "null"]
        shown = options[0] if options else {k: v for k, v in schema.items() if k != "default"}
        parameters.append(
            {"name": name, "in": "query", "required": name in required, "schema": shown}
        )
    return parameters


def _responses(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in (operation.status, *operation.also):
        responses[str(status)] = {"description": operation.summary}
        if operation.replies:
            kinds = operation.replies[: None if status in operation.also else 1]
            responses[str(status)]["content"] = {
                operation.reply_type: {"schema": schemas.any_of(*kinds)},
                **{kind: {"schema": _undescribed(kind)} for kind in operation.or_reply_types},
            }
        elif status not in {204, 304}:
            forms = (operation.reply_type, *operation.or_reply_types)
            responses[str(status)]["content"] = {
                kind: {"schema": _undescribed(kind)} for kind in forms
            }
    keyed = KEYED_ERRORS if operation.is_keyed else ()
    for status in sorted({400, *keyed, *operation.errors, *ALWAYS}):
        responses[str(status)] = {
            "description": TITLES[status],
            "content": {PROBLEM_MEDIA_TYPE: {"schema": schemas.of(ProblemDocument)}},
        }
    return responses


def _undescribed(media_type: str) -> dict[str, str]:
    return {"type": "object" if media_type.endswith("json") else "string"}

"""Renders an OpenAPI document as one plain page: no script, no outside asset."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from harken_server.design.templates import open_templates
from harken_server.http.pages import Document

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


def render_front_page(version: str) -> Document:
    """What stands at the server's bare address: that it runs, and where to read on."""
    return _render("front.html", version=version)


def _render(template: str, **parts: Any) -> Document:
    style = (FOLDER / "reference.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    body = open_templates(FOLDER).get_template(template).render(style=style, **parts)
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return Document(body.encode(), policy)


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

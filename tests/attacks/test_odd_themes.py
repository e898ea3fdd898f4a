"""Style and script in a theme: a field takes a colour, a word or a picture, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import SURVEY, Api
from fuzz_stage import PUBLIC

from harken_server.app import build_routes
from harken_server.reference.openapi import build_document

STYLES = (
    "red;}body{background:url(//evil.example)}", "#fff;background:url(//evil.example)",
    "url(javascript:alert(1))", "expression(alert(1))", "\\65xpression(alert(1))", "#12345",
    "#ggg", "rgb(0 0 0 / </style><script>alert(1)</script>)", "var(--x)", "inherit", "#fff\n",
    "#fff/**/", "#\uff26\uff26\uff26", "calc(1px)", "@import '//evil.example'", "0", "x" * 5000,
    "\u202e#fff",
    "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+", "data:text/html,<script>",
    "data:image/png;base64,iVBORw0KGgo=,https://evil.example", "javascript:alert(1)", "</style>",
)  # fmt: skip
SCHEMAS = build_document(build_routes(), PUBLIC)["components"]["schemas"]
FIELDS = sorted(SCHEMAS["Theme"]["properties"])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_no_field_of_a_theme_takes_style_or_script(api: Api) -> None:
    assert {"accent", "logo"} <= set(FIELDS)
    for field in FIELDS:
        for style in STYLES:
            theme: dict[str, Any] = {field: style}
            reply = await api.push({**SURVEY, "presentation": {"theme": theme}}, dry_run="true")
            assert reply.status_code == 422, (field, style, reply.text)

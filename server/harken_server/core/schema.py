"""The JSON Schema of survey files, for editors and other tools."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.core.survey import Survey

SCHEMA_ID = "https://harken.dev/schema/survey-1.json"


def survey_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a survey definition, made from the types that decode it."""
    (root,), components = msgspec.json.schema_components([Survey], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Harken survey",
        **root,
        "$defs": components,
    }

"""The JSON Schema of journey files, for editors and other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harken_server.journeys.rules.journeys import Journey
from harken_server.surveys.files.schema import read_words, schema_of

SCHEMA_ID = "https://harken.dev/schema/journey-1.json"


def journey_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a journey definition, made from the types that decode it.

    That a key is used once is found by `journeys.rules.journeys.check_journey`.
    """
    return schema_of(Journey, SCHEMA_ID, "Harken journey", read_words(Path(__file__)))

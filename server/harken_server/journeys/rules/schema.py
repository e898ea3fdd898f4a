"""The JSON Schema of journey files, for editors and other tools."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from harken_server.journeys.rules.journeys import Journey

SCHEMA_ID = "https://harken.dev/schema/journey-1.json"

_WORDS = {
    "Journey.key": "Name in the API and in addresses; pushing the same key replaces the journey.",
    "Journey.title": "Name for people.",
    "Journey.stages": "From first to last.",
    "Journey.$schema": "Lets an editor find this schema; the server ignores it.",
    "Journey.description": "What the journey is, for people.",
    "Stage.key": "Name in the API; once on a journey.",
    "Stage.title": "Name for people.",
    "Stage.description": "What a customer does in this stage.",
    "Stage.touchpoints": "In the order in which a customer meets them.",
    "JourneyTouchpoint.key": "What applications trigger, such as order.delivered; on one journey.",
    "JourneyTouchpoint.title": "Name for people.",
    "JourneyTouchpoint.weight": "How much it matters beside the others of the journey.",
    "JourneyTouchpoint.owner": "Who answers for it: a name or an address.",
    "JourneyTouchpoint.question": "What the business wants to learn here.",
    "JourneyTouchpoint.survey": "Key of the survey asked; left out, it stays as it is.",
    "JourneyTouchpoint.sample_rate": "Share of respondents asked; left out, it stays as it is.",
    "JourneyTouchpoint.cooldown_days": "Days in peace after being asked anything; left out, it "
    "stays as it is.",
    "JourneyTouchpoint.link_ttl_days": "Days for which an invitation can be answered; left out, it "
    "stays as it is.",
    "JourneyTouchpoint.asking": "Rules, clocks of its own and responses a week; left out, they "
    "stay as they are.",
}


def journey_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a journey definition, made from the types that decode it.

    That a key is used once is found by `journeys.rules.journeys.check_journey`.
    """
    _, components = msgspec.json.schema_components((Journey,), ref_template="#/$defs/{name}")
    parts = {name: _described(name, part) for name, part in components.items()}
    root = parts.pop("Journey")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **root,
        "title": "Harken journey",
        "$defs": dict(sorted(parts.items())),
    }


def _described(name: str, part: dict[str, Any]) -> dict[str, Any]:
    fields = cast("dict[str, dict[str, Any]]", part.get("properties", {}))
    for field, shape in fields.items():
        if shape.get("default", "") in (None, (), [], {}):
            del shape["default"]
        words = _WORDS.get(f"{name}.{field}")
        if words is not None:
            shape["description"] = words
    if "description" in part:
        part["description"] = " ".join(str(part["description"]).split())
    return part

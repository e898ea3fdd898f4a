"""Surveys of the scenarios: one with every question type, a short one, and answers to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EVERY_TYPE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "browser" / "surveys.json").read_text("utf-8")
)["every_type"]
ANSWERS: dict[str, Any] = {
    "recommend": 9,
    "room": 4,
    "easy": 6,
    "food": 5,
    "pool": 7,
    "again": 2,
    "why": "work",
    "used": ["spa", "gym"],
    "staff": {"desk": "great", "clean": "good"},
    "rank": ["price", "quiet", "place"],
    "comment": 'Lovely, "really"\nand quiet; =SUM(A1)',
    "nights": 3,
    "arrival": "2026-11-18",
    "mail": "ada@example.com",
    "phone": "+4722334455",
    "ok": True,
}
FURTHER: list[dict[str, Any]] = [
    {
        **ANSWERS,
        "recommend": 3,
        "room": 1,
        "why": {"other": "Ein Bücher-Fest"},
        "used": ["nothing"],
    },
    {"recommend": 10, "easy": 7, "comment": "كان رائعًا", "staff": {"desk": "poor"}},
    {"recommend": 7, "again": 1, "rank": ["place", "quiet", "price"], "nights": 12},
    {"recommend": 0, "room": 2, "easy": 1, "food": 1, "comment": "Cold soup."},
]
ORDER: dict[str, Any] = {
    "key": "post_purchase",
    "title": {"en": "Your order", "de": "Ihre Bestellung"},
    "locales": ["de"],
    "touchpoints": ["order.delivered"],
    "context": {"store": "our shop"},
    "presentation": {"brand": "Bücher & Söhne"},
    "questions": [
        {
            "type": "nps",
            "key": "recommend",
            "required": True,
            "text": {
                "en": "How likely to recommend {{context.store}}?",
                "de": "Würden Sie {{context.store}} empfehlen?",
            },
        },
        {
            "type": "single_choice",
            "key": "reason",
            "text": {"en": "Why?", "de": "Warum?"},
            "other": {"en": "Other", "de": "Anderes"},
            "choices": [
                {"value": "price", "label": {"en": "Price", "de": "Preis"}},
                {"value": "speed", "label": {"en": "Speed", "de": "Tempo"}},
            ],
        },
        {
            "type": "long_text",
            "key": "why",
            "text": {"en": "What went wrong?", "de": "Was ging schief?"},
            "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
        },
    ],
}
LANGUAGES = ("ar", "da", "de", "en", "es", "fr", "he", "it", "nb", "nl", "pl", "pt", "sv")


def in_languages(value: Any) -> Any:
    """A survey with every text in every language: English with the language's name behind it."""
    if isinstance(value, list):
        return [in_languages(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "en" in value:
        return {each: value.get(each, f"{value['en']} ({each})") for each in LANGUAGES}
    return {name: in_languages(each) for name, each in value.items()}


EVERYWHERE: dict[str, Any] = {
    **in_languages(ORDER),
    "locales": [each for each in LANGUAGES if each != "en"],
}
"""The short survey in all languages that Harken speaks."""

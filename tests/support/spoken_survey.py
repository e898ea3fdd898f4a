"""A survey in two languages with a question of each kind of column, and answers to it."""

from __future__ import annotations

from typing import Any

SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Visit",
    "locales": ["de"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": {"en": "Recommend us?", "de": "Empfehlen?"}},
        {
            "type": "single_choice", "key": "reason", "text": {"en": "Why?", "de": "Warum?"},
            "choices": [
                {"value": "price", "label": {"en": "Price", "de": "Preis"}},
                {"value": "speed", "label": {"en": "Speed", "de": "Tempo"}},
            ],
            "other": {"en": "Other", "de": "Anderes"},
        },
        {
            "type": "multiple_choice", "key": "liked", "text": {"en": "Liked?", "de": "Mochte?"},
            "choices": [
                {"value": "food", "label": {"en": "Food", "de": "Essen"}},
                {"value": "staff", "label": {"en": "Staff", "de": "Personal"}},
            ],
        },
        {
            "type": "matrix", "key": "parts", "text": {"en": "Parts?", "de": "Teile?"},
            "rows": [{"value": "till", "label": {"en": "Till", "de": "Kasse"}}],
            "columns": [
                {"value": "good", "label": {"en": "Good", "de": "Gut"}},
                {"value": "poor", "label": {"en": "Poor", "de": "Schlecht"}},
            ],
        },
        {"type": "number", "key": "spent", "text": {"en": "Spent?", "de": "Ausgegeben?"}},
        {"type": "long_text", "key": "why", "text": {"en": "What?", "de": "Was?"}},
    ],
}  # fmt: skip
ANSWERS: list[dict[str, Any]] = [
    {"recommend": 9, "reason": "price", "liked": ["food"], "parts": {"till": "good"},
     "spent": 12.5, "why": "=SUM(A1)"},
    {"recommend": 3, "reason": {"other": "Smell; noise"}, "spent": -1234.25, "why": "007"},
    {"recommend": 7},
]  # fmt: skip

"""A survey whose answers differ in all that segments look at, and what filters take in of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from api_client import Api
from dimension_steps import declare

from harken_server.respondents.store.respondents import Respondent, put_respondent
from harken_server.surveys.conditions import Condition

CHOICES = [{"value": each, "label": each} for each in ("price", "staff")]
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
        {"type": "csat", "key": "service", "text": "How was it?"},
        {"type": "multiple_choice", "key": "reasons", "text": "Why?", "choices": CHOICES},
        {
            "type": "matrix", "key": "grid", "text": "How was?",
            "rows": [{"value": "till", "label": "Till"}, {"value": "shelf", "label": "Shelf"}],
            "columns": [{"value": "good", "label": "Good"}, {"value": "bad", "label": "Bad"}],
        },
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}  # fmt: skip
ANSWERS: list[dict[str, Any]] = [
    {"recommend": 10, "service": 5, "reasons": ["price"], "why": "Fast."},
    {"recommend": 9, "reasons": ["price", "staff"], "grid": {"till": "good"}},
    {
        "recommend": 3, "service": 1, "grid": {"till": "bad", "shelf": "good"},
        "why": "Slow and dear.",
    },
    {"recommend": 7, "service": 4},
    {"service": 2, "reasons": ["staff"]},
]  # fmt: skip
CONTEXTS: list[dict[str, Any]] = [
    {"shop": "Oslo", "size": 1, "vip": True},
    {"shop": "a \"b'", "size": 2.5, "vip": False},
    {"shop": 7, "size": "1"},
    {"shop": "Oslo"},
    {"shop": "€ Oslo", "size": 3, "vip": 1},
    {"shop": "a;b", "size": True},
    {},
]
TRAITS: dict[str, dict[str, Any]] = {
    "kim": {"plan": "pro", "seats": 3},
    "lee": {"plan": "free"},
    "sam": {"plan": 3},
    "ola": {},
}


async def open_survey(api: Api) -> None:
    await declare(api, {"name": "store", "key": "shop"}, {"name": "size"})
    pushed = await api.push(SURVEY)
    assert pushed.is_success, pushed.text


async def answer_all(api: Api) -> dict[str, dict[str, Any]]:
    """Each set of answers from each context; the traits of each person are given."""
    for respondent, traits in TRAITS.items():
        known = Respondent(respondent=respondent, traits=traits, updated_at=api.clock.now)
        await put_respondent(api.runtime.db, api.runtime.home, known)
    people = [*TRAITS, None]
    for number in range(len(ANSWERS) * len(CONTEXTS)):
        sent = await api.submit(
            ANSWERS[number % len(ANSWERS)], survey="visit",
            context=CONTEXTS[number % len(CONTEXTS)],
            touchpoint=("store.exit", "app.end", "")[number % 3] or None,
            channel=("web", "api")[number % 2], locale=("en", "de")[number % 4 == 0],
            respondent=people[number % len(people) - number % 2],
        )  # fmt: skip
        assert sent.is_success, sent.text
    return TRAITS


async def keep(api: Api, key: str, conditions: Sequence[Condition], **fields: Any) -> None:
    body = {"title": key, "conditions": msgspec.to_builtins(conditions), **fields}
    reply = await api.http.put(f"/v1/segments/{key}", json=body)
    assert reply.status_code == 200, reply.text


async def ask(api: Api, **query: Any) -> dict[str, Any]:
    """The scores of a filter."""
    reply = await api.http.get("/v1/surveys/visit/scores", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def exported(api: Api, **query: Any) -> list[dict[str, Any]]:
    """What the export of the same filter lists."""
    reply = await api.http.get("/v1/surveys/visit/export.jsonl", params=query)
    assert reply.status_code == 200, reply.text
    return [json.loads(line) for line in reply.text.splitlines()]

"""A survey over a phone: whom it asks, what they say, what is stored."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from api_client import Api

SURVEY: dict[str, Any] = {
    "key": "after_call",
    "title": "Your call",
    "locales": ["de"],
    "touchpoints": ["call.ended"],
    "context": {"agent": "our team"},
    "questions": [
        {"type": "statement", "key": "hello",
         "text": {"en": "You spoke with {{context.agent}}.",
                  "de": "Gespräch mit {{context.agent}}."}},
        {"type": "csat", "key": "satisfaction", "required": True,
         "text": {"en": "How satisfied are you?", "de": "Wie zufrieden sind Sie?"}},
        {"type": "single_choice", "key": "reason", "text": {"en": "Why?", "de": "Warum?"},
         "choices": [{"value": "wait", "label": {"en": "Waiting", "de": "Warten"}},
                     {"value": "answer", "label": {"en": "The answer", "de": "Die Antwort"}}]},
        {"type": "long_text", "key": "more", "text": {"en": "Anything else?", "de": "Noch etwas?"},
         "show_if": {"op": "at_most", "answer": "satisfaction", "value": 2}},
    ],
    "endings": [{"key": "bye", "title": {"en": "Thanks a lot!", "de": "Vielen Dank!"}}],
}  # fmt: skip


async def invite(api: Api, **fields: Any) -> str:
    sent = {"respondent": f"c-{uuid4()}", "channel": "sms", "context": {"agent": "Kim"}, **fields}
    reply = await api.trigger(touchpoint="call.ended", **sent)
    assert reply.json()["asked"], reply.text
    return reply.json()["invitation"]["code"]


async def stored(api: Api) -> list[dict[str, Any]]:
    reply = await api.http.get("/v1/surveys/after_call/responses")
    return reply.json()["responses"]

"""A survey of visits to stores, answers to it, and its results page."""

from __future__ import annotations

from html import unescape
from typing import Any

from api_client import Api
from dimension_steps import declare
from signed_in import SignedIn, sign_in

PAGE = "/results/visit"
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["store.left"],
    "context": {"store": "", "plan": ""},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Recommend?"},
        {"type": "csat", "key": "waiting", "text": "Waiting time"},
        {"type": "csat", "key": "staff", "text": "Our staff"},
        {"type": "single_choice", "key": "income", "text": "Your income?", "choices": [
            {"value": "low", "label": "Low"}, {"value": "high", "label": "High"}]},
    ],
}  # fmt: skip


async def open_stores(api: Api) -> None:
    """The survey, by store and plan."""
    assert (await api.push(SURVEY)).is_success
    dimensions = [{"name": name, "source": "context", "key": name} for name in ("store", "plan")]
    await declare(api, *dimensions)


async def answer(api: Api, answers: dict[str, Any], **context: str) -> None:
    """Of one visitor."""
    sent = await api.submit(answers, survey="visit", touchpoint="store.left", context=context)
    assert sent.status_code == 201, sent.text


async def shown(api: Api, **query: str) -> str:
    """The page as an analyst reads it."""
    visitor: SignedIn = await sign_in(api, "analyst")
    reply = await visitor.get(PAGE, **query)
    assert reply.status_code == 200
    return unescape(reply.text)


def card(page: str) -> str:
    """What stands out."""
    return page.partition('class="card changes"')[2].partition("</section>")[0]

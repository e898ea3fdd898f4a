"""A survey of a visit in three pages, all its answers, and pressing through it."""

from __future__ import annotations

from sittings import Sittings

VISIT = {
    "key": "visit",
    "title": "Your visit",
    "context": {"store": "", "vip": ""},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
        {"type": "short_text", "key": "why", "text": "Why?"},
        {"type": "email", "key": "mail", "text": "Your address?"},
    ],
}
ANSWERED = {"answers": {"recommend": 9, "why": "Fine", "mail": "ada@example.com"}}


async def answer_all(visit: Sittings) -> None:
    """Press through all pages, with answers given beforehand."""
    await visit.press("Next")
    await visit.press("Next")
    await visit.press("Send")

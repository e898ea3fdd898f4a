"""A page that is sent is planned and checked once; the page that follows is planned besides."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from harken_server.responses.submit import find_asked, get_response
from harken_server.surveys.answers.validation import check_answers
from harken_server.surveys.logic.paging import plan_page

WATCHED = {each.__code__: each.__name__ for each in (plan_page, check_answers, find_asked)}
WATCHED[get_response.__code__] = "get_response"


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Counts how often the watched functions begin; a coroutine begins where it first runs."""
    counted: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in WATCHED and frame.f_lasti <= 4:
            counted[WATCHED[frame.f_code]] += 1

    sys.setprofile(note)
    try:
        yield counted
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    ("before", "sent", "plans"),
    [
        ({}, {"recommend": "9"}, 2),
        ({"recommend": "3"}, {"why": "Cold soup"}, 2),
        ({"recommend": "9", "used": ["spa"]}, {"ok": "yes"}, 1),
        ({"recommend": "9"}, {"used": ["spa"], "go": "back"}, 2),
    ],
    ids=["first page", "later page", "last page", "back"],
)
async def test_a_page_is_planned_checked_and_read_once(
    visitor: Any, before: dict[str, Any], sent: dict[str, Any], plans: int
) -> None:
    await visitor.open("/s/stay")
    for key, value in before.items():
        await visitor.send(**{key: value})
    form = {name: list(values) for name, values in visitor.page.fields.items()}
    form |= {"go": "next"} | {name if name == "go" else f"a_{name}": sent[name] for name in sent}

    with counting() as counted:
        reply = await visitor.http.post("/s/stay", data=form)

    assert reply.status_code == 200
    assert counted == {"plan_page": plans, "check_answers": 1, "get_response": 1}

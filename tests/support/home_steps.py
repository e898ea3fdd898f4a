"""Counts, deliveries and reading for tests of home."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

from api_client import Api
from given_counts import add_counts

from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.deliveries import add_delivery
from harken_server.surveys.store.surveys import get_survey


async def count(  # What a row of counts has.
    api: Api,
    values: dict[str, int],
    *,
    days_ago: int,
    touchpoint: str = "",
    member: str = "",
    survey: str = "post_purchase",
    question: str = "recommend",
) -> None:
    """So many answers of each value on a day, of everybody or of a member of `store`."""
    record = await get_survey(api.runtime.db, api.runtime.home, survey)
    assert record is not None
    await add_counts(
        api.runtime.db, record.number, question, values,
        day=api.clock().date().toordinal() - days_ago, touchpoint=touchpoint,
        dimension="store" if member else "", member=member,
    )  # fmt: skip


async def deliver(api: Api, state: Any) -> None:
    """A message of the survey, in that state since a moment ago."""
    record = await get_survey(api.runtime.db, api.runtime.home, "post_purchase")
    assert record is not None
    now = api.clock()
    async with api.runtime.db.transaction() as tx:
        assert await add_delivery(
            tx,
            Delivery(
                id=api.runtime.new_id(), workspace_id=api.runtime.home, survey_id=record.id,
                invitation_id=uuid4(), channel="email", respondent="kim", wave="1",
                kind="invitation", address="kim@example.com", state=state, attempts=1,
                created_at=now, due_at=now, finished_at=now,
            ),
        )  # fmt: skip


def shown(html: str) -> str:
    """The words of a page's content, without its marks, one blank between them."""
    content = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content)).split())

"""Signed links through the client: listed, and one of them ended."""

from __future__ import annotations

import pytest
from whole_application import PURCHASE, App

import harken


async def test_a_link_is_listed_and_ended(app: App) -> None:
    async with await app.client("manage") as client:
        await client.surveys.push(PURCHASE)
        await client.surveys.results_link("post_purchase", days=1)
        await client.surveys.results_link("post_purchase", days=2)
        newest, oldest = [each async for each in client.links.list(limit=1)]

        await client.links.revoke(newest.id)

        assert (newest.kind, newest.subject, newest.revoked_at) == (
            "results",
            "post_purchase",
            None,
        )
        assert newest.expires_at > oldest.expires_at
        states = [each.revoked_at is None async for each in client.links.list()]
        assert states == [False, True]
        with pytest.raises(harken.NotFoundError):
            await client.links.revoke(newest.id)


async def test_a_personal_link_is_listed_and_ended(app: App) -> None:
    async with await app.client("manage") as client:
        await client.surveys.push(PURCHASE)
        for name in ("ada", "kim"):
            await client.trigger(PURCHASE["touchpoints"][0], respondent=name)
        (link,) = await client.links.personal("ada")

        await client.links.revoke_personal(link.id)

        assert (link.survey, link.answered) == ("post_purchase", False)
        (ended,) = await client.links.personal("ada")
        (other,) = await client.links.personal("kim")
        assert ended.expires_at is not None
        assert other.expires_at is not None
        assert ended.expires_at < other.expires_at
        with pytest.raises(harken.NotFoundError):
            await client.links.revoke_personal(link.id)

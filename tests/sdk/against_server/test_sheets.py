"""Tokens for spreadsheets through the client: made, listed, and one of them ended."""

from __future__ import annotations

import pytest
from whole_application import PURCHASE, App

import harken


async def test_a_token_is_made_listed_and_ended(app: App) -> None:
    async with await app.client("manage") as client:
        await client.surveys.push(PURCHASE)
        made = await client.sheets.create("post_purchase", "Weekly figures")
        await client.sheets.create("post_purchase", "Power BI")

        await client.sheets.revoke("post_purchase", made.id)

        csv = f"/sheets/post_purchase/responses.csv?token={made.token}"
        assert made.responses_url.endswith(csv)
        assert made.odata_url.endswith("/odata/post_purchase/")
        sheets = await client.sheets.list("post_purchase")
        assert {each.name: each.revoked_at is None for each in sheets} == {
            "Weekly figures": False, "Power BI": True,
        }  # fmt: skip
        assert [each.used_at for each in sheets] == [None, None]
        with pytest.raises(harken.NotFoundError):
            await client.sheets.revoke("post_purchase", made.id)

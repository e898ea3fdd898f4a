"""Stores, tills and receipts through the client, against the real application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from whole_application import opened

import harken
from harken.receipts import Till

SURVEY = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["till.paid"],
    "questions": [{"type": "nps", "key": "recommend", "text": "Recommend us?"}],
}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[harken.AsyncClient]:
    async with (
        opened(tmp_path, HARKEN_PUBLIC_URL="https://fb.acme.com") as app,
        await app.client("manage") as made,
    ):
        await made.surveys.push(SURVEY)
        yield made


async def test_a_receipt_minted_offline_opens_its_survey(client: harken.AsyncClient) -> None:
    store = await client.receipts.create_store("Oslo", details={"city": "Oslo"})
    made = await client.receipts.create_till(
        store.code, "Till 1", touchpoint="till.paid", locale="nb"
    )
    assert made.configuration is not None
    receipt = client.receipts.mint(made.configuration, 7, datetime.now(UTC), strong=True)

    assert receipt == Till.from_text(made.configuration).mint(7, datetime.now(UTC), strong=True)
    assert receipt.url == f"HTTPS://FB.ACME.COM/R/{receipt.token}"
    assert await client.receipts.stores() == (store,)
    [listed] = await client.receipts.tills(store.code)
    assert listed.configuration is None
    assert (listed.number, listed.locale, listed.key_number) == (made.number, "nb", 0)


async def test_keys_are_rotated_revoked_and_closed(client: harken.AsyncClient) -> None:
    store = await client.receipts.create_store("Oslo")
    made = await client.receipts.create_till(store.code, "Till 1", touchpoint="till.paid")
    until = datetime.now(UTC) + timedelta(hours=1)

    rotated = await client.receipts.rotate_till_key(made.number, keep_old_until=until)
    revoked = await client.receipts.revoke_till_key(made.number, key_number=0)
    renamed = await client.receipts.change_till(made.number, name="Bar")
    closed = await client.receipts.close_till(made.number)

    assert rotated.configuration not in {None, made.configuration}
    assert rotated.key_number == 1
    assert revoked.revoked_keys[0].revoked_at < until
    assert renamed.name == "Bar"
    assert closed.closed_at is not None
    with pytest.raises(harken.ConflictError):
        await client.receipts.rotate_till_key(made.number)


async def test_place_codes_are_made_changed_and_retired(client: harken.AsyncClient) -> None:
    made = await client.receipts.create_place_code("till.paid", label="Door")
    changed = await client.receipts.change_place_code(made.code, label="Window")
    await client.receipts.retire_place_code(made.code)

    assert changed.label == "Window"
    [listed] = await client.receipts.place_codes()
    assert listed.retired_at is not None
    with pytest.raises(harken.ValidationError):
        await client.receipts.create_place_code("no.such")

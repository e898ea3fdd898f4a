"""Stores, tills and receipts through the client, against the real application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

import harken
from harken.receipts import Till
from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.workspaces.api import make_key

SURVEY = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["till.paid"],
    "questions": [{"type": "nps", "key": "recommend", "text": "Recommend us?"}],
}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[harken.AsyncClient]:
    settings = load_settings(
        {"HARKEN_DATA_DIR": str(tmp_path), "HARKEN_PUBLIC_URL": "https://fb.acme.com"}
    )
    async with open_runtime(settings) as runtime:
        _, secret = await make_key(runtime, runtime.home, "test", ("manage",))
        transport = httpx.ASGITransport(create_app(runtime))
        async with harken.AsyncClient("http://test", secret, transport=transport) as opened:
            await opened.surveys.push(SURVEY)
            yield opened


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

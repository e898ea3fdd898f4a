"""kill -9 of the whole server under load over HTTP, on both databases, round after round."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from api_client import SURVEY
from served import Served

from harken_server.database.opening import open_database
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.store.workspaces import first_workspace

pytestmark = pytest.mark.processes

ROUNDS = {"test": 2, "nightly": 12}
CLIENTS = 24


@pytest.mark.few(1)
async def test_every_acknowledged_response_survives_kill_9_of_the_server(
    database_url: str, tmp_path: Path, tier: str
) -> None:
    environ = {"HARKEN_DATABASE_URL": database_url, "HARKEN_DATA_DIR": str(tmp_path / "data")}
    dice = random.Random(11)
    acknowledged: dict[str, Any] = {}
    sent: dict[str, dict[str, Any]] = {}
    server = Served("serve", tmp_path, **environ)
    key = next(word for word in server.printed().split() if word.startswith("hk_"))
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {key}"}) as http:
        assert (await http.post(f"{server.url}/v1/surveys", json=SURVEY)).status_code == 201
    for _ in range(ROUNDS[tier]):
        load = [asyncio.ensure_future(_submit(server.url, sent, acknowledged))
                for _ in range(CLIENTS)]  # fmt: skip
        await _acknowledge(len(acknowledged) + dice.randrange(25, 150), acknowledged, load)
        server.kill()
        await asyncio.gather(*load)
        server = Served("serve", tmp_path, **environ)

    # Whoever got no answer repeats, as every client does; nothing may be there twice.
    async with httpx.AsyncClient(timeout=30) as http:
        turn = asyncio.Semaphore(CLIENTS)

        async def repeat(identity: str) -> None:
            async with turn:
                reply = await http.post(f"{server.url}/v1/public/responses", json=sent[identity])
            assert reply.status_code == 201, reply.text
            if identity in acknowledged:
                assert reply.json() == acknowledged[identity]

        await asyncio.gather(*map(repeat, sent))
    assert server.stop() == 0

    await _check_stored(database_url, sent)


async def _submit(url: str, sent: dict[str, dict[str, Any]], acknowledged: dict[str, Any]) -> None:
    """Submit until the server dies."""
    async with httpx.AsyncClient(verify=False) as http:
        while True:
            identity = str(uuid4())
            answers = {"recommend": len(sent) % 11, "reason": "price", "why": f"word {len(sent)}"}
            sent[identity] = {"id": identity, "survey": "post_purchase", "answers": answers}
            try:
                reply = await http.post(f"{url}/v1/public/responses", json=sent[identity])
            except httpx.TransportError:
                return
            assert reply.status_code == 201, reply.text
            acknowledged[identity] = reply.json()


async def _acknowledge(
    count: int, acknowledged: dict[str, Any], load: list[asyncio.Future[None]]
) -> None:
    """Wait until so many are acknowledged, however long that takes on this machine."""
    while len(acknowledged) < count:
        assert not any(client.done() for client in load), "a client gave up"
        await asyncio.sleep(0.005)


async def _check_stored(database_url: str, sent: dict[str, dict[str, Any]]) -> None:
    db = await open_database(database_url)
    try:
        workspace = await first_workspace(db)
        assert workspace is not None
        survey = await get_survey(db, workspace.id, "post_purchase")
        assert survey is not None
        stored = await list_responses(db, workspace.id, survey.id, after={}, limit=1_000_000)
        assert sorted(item.id for item in stored) == sorted(map(UUID, sent))
        for item in stored:
            assert {row.question for row in item.answers} == {"recommend", "reason", "why"}
        assert await recount(db, workspace.id, survey.id) == []
    finally:
        await db.close()

"""API keys are kept as digests, found by their secret, and revoked for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from harken_server.database.database import Database
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.store.keys import (
    count_keys,
    create_key,
    find_key,
    list_keys,
    revoke_key,
)
from harken_server.workspaces.workspace import ApiKey

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOME = uuid4()


async def _create(
    database: Database, secret: str, *, workspace_id: UUID = HOME, now: datetime = NOW
) -> ApiKey:
    return await create_key(
        database,
        workspace_id,
        id=uuid4(),
        name="till",
        scopes=("read", "write"),
        secret=secret,
        now=now,
    )


async def test_a_key_is_found_by_its_secret(database: Database) -> None:
    key = await _create(database, "hk_abcdefghijkl")

    assert await find_key(database, "hk_abcdefghijkl") == key
    assert key.prefix == "hk_abcde"
    assert key.scopes == ("read", "write")


@pytest.mark.parametrize("wrong", ["", "hk_abcdefghijkm", "hk_abcde", "HK_ABCDEFGHIJKL"])
async def test_a_wrong_secret_finds_nothing(database: Database, wrong: str) -> None:
    await _create(database, "hk_abcdefghijkl")

    assert await find_key(database, wrong) is None


async def test_the_secret_is_stored_nowhere(database: Database) -> None:
    await _create(database, "hk_abcdefghijkl")

    rows = await database.fetch("SELECT * FROM api_key")

    assert not any("abcdefghijkl" in str(cell) for row in rows for cell in row)


async def test_a_secret_is_taken_once_in_all_workspaces(database: Database) -> None:
    key = await _create(database, "hk_abcdefghijkl")

    with pytest.raises(ConflictError):
        await _create(database, "hk_abcdefghijkl", workspace_id=uuid4())

    assert await find_key(database, "hk_abcdefghijkl") == key


async def test_a_revoked_key_is_still_found_and_says_so(database: Database) -> None:
    key = await _create(database, "hk_abcdefghijkl")

    assert await revoke_key(database, HOME, key.id, LATER)

    found = await find_key(database, "hk_abcdefghijkl")
    assert found is not None
    assert found.revoked_at == LATER


async def test_revoking_again_keeps_the_first_time(database: Database) -> None:
    key = await _create(database, "hk_abcdefghijkl")
    await revoke_key(database, HOME, key.id, NOW)

    assert not await revoke_key(database, HOME, key.id, LATER)

    assert [key.revoked_at for key in await list_keys(database, HOME)] == [NOW]


async def test_a_key_of_another_workspace_cannot_be_revoked(database: Database) -> None:
    key = await _create(database, "hk_abcdefghijkl")

    assert not await revoke_key(database, uuid4(), key.id, LATER)

    assert await find_key(database, "hk_abcdefghijkl") == key


async def test_keys_are_listed_oldest_first_and_only_living_ones_count(database: Database) -> None:
    newer = await _create(database, "hk_newer", now=LATER)
    older = await _create(database, "hk_older", now=NOW)
    await revoke_key(database, HOME, older.id, LATER)

    keys = await list_keys(database, HOME)

    assert [key.id for key in keys] == [older.id, newer.id]
    assert await count_keys(database, HOME) == 1

"""Stores and tills: made, given a key of their own, rotated and revoked one by one."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from harken_server.channels.receipts.rules.places import (
    RANDOM_BYTES,
    PlaceCode,
    Store,
    Till,
    make_place_code,
    make_store_code,
)
from harken_server.channels.receipts.rules.tokens import (
    MAX_KEY_NUMBER,
    MAX_TILL,
    store_secret,
    till_key,
)
from harken_server.channels.receipts.store.places import (
    add_place_code,
    add_store,
    add_till,
    get_till,
    lock_till,
    save_till,
)
from harken_server.database.database import Database
from harken_server.http.runtime import Runtime
from harken_server.invitations.codes import printed_base
from harken_server.kernel.errors import ConflictError, NotFoundError

CONFIGURATION_PREFIX = "hkr1"
MAX_DRAWS = 8
"""How often a code is drawn again because it was taken."""
T = TypeVar("T")


async def make_store(
    runtime: Runtime, workspace_id: UUID, name: str, details: dict[str, str]
) -> Store:
    """A new store under a code that no other store of this server has."""

    async def draw() -> Store:
        store = Store(
            id=runtime.new_id(),
            workspace_id=workspace_id,
            code=make_store_code(runtime.random(RANDOM_BYTES)),
            name=name,
            details=details,
            created_at=runtime.clock(),
        )
        await add_store(runtime.db, store)
        return store

    return await _until_free(draw)


async def make_till(
    runtime: Runtime, store: Store, *, name: str, touchpoint: str, locale: str | None
) -> Till:
    """A new till with its first key. ConflictError (`tills_used_up`) after 16,777,215 of them."""

    async def draw() -> int:
        return await add_till(
            runtime.db,
            store.workspace_id,
            store.id,
            id=runtime.new_id(),
            touchpoint=touchpoint,
            name=name,
            locale=locale,
            now=runtime.clock(),
        )

    number = await _until_free(draw)
    if number > MAX_TILL:
        raise ConflictError(f"This server has had {MAX_TILL} tills.", code="tills_used_up")
    return _found(await get_till(runtime.db, store.workspace_id, number), number)


async def make_place(runtime: Runtime, place: PlaceCode) -> PlaceCode:
    """The place under a code that no other place of this server has; its own code is not used."""

    async def draw() -> PlaceCode:
        coded = replace(place, code=make_place_code(runtime.random(RANDOM_BYTES)))
        await add_place_code(runtime.db, coded)
        return coded

    return await _until_free(draw)


async def rotate_key(
    db: Database, workspace_id: UUID, number: int, *, keep_old_until: datetime | None, now: datetime
) -> Till:
    """Give the till its next key; the one before is refused at once, or from a later time on.

    Raises NotFoundError (`till_unknown`) and ConflictError (`till_closed`, `till_keys_used_up`).
    """

    def rotated(till: Till) -> Till:
        if till.closed_at is not None:
            raise ConflictError(f"Till {number} is closed.", code="till_closed")
        if till.key_number == MAX_KEY_NUMBER:
            raise ConflictError(
                f"Till {number} has had all of its {MAX_KEY_NUMBER + 1} keys: close it and make "
                "another.",
                code="till_keys_used_up",
            )
        ends_at = max(keep_old_until or now, now)
        revoked = {till.key_number: ends_at, **till.revoked_keys}
        return replace(till, key_number=till.key_number + 1, revoked_keys=revoked)

    return await change_till(db, workspace_id, number, rotated)


async def revoke_key(
    db: Database, workspace_id: UUID, number: int, *, key_number: int | None, now: datetime
) -> Till:
    """Refuse receipts that a key signs, the present one unless told otherwise, from now on.

    Raises NotFoundError (`till_unknown`, `till_key_unknown`).
    """

    def revoked(till: Till) -> Till:
        wanted = till.key_number if key_number is None else key_number
        if wanted > till.key_number:
            raise NotFoundError(f"Till {number} has no key {wanted} yet.", code="till_key_unknown")
        ends_at = min(till.revoked_keys.get(wanted, now), now)
        return replace(till, revoked_keys={**till.revoked_keys, wanted: ends_at})

    return await change_till(db, workspace_id, number, revoked)


async def change_till(
    db: Database, workspace_id: UUID, number: int, change: Callable[[Till], Till]
) -> Till:
    """Change a till, which nobody else can meanwhile. Raises NotFoundError (`till_unknown`)."""
    async with db.transaction() as tx:
        changed = change(_found(await lock_till(tx, workspace_id, number), number))
        await save_till(tx, changed)
    return changed


def configuration_of(till: Till, signing_keys: Sequence[bytes], short_url: str) -> str:
    """What a till needs to sign receipts by itself: to be handed over once and kept secret."""
    secret = store_secret(signing_keys[0], till.workspace_id, till.store.id, till.store.generation)
    key = till_key(secret, till.number, till.key_number)
    text = urlsafe_b64encode(key).rstrip(b"=").decode()
    base = printed_base(short_url, "R")[: -len("/R/")]
    return f"{CONFIGURATION_PREFIX}.{till.number}.{till.key_number}.{text}.{base}"


def unknown_till(number: object) -> NotFoundError:
    """The one error for a till that is not there, or not in this workspace."""
    return NotFoundError(f"There is no till {number} here.", code="till_unknown")


async def _until_free(draw: Callable[[], Awaitable[T]]) -> T:
    for _ in range(MAX_DRAWS - 1):
        try:
            return await draw()
        except ConflictError:
            continue
    return await draw()


def _found(till: Till | None, number: int) -> Till:
    if till is None:
        raise unknown_till(number)
    return till

"""What a client offers under `receipts`: stores, tills and their keys, and codes for signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from harken._calls import receipt_calls
from harken._types.till import PlaceCode, RegisteredTill, Store
from harken.receipts import Receipt as PrintedReceipt
from harken.receipts import Till

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


class AsyncReceipts:
    """Stores, tills and place codes; the key needs the scope `manage`, but for `mint`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    def mint(
        self, till: Till | str, sequence: int, at: datetime, *, strong: bool = False
    ) -> PrintedReceipt:
        """Make a receipt's token here, without any network: see `harken.receipts.Till.mint`.

        `till` may be the text of its configuration. Raises ValueError.
        """
        own = Till.from_text(till) if isinstance(till, str) else till
        return own.mint(sequence, at, strong=strong)

    async def create_store(self, name: str, *, details: Mapping[str, str] | None = None) -> Store:
        """Make a store; its code is drawn by the server."""
        return await self._connection.run(receipt_calls.create_store(name, dict(details or {})))

    async def stores(self, *, after: str = "", limit: int = 200) -> tuple[Store, ...]:
        """A page of stores by code, `limit` (1 to 1000) at most; `after` is the last one's code."""
        return await self._connection.run(receipt_calls.list_stores(after, limit))

    async def create_till(
        self, store: str, name: str, *, touchpoint: str, locale: str | None = None
    ) -> RegisteredTill:
        """Make a till; its `configuration` is told now and never again."""
        return await self._connection.run(
            receipt_calls.create_till(store, name, touchpoint, locale)
        )

    async def tills(
        self, store: str | None = None, *, after: int = 0, limit: int = 200
    ) -> tuple[RegisteredTill, ...]:
        """A page of tills by number, of one store or of all."""
        return await self._connection.run(receipt_calls.list_tills(store, after, limit))

    async def change_till(
        self, number: int, *, name: str | None = None, touchpoint: str | None = None
    ) -> RegisteredTill:
        """Rename a till, or point it and what it has printed to another touchpoint."""
        return await self._connection.run(receipt_calls.change_till(number, name, touchpoint))

    async def rotate_till_key(
        self, number: int, *, keep_old_until: datetime | None = None
    ) -> RegisteredTill:
        """Give a till its next key: its new `configuration` is told now and never again.

        Receipts of the key before are good until the (aware) time given, or no longer from now on.
        """
        return await self._connection.run(receipt_calls.rotate_till_key(number, keep_old_until))

    async def revoke_till_key(
        self, number: int, *, key_number: int | None = None
    ) -> RegisteredTill:
        """Refuse what a key signs, the one in use unless told otherwise; answers stay possible."""
        return await self._connection.run(receipt_calls.revoke_till_key(number, key_number))

    async def close_till(self, number: int) -> RegisteredTill:
        """Refuse all that a till signs, for ever."""
        return await self._connection.run(receipt_calls.close_till(number))

    async def create_place_code(
        self,
        touchpoint: str,
        *,
        label: str = "",
        store: str | None = None,
        till: int | None = None,
    ) -> PlaceCode:
        """Make a code for a sign, for one place or for one till's URL template."""
        return await self._connection.run(
            receipt_calls.create_place(touchpoint, label, store, till)
        )

    async def place_codes(self, *, after: str = "", limit: int = 200) -> tuple[PlaceCode, ...]:
        """A page of place codes, retired ones included."""
        return await self._connection.run(receipt_calls.list_places(after, limit))

    async def change_place_code(
        self, code: str, *, touchpoint: str | None = None, label: str | None = None
    ) -> PlaceCode:
        """Point a printed code elsewhere, or label it anew; nothing is printed again."""
        return await self._connection.run(receipt_calls.change_place(code, touchpoint, label))

    async def retire_place_code(self, code: str) -> None:
        """Have a printed code lead nowhere, for ever."""
        await self._connection.run(receipt_calls.retire_place(code))

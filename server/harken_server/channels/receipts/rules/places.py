"""Where receipts come from: stores, their tills, and the codes printed for places."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class Store(msgspec.Struct, kw_only=True, frozen=True):
    """A shop, under the code that its receipts print."""

    id: UUID
    workspace_id: UUID
    code: str
    """Canonical (`channels.receipts.rules.place_codes`), without its hyphen."""
    name: str
    details: dict[str, str] = {}
    generation: int = 0
    """Of the store's secret."""
    created_at: datetime


class TillRow(msgspec.Struct, kw_only=True, frozen=True):
    """What a till has of its own, beside its store."""

    id: UUID
    workspace_id: UUID
    store_id: UUID
    number: int
    """0 to 16,777,215, in no other workspace either: it stands in every token."""
    touchpoint: str
    """The key of the touchpoint that its receipts stand for."""
    name: str
    locale: str | None = None
    key_number: int = 0
    """The key that its present configuration holds."""
    revoked_keys: dict[int, datetime] = {}
    """From when on receipts signed with a key no longer count as true."""
    closed_at: datetime | None = None
    created_at: datetime


class Till(TillRow, kw_only=True, frozen=True):
    """What prints receipts, with a key of its own."""

    store: Store

    def is_revoked(self, key_number: int, now: datetime) -> bool:
        """Whether receipts signed with this key are refused as true now.

        The server's time counts, not the receipt's: who took a key can print any time.
        """
        if key_number > self.key_number or self.closed_at is not None:
            return True
        revoked_at = self.revoked_keys.get(key_number)
        return revoked_at is not None and revoked_at <= now


class PlaceRow(msgspec.Struct, kw_only=True, frozen=True):
    """What a place code has of its own, beside its store and till."""

    code: str
    """Canonical (`channels.receipts.rules.place_codes`), without hyphens."""
    workspace_id: UUID
    touchpoint: str
    store_id: UUID | None = None
    till_id: UUID | None = None
    label: str = ""
    created_at: datetime
    retired_at: datetime | None = None


class PlaceCode(PlaceRow, kw_only=True, frozen=True):
    """A printed code that stands for a touchpoint, whichever that is now."""

    store: Store | None = None
    till: str | None = None
    """The till's name."""

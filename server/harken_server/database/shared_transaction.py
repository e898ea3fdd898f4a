"""Let a write be a part of the caller's transaction, or a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from harken_server.database.database import Database, Transaction


@asynccontextmanager
async def join_transaction(db: Database | Transaction) -> AsyncGenerator[Transaction, None]:
    """The given transaction, left open at the end; or a new one that ends with the block."""
    if not isinstance(db, Database):
        yield db
        return
    async with db.transaction() as tx:
        yield tx

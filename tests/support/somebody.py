"""A workspace and a signed-in person that are in no database."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from harken_server.workspaces.people.account import Account, Session
from harken_server.workspaces.people.signed_on import SignedOn
from harken_server.workspaces.workspace import Workspace

HOUSE = Workspace(
    id=UUID(int=1), slug="default", name="", created_at=datetime(2026, 11, 21, tzinfo=UTC)
)


WHO = SignedOn(
    account=Account(id=HOUSE.id, email="", name="", created_at=HOUSE.created_at),
    session=Session(
        digest="",
        id=HOUSE.id,
        account_id=HOUSE.id,
        browser="",
        network="",
        created_at=HOUSE.created_at,
        last_seen_at=HOUSE.created_at,
        expires_at=HOUSE.created_at,
    ),
    secret="x",
)

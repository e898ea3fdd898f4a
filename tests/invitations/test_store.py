"""Invitations are kept under one code and found by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from harken_server.database.database import Database
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.redeeming_sql import find_invitation
from harken_server.invitations.store import add_invitation, get_invitation
from harken_server.kernel.errors import ConflictError

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
HOME = uuid4()


def _invitation(code: str = "0123456789ABC") -> Invitation:
    return Invitation(
        id=uuid4(),
        workspace_id=HOME,
        survey_id=uuid4(),
        code=code,
        touchpoint="store.till",
        channel="receipt",
        created_at=NOW,
        respondent="kim@example.com",
        locale="de-CH",
        context={"store": "Zürich", "total": 12.5, "items": 3, "member": True, "note": None},
        expires_at=NOW + timedelta(days=30),
    )


async def test_an_invitation_comes_back_whole_by_code_and_by_id(database: Database) -> None:
    invitation = _invitation()

    await add_invitation(database, invitation)

    assert await find_invitation(database, invitation.code) == invitation
    assert await get_invitation(database, HOME, invitation.id) == invitation


async def test_the_optional_parts_may_be_absent(database: Database) -> None:
    invitation = msgspec.structs.replace(
        _invitation(), respondent=None, locale=None, context={}, expires_at=None
    )

    await add_invitation(database, invitation)

    assert await find_invitation(database, invitation.code) == invitation


async def test_an_unknown_code_is_none(database: Database) -> None:
    assert await find_invitation(database, "ZZZZZZZZZZZZZ") is None


async def test_a_taken_code_is_refused_and_the_transaction_goes_on(database: Database) -> None:
    await add_invitation(database, _invitation())
    redrawn = _invitation("ABCDEFGHJKMNP")

    async with database.transaction() as tx:
        with pytest.raises(ConflictError) as caught:
            await add_invitation(tx, _invitation())
        await add_invitation(tx, redrawn)

    assert caught.value.code == "code_taken"
    assert await find_invitation(database, redrawn.code) == redrawn

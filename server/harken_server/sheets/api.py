"""Sheet tokens by API: made, listed, and each revoked alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.replies import item_of
from harken_server.http.resources import Resource
from harken_server.sheets import store
from harken_server.sheets.handed_out import (
    MOST_LISTED,
    SheetBody,
    addresses_of,
    end_token,
    make_token,
)
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, delete, get, post

SHEET = Resource("sheet token that works", "sheet_token_not_found")
SheetId: TypeAlias = Annotated[UUID, SHEET]


class SheetItem(msgspec.Struct, kw_only=True):
    """One token; the token itself is told once."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    """When it was last used, to the minute; null: never."""
    revoked_at: datetime | None


class NewSheet(msgspec.Struct, kw_only=True):
    """A token, told this once, and what it opens."""

    id: UUID
    name: str
    token: str
    responses_url: str
    """With the token in it, as the scores' address: whoever has it may read."""
    scores_url: str
    odata_url: str
    """Without it: send it as the password of HTTP Basic."""
    created_at: datetime
    expires_at: datetime


class SheetList(msgspec.Struct, kw_only=True):
    """The tokens of a survey, newest first, revoked ones included; 1,000 at most."""

    sheets: list[SheetItem]


@post(
    "/surveys/{key:str}/sheets",
    "create_sheet_token",
    "Make a token for a spreadsheet",
    scope="manage",
    status=201,
    errors=(404,),
)
async def create(call: Call, key: str, body: SheetBody) -> NewSheet:
    """It reads this one survey until it is revoked. It is in the answer, and nowhere else."""
    made = await make_token(call, await find_record(call, key), body.name)
    opened = addresses_of(call.runtime, key, made.token)
    return item_of(
        NewSheet, made.kept, token=made.token, responses_url=opened.responses_url,
        scores_url=opened.scores_url, odata_url=opened.odata_url,
    )  # fmt: skip


@get(
    "/surveys/{key:str}/sheets",
    "list_sheet_tokens",
    "List a survey's tokens for spreadsheets",
    scope="manage",
    errors=(404,),
)
async def list_all(call: Call, key: str) -> SheetList:
    """Without the tokens, which are not kept."""
    record = await find_record(call, key)
    found = await store.list_tokens(call.db, call.workspace_id, record.id, limit=MOST_LISTED)
    return SheetList(sheets=[item_of(SheetItem, each) for each in found])


@delete(
    "/surveys/{key:str}/sheets/{sheet_id:str}",
    "revoke_sheet_token",
    "Revoke a token for a spreadsheet",
    scope="manage",
    errors=(404,),
)
async def revoke(call: Call, key: str, sheet_id: SheetId) -> None:
    """It stops working at once, in every process; all others go on."""
    if not await end_token(call, await find_record(call, key), sheet_id):
        raise SHEET.missing(sheet_id)

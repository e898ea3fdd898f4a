"""Responses that somebody should look at: doubtful receipts, and too many from one hand."""

from typing import Annotated

import msgspec

from harken_server.channels.receipts.store.flagged_sql import FlaggedItem, list_flagged
from harken_server.database.lanes import MAX_CURSOR, encode_cursor, lane_of
from harken_server.responses.api import positions_after
from harken_server.workspaces.keyed import Call, get

MAX_FLAGS = 10


class FlaggedQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which flags, where to go on, and how many at once."""

    flag: Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[a-z_]+(,[a-z_]+)*\Z")] = ""
    """One or several with commas between, such as `same_device,velocity`; left out, any."""
    after: Annotated[str, msgspec.Meta(max_length=MAX_CURSOR)] | None = None
    """The cursor of an earlier page."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class FlaggedPage(msgspec.Struct, kw_only=True):
    """Flagged responses in order of change; the cursor goes on after the last one."""

    responses: list[FlaggedItem]
    cursor: str


@get("/flagged-responses", "list_flagged_responses", "List responses that need a look")
async def list_all(call: Call, query: FlaggedQuery) -> FlaggedPage:
    """Nothing is ever taken out of the scores for a flag alone."""
    seen = positions_after(query.after)
    rows = await list_flagged(
        call.db,
        call.workspace_id,
        flags=[flag for flag in query.flag.split(",") if flag][:MAX_FLAGS],
        after=seen,
        limit=query.limit,
    )
    seen |= {lane_of(position): position for position, _ in rows}
    return FlaggedPage(responses=[item for _, item in rows], cursor=encode_cursor(seen))

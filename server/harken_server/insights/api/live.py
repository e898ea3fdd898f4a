"""Numbers of a survey as they change."""

from typing import Annotated

import msgspec
from litestar import Response

from harken_server.insights.live.states import Followed
from harken_server.insights.live.streaming import EVENT_STREAM, MOST_EVENTS, Following, follow
from harken_server.insights.read.taking_in import taken_in
from harken_server.kernel.errors import AccessError
from harken_server.responses.filters import FilterQuery
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.access import find_bearer
from harken_server.workspaces.keyed import Call, get

MAX_PLACE = 3_100


class LiveQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and from where to where."""

    after: Annotated[str, msgspec.Meta(max_length=MAX_PLACE)] = ""
    """The id of the last event that was seen; the header Last-Event-ID counts before it."""
    events: Annotated[int, msgspec.Meta(ge=1, le=MOST_EVENTS)] | None = None
    """End after so many changes; the first is what the numbers are now, where no place is given."""


@get(
    "/surveys/{key:str}/live",
    "follow_survey",
    "New responses and scores as they come, as server-sent events",
    errors=(403, 404, 429, 503),
    also=(204,),
    reply_type=EVENT_STREAM,
    headers=(("Last-Event-ID", "The id of the last event that was seen: what came since counts."),),
)
async def live(call: Call, key: str, query: LiveQuery) -> Response[bytes] | Response[None]:
    """Each event `change` has how many responses came, and the scores of the filter now.

    It looks once a second. Whoever is slow gets the latest numbers, and what came meanwhile added
    up. The event `end` says why nothing more comes: `closed`, `removed`, `revoked`, `stopping` or
    `enough`. 204 for a survey that is closed.
    """
    record = await find_record(call, key)
    loaded = await call.runtime.of(Catalog).load(call.workspace, record)
    taken = await taken_in(call.runtime, call.workspace, record, query)

    async def may_still() -> bool:
        try:
            await find_bearer(call.runtime, call.header("authorization"))
        except AccessError:
            return False
        return True

    after = call.header("last-event-id") or query.after
    followed = Followed(call.runtime, loaded, taken.selection)
    found = await follow(Following(followed, call.key.id, may_still, after, query.events))
    return found or Response(None, status_code=204)

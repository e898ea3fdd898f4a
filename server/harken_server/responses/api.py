"""Stored responses: pull them by cursor, read one, erase one."""

from functools import partial
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Transaction
from harken_server.database.lanes import MAX_CURSOR, Positions, decode_cursor, encode_cursor
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import Replied, link_to_next
from harken_server.http.resources import Resource
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.asked import kept_id
from harken_server.responses.escalating import review_answers, review_response
from harken_server.responses.items import ResponseItem, response_item
from harken_server.responses.response import Standing, StoredResponse
from harken_server.responses.small_groups import guard
from harken_server.responses.store.changing import Beside, erase_response, set_standing
from harken_server.responses.store.erased import promise_erased
from harken_server.responses.store.escalations import forget_response
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.row import get_response
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyRecord
from harken_server.workspaces.access import Acting
from harken_server.workspaces.keyed import Call, delete, get, patch
from harken_server.workspaces.store import audit

RESPONSE = Resource("response", "response_unknown")
ResponseId: TypeAlias = Annotated[UUID, RESPONSE]
AT_ONCE = 40
"""Described in half a millisecond."""


class PageQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=MAX_CURSOR)] | None = None
    """The cursor of an earlier page; left out to begin at the first response."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200
    standing: Standing | None = None
    """Only responses that count, or only one of the kinds that are kept apart; left out: all."""


class ResponsePage(msgspec.Struct, kw_only=True):
    """Responses in order of their latest change; the cursor goes on after the last one."""

    responses: list[ResponseItem]
    cursor: str


@get(
    "/surveys/{key:str}/responses",
    "list_responses",
    "Pull responses in order of change",
    errors=(403, 404),
)
async def pull(call: Call, key: str, query: PageQuery) -> Replied[ResponsePage]:
    """A page of responses; a later pull with its cursor brings what is new or changed."""
    return await read_page(call, key, query, f"/v1/surveys/{key}/responses")


async def read_page(call: Acting, key: str, query: PageQuery, path: str) -> Replied[ResponsePage]:
    """The same for whoever may read them; `path` is where they were asked for."""
    record = await _alone(call, key)
    seen = positions_after(query.after)
    stored = await list_responses(
        call.db,
        record.workspace_id,
        record.id,
        after=seen,
        limit=query.limit,
        standing=query.standing,
    )
    items = [
        await _described(call, record, response, seen)
        async for some in pieces_of(stored, AT_ONCE)
        for response in some
    ]
    cursor = encode_cursor(seen)
    headers: dict[str, str] = {}
    if len(stored) == query.limit:
        headers = link_to_next(
            call.runtime,
            path,
            after=cursor,
            limit=query.limit,
            standing=query.standing,
        )
    return Replied(ResponsePage(responses=items, cursor=cursor), headers=headers)


@get(
    "/surveys/{key:str}/responses/{response_id:str}",
    "get_response",
    "Read one response",
    errors=(403, 404),
)
async def read(call: Call, key: str, response_id: ResponseId) -> ResponseItem:
    """One response by the id that its client made."""
    record = await _alone(call, key)
    return await _item(call, record, response_id)


@delete(
    "/surveys/{key:str}/responses/{response_id:str}",
    "erase_response",
    "Erase a response for ever",
    scope="manage",
    errors=(404,),
)
async def erase(call: Call, key: str, response_id: ResponseId) -> None:
    """Answers and personal data go; the id stays used, so a late repeat cannot bring them back."""
    record = await find_record(call, key)
    owner = (record.workspace_id, record.id)
    loaded = await call.runtime.of(Catalog).load(call.workspace, record)
    own_id = kept_id(call.runtime.signing_keys, loaded, response_id)
    before = await get_response(call.db, *owner, own_id)
    written = _written_down(call, "erase_response", record, response_id)

    async def beside(tx: Transaction) -> None:
        await written(tx)
        await promise_erased(tx, record.workspace_id, own_id, call.now())

    if not await erase_response(call.db, *owner, own_id, beside):
        raise RESPONSE.missing(response_id)
    if before is not None and before.respondent is not None:
        who = record.workspace_id, before.respondent
        await forget_response(call.db, *who, response_id)
        await review_answers(call.db, *who, call.now())
    await call.db.clear_erased()


class StandingBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a person decided after looking at a response."""

    standing: Literal["counted", "excluded"]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    """Why, for whoever reads the audit trail."""


@patch(
    "/surveys/{key:str}/responses/{response_id:str}",
    "set_response_standing",
    "Count a response, or set it aside",
    scope="manage",
    errors=(403, 404),
)
async def change_standing(
    call: Call, key: str, response_id: ResponseId, body: StandingBody
) -> ResponseItem:
    """Scores follow at once; it can be changed again at any time. Its flags stay."""
    record = await _alone(call, key)
    owner = (record.workspace_id, record.id)
    said = {} if body.reason is None else {"reason": body.reason}
    written = _written_down(
        call, "set_response_standing", record, response_id, standing=body.standing, **said
    )
    if not await set_standing(call.db, *owner, response_id, body.standing, written):
        raise RESPONSE.missing(response_id)
    await review_response(call.db, *owner, response_id, call.now())
    return await _item(call, record, response_id)


async def _alone(call: Acting, key: str) -> SurveyRecord:
    """The survey, if its answers may be shown one by one."""
    record = await find_record(call, key)
    guard((await call.runtime.of(Catalog).load(call.workspace, record)).survey, "Single responses")
    return record


def positions_after(cursor: str | None) -> Positions:
    """Where in the feed to go on; raises BadRequestError (`bad_cursor`)."""
    if cursor is None:
        return {}
    positions = decode_cursor(cursor)
    if positions is None:
        raise BadRequestError("The cursor is not one that this server gave.", code="bad_cursor")
    return positions


def _written_down(
    call: Call, action: str, record: SurveyRecord, response_id: UUID, **detail: str
) -> Beside:
    """What the audit trail is told of a change of a response."""
    act = call.act(action)
    return partial(audit.write, act=act, subject=str(response_id), survey=record.key, **detail)


async def _item(call: Call, record: SurveyRecord, response_id: UUID) -> ResponseItem:
    stored = await get_response(call.db, record.workspace_id, record.id, response_id)
    return await _described(call, record, RESPONSE.found(stored, response_id), {})


async def _described(
    call: Acting, record: SurveyRecord, stored: StoredResponse, seen: Positions
) -> ResponseItem:
    loaded = await call.runtime.of(Catalog).load(call.workspace, record, stored.version)
    questions = {question.key: question for question in loaded.survey.questions}
    return response_item(stored, record.key, questions, seen)

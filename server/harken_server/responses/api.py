"""Stored responses: pull them by cursor, read one, erase one."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch
from litestar.params import FromPath

from harken_server.http.bodies import decode_json, decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import empty_reply, json_reply
from harken_server.http.runtime import runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.items import (
    ResponseItem,
    decode_cursor,
    encode_cursor,
    response_item,
)
from harken_server.responses.response import Standing, StoredResponse
from harken_server.responses.store.read import erase_response, get_response, list_responses
from harken_server.responses.store.standings import set_standing
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyRecord
from harken_server.workspaces.access import workspace_of


class PageQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=40)] | None = None
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
    opt=describe(
        Operation(
            "list_responses",
            "Pull responses in order of change",
            query=PageQuery,
            reply=ResponsePage,
            errors=(400, 404),
        )
    ),
)
async def pull(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """A page of responses; a later pull with its cursor brings what is new or changed."""
    runtime = runtime_of(request)
    query = decode_query(request.query_params.multi_items(), PageQuery)
    record = await find_record(request, key)
    after = position_after(query.after)
    stored = await list_responses(
        runtime.db,
        record.workspace_id,
        record.id,
        after=after,
        limit=query.limit,
        standing=query.standing,
    )
    items = [await _item(request, record, response) for response in stored]
    cursor = encode_cursor(stored[-1].position if stored else after)
    headers: dict[str, str] = {}
    if len(stored) == query.limit:
        only = "" if query.standing is None else f"&standing={query.standing}"
        path = f"/v1/surveys/{key}/responses?after={cursor}&limit={query.limit}{only}"
        headers["link"] = f'<{runtime.settings.of(HttpSettings).public_url}{path}>; rel="next"'
    return json_reply(ResponsePage(responses=items, cursor=cursor), headers=headers)


@get(
    "/surveys/{key:str}/responses/{response_id:str}",
    opt=describe(
        Operation(
            "get_response",
            "Read one response",
            reply=ResponseItem,
            errors=(404,),
        )
    ),
)
async def read(
    request: Request[Any, Any, Any], key: FromPath[str], response_id: FromPath[str]
) -> Response[bytes]:
    """One response by the id that its client made."""
    record = await find_record(request, key)
    stored = await get_response(
        runtime_of(request).db, record.workspace_id, record.id, _parse_id(response_id)
    )
    if stored is None:
        raise _unknown(response_id)
    return json_reply(await _item(request, record, stored))


@delete(
    "/surveys/{key:str}/responses/{response_id:str}",
    status_code=204,
    opt=describe(
        Operation(
            "erase_response",
            "Erase a response for ever",
            scope="manage",
            status=204,
            errors=(404,),
        )
    ),
)
async def erase(
    request: Request[Any, Any, Any], key: FromPath[str], response_id: FromPath[str]
) -> Response[None]:
    """Answers and personal data go; the id stays used, so a late repeat cannot bring them back."""
    record = await find_record(request, key)
    found = await erase_response(
        runtime_of(request).db, record.workspace_id, record.id, _parse_id(response_id)
    )
    if not found:
        raise _unknown(response_id)
    return empty_reply()


class StandingBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a person decided after looking at a response."""

    standing: Literal["counted", "excluded"]


_standings = msgspec.json.Decoder(StandingBody)


@patch(
    "/surveys/{key:str}/responses/{response_id:str}",
    status_code=200,
    opt=describe(
        Operation(
            "set_response_standing",
            "Count a response, or set it aside",
            scope="manage",
            body=StandingBody,
            reply=ResponseItem,
            errors=(400, 404, 413, 422),
        )
    ),
)
async def change_standing(
    request: Request[Any, Any, Any], key: FromPath[str], response_id: FromPath[str]
) -> Response[bytes]:
    """Scores follow at once; it can be taken back at any time."""
    runtime = runtime_of(request)
    body = decode_json(await request.body(), _standings)
    record = await find_record(request, key)
    owner = (record.workspace_id, record.id)
    wanted = _parse_id(response_id)
    if not await set_standing(runtime.db, *owner, wanted, body.standing):
        raise _unknown(response_id)
    stored = await get_response(runtime.db, *owner, wanted)
    if stored is None:
        raise _unknown(response_id)
    return json_reply(await _item(request, record, stored))


def position_after(cursor: str | None) -> int:
    """The feed position to go on after; raises BadRequestError (`bad_cursor`)."""
    if cursor is None:
        return 0
    position = decode_cursor(cursor)
    if position is None:
        raise BadRequestError("The cursor is not one that this server gave.", code="bad_cursor")
    return position


async def _item(
    request: Request[Any, Any, Any], record: SurveyRecord, stored: StoredResponse
) -> ResponseItem:
    loaded = (
        await runtime_of(request).of(Catalog).load(workspace_of(request), record, stored.version)
    )
    questions = {question.key: question for question in loaded.survey.questions}
    return response_item(stored, record.key, questions)


def _parse_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _unknown(text) from error


def _unknown(text: str) -> NotFoundError:
    return NotFoundError(f"There is no response {text!r} here.", code="response_unknown")


ROUTES = (pull, read, erase, change_standing)

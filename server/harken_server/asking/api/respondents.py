"""Respondents: what is known of a person, and why each survey would ask them now, or not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, put
from litestar.params import FromPath

from harken_server.asking.explaining import Prospect, list_prospects
from harken_server.asking.requests import (
    MAX_EMAIL,
    MAX_LOCALE,
    MAX_PHONE,
    MAX_RESPONDENT,
    MAX_TIMEZONE,
    Values,
    check_person,
)
from harken_server.asking.store.pace import PaceBook
from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of
from harken_server.kernel.errors import InvalidInputError, NotFoundError
from harken_server.kernel.formats import normalise_phone
from harken_server.respondents.store.respondents import Respondent, get_respondent, put_respondent
from harken_server.workspaces.access import workspace_of


class RespondentBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """All that is known of a person; what is left out is forgotten."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=MAX_EMAIL)] | None = None
    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=MAX_PHONE)] | None = None
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LOCALE)] | None = None
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TIMEZONE)] | None = None
    consent: bool | None = None
    traits: Values = {}


class ProspectItem(msgspec.Struct, kw_only=True):
    """What a trigger would say now."""

    survey: str
    touchpoint: str | None
    """None when no touchpoint asks the survey."""
    asked: bool
    reason: str
    detail: str
    explanation: str


class ExplainReply(msgspec.Struct, kw_only=True):
    """Why each survey would ask the respondent now, or not."""

    respondent: str
    at: datetime
    surveys: list[ProspectItem]
    """By key, once for each touchpoint that asks it."""


_bodies = msgspec.json.Decoder(RespondentBody)


@get(
    "/respondents/{respondent:str}",
    opt=describe(
        Operation(
            "get_respondent",
            "Read what is known of a respondent",
            reply=Respondent,
            errors=(400, 404),
        )
    ),
)
async def read(request: Request[Any, Any, Any], respondent: FromPath[str]) -> Response[bytes]:
    """404 for somebody of whom nothing was ever told."""
    db, name = runtime_of(request).db, checked_respondent(respondent)
    found = await get_respondent(db, workspace_of(request).id, name)
    if found is None:
        raise NotFoundError(f"Nothing is known of respondent {name!r}.", code="respondent_unknown")
    return json_reply(found)


@put(
    "/respondents/{respondent:str}",
    opt=describe(
        Operation(
            "put_respondent",
            "Set what is known of a respondent",
            scope="write",
            body=RespondentBody,
            reply=Respondent,
            errors=(400, 413, 422),
        )
    ),
)
async def write(request: Request[Any, Any, Any], respondent: FromPath[str]) -> Response[bytes]:
    """Replaces everything; a trigger merges instead."""
    runtime = runtime_of(request)
    name = checked_respondent(respondent)
    body = decode_json(await request.body() or b"{}", _bodies)
    problems = tuple(
        check_person(email=body.email, phone=body.phone, timezone=body.timezone, traits=body.traits)
    )
    if problems:
        raise InvalidInputError("the respondent is not acceptable", problems)
    told = Respondent(
        respondent=name,
        email=body.email.lower() if body.email else None,
        phone=normalise_phone(body.phone) if body.phone else None,
        locale=body.locale,
        timezone=body.timezone,
        consent=body.consent,
        traits={name: value for name, value in body.traits.items() if value is not None},
        updated_at=runtime.clock(),
    )
    await put_respondent(runtime.db, workspace_of(request).id, told)
    return json_reply(told)


@get(
    "/respondents/{respondent:str}/explain",
    opt=describe(
        Operation(
            "explain_respondent",
            "Why each survey would ask a respondent now, or not",
            reply=ExplainReply,
            errors=(400,),
        )
    ),
)
async def explain(request: Request[Any, Any, Any], respondent: FromPath[str]) -> Response[bytes]:
    """What triggers would say now; nothing is asked and nothing is kept."""
    runtime = runtime_of(request)
    name, now = checked_respondent(respondent), runtime.clock()
    prospects = await list_prospects(
        runtime.db, workspace_of(request).id, name, now, paces=runtime.of(PaceBook)
    )
    return json_reply(
        ExplainReply(respondent=name, at=now, surveys=[_item(one) for one in prospects])
    )


def checked_respondent(respondent: str) -> str:
    """The respondent in a path. Raises BadRequestError `bad_parameter`."""
    if len(respondent) > MAX_RESPONDENT or "\x00" in respondent:
        raise BadRequestError(
            f"A respondent has at most {MAX_RESPONDENT} characters, none of them NUL.",
            code="bad_parameter",
        )
    return respondent


def _item(prospect: Prospect) -> ProspectItem:
    return ProspectItem(
        survey=prospect.survey,
        touchpoint=prospect.touchpoint,
        asked=prospect.verdict.reason == "asked",
        reason=prospect.verdict.reason,
        detail=prospect.verdict.detail,
        explanation=prospect.explanation,
    )


ROUTES = (read, write, explain)

"""Respondents: what is known of a person, and why each survey would ask them now, or not."""

from datetime import datetime
from typing import Annotated

import msgspec

from harken_server.asking.explaining import ProspectItem, list_prospects
from harken_server.asking.requests import (
    MAX_EMAIL,
    MAX_LOCALE,
    MAX_PHONE,
    MAX_TIMEZONE,
    Values,
    check_person,
)
from harken_server.asking.store.pace_sql import PaceBook
from harken_server.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from harken_server.kernel.formats import normalise_phone
from harken_server.respondents.api import RespondentName
from harken_server.respondents.store.respondents import Respondent, get_respondent, put_respondent
from harken_server.respondents.store.suppressions import is_erased
from harken_server.workspaces.keyed import Call, get, put


class RespondentBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """All that is known of a person; what is left out is forgotten."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=MAX_EMAIL)] | None = None
    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=MAX_PHONE)] | None = None
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LOCALE)] | None = None
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TIMEZONE)] | None = None
    consent: bool | None = None
    traits: Values = {}


class ExplainReply(msgspec.Struct, kw_only=True):
    """Why each survey would ask the respondent now, or not."""

    respondent: str
    at: datetime
    surveys: list[ProspectItem]
    """By key, once for each touchpoint that asks it."""


@get(
    "/respondents/{respondent:str}",
    "get_respondent",
    "Read what is known of a respondent",
    errors=(404,),
)
async def read(call: Call, respondent: RespondentName) -> Respondent:
    """404 for somebody of whom nothing was ever told."""
    found = await get_respondent(call.db, call.workspace_id, respondent)
    if found is None:
        raise NotFoundError(
            f"Nothing is known of respondent {respondent!r}.", code="respondent_unknown"
        )
    return found


@put(
    "/respondents/{respondent:str}",
    "put_respondent",
    "Set what is known of a respondent",
    scope="write",
    errors=(409,),
    may_be_empty=True,
    everyday="an application tells all day what it knows of its people",
)
async def write(call: Call, respondent: RespondentName, body: RespondentBody) -> Respondent:
    """Replaces everything; a trigger merges instead. 409 for somebody who was erased."""
    if await is_erased(call.db, call.workspace_id, respondent):
        raise ConflictError(
            f"Respondent {respondent!r} was erased; allow it again first:"
            " DELETE /v1/suppressions/{respondent}.",
            code="respondent_erased",
        )
    problems = tuple(
        check_person(email=body.email, phone=body.phone, timezone=body.timezone, traits=body.traits)
    )
    if problems:
        raise InvalidInputError("the respondent is not acceptable", problems)
    told = Respondent(
        respondent=respondent,
        email=body.email.lower() if body.email else None,
        phone=normalise_phone(body.phone) if body.phone else None,
        locale=body.locale,
        timezone=body.timezone,
        consent=body.consent,
        traits={name: value for name, value in body.traits.items() if value is not None},
        updated_at=call.now(),
    )
    await put_respondent(call.db, call.workspace_id, told)
    return told


@get(
    "/respondents/{respondent:str}/explain",
    "explain_respondent",
    "Why each survey would ask a respondent now, or not",
)
async def explain(call: Call, respondent: RespondentName) -> ExplainReply:
    """What triggers would say now; nothing is asked and nothing is kept."""
    now = call.now()
    prospects = await list_prospects(
        call.db, call.workspace_id, respondent, now, paces=call.runtime.of(PaceBook)
    )
    return ExplainReply(respondent=respondent, at=now, surveys=prospects)

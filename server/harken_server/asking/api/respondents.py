"""Respondents: what is known of a person, and why each survey would ask them now, or not."""

from datetime import datetime
from typing import Annotated

import msgspec

from harken_server.asking.explaining import ProspectItem, list_prospects
from harken_server.asking.requests import (
    MAX_EMAIL,
    MAX_LOCALE,
    MAX_PHONE,
    MAX_RESPONDENT,
    MAX_TIMEZONE,
    Values,
    check_person,
)
from harken_server.asking.store.pace_sql import PaceBook
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import InvalidInputError, NotFoundError
from harken_server.kernel.formats import normalise_phone
from harken_server.respondents.store.respondents import Respondent, get_respondent, put_respondent
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
async def read(call: Call, respondent: str) -> Respondent:
    """404 for somebody of whom nothing was ever told."""
    db, name = call.db, checked_respondent(respondent)
    found = await get_respondent(db, call.workspace_id, name)
    if found is None:
        raise NotFoundError(f"Nothing is known of respondent {name!r}.", code="respondent_unknown")
    return found


@put(
    "/respondents/{respondent:str}",
    "put_respondent",
    "Set what is known of a respondent",
    scope="write",
    may_be_empty=True,
)
async def write(call: Call, respondent: str, body: RespondentBody) -> Respondent:
    """Replaces everything; a trigger merges instead."""
    name = checked_respondent(respondent)
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
        updated_at=call.now(),
    )
    await put_respondent(call.db, call.workspace_id, told)
    return told


@get(
    "/respondents/{respondent:str}/explain",
    "explain_respondent",
    "Why each survey would ask a respondent now, or not",
)
async def explain(call: Call, respondent: str) -> ExplainReply:
    """What triggers would say now; nothing is asked and nothing is kept."""
    name, now = checked_respondent(respondent), call.now()
    prospects = await list_prospects(
        call.db, call.workspace_id, name, now, paces=call.runtime.of(PaceBook)
    )
    return ExplainReply(respondent=name, at=now, surveys=prospects)


def checked_respondent(respondent: str) -> str:
    """The respondent in a path. Raises BadRequestError `bad_parameter`."""
    if len(respondent) > MAX_RESPONDENT or "\x00" in respondent:
        raise BadRequestError(
            f"A respondent has at most {MAX_RESPONDENT} characters, none of them NUL.",
            code="bad_parameter",
        )
    return respondent

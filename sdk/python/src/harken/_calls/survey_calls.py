"""Every request of the API as a `Call`: where it goes, what it carries, how its answer reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.reading import read_as as _as
from harken._calls.reading import read_nothing as _nothing
from harken._calls.reading import segment as _segment
from harken._types.response import Receipt, Response, ResponsePage
from harken._types.score import Scores
from harken._types.survey import DefinitionFormat, PushResult, Survey, SurveySummary

T = TypeVar("T")

JSON = ("Content-Type", "application/json")


def push_survey(definition: bytes, format: DefinitionFormat, *, dry_run: bool) -> Call[PushResult]:
    """POST /v1/surveys; pushing the same definition again changes nothing, so it may repeat."""
    return Call(
        method="POST",
        path="/v1/surveys",
        query=(("dry_run", "true"),) if dry_run else (),
        headers=(("Content-Type", f"application/{format}"),),
        body=definition,
        read=_as(PushResult),
        may_repeat=True,
    )


def get_survey(key: str, version: int | None) -> Call[Survey]:
    """GET /v1/surveys/{key}."""
    return _get(f"/v1/surveys/{_segment(key)}", _as(Survey), version=version)


def list_surveys() -> Call[tuple[SurveySummary, ...]]:
    """GET /v1/surveys."""
    read = _as(_SurveyList)
    return _get("/v1/surveys", lambda reply: read(reply).surveys)


def list_responses(survey: str, *, after: str | None, limit: int) -> Call[ResponsePage]:
    """GET /v1/surveys/{key}/responses: one page."""
    path = f"/v1/surveys/{_segment(survey)}/responses"
    return _get(path, _read_page, after=after, limit=limit)


def get_response(survey: str, id: str | UUID) -> Call[Response]:
    """GET /v1/surveys/{key}/responses/{id}."""
    return _get(f"/v1/surveys/{_segment(survey)}/responses/{_segment(str(id))}", _as(Response))


def erase_response(survey: str, id: str | UUID) -> Call[None]:
    """DELETE /v1/surveys/{key}/responses/{id}."""
    return Call(
        method="DELETE",
        path=f"/v1/surveys/{_segment(survey)}/responses/{_segment(str(id))}",
        read=_nothing,
        may_repeat=True,
    )


def set_standing(survey: str, id: str | UUID, standing: str) -> Call[Response]:
    """PATCH /v1/surveys/{key}/responses/{id}."""
    return Call(
        method="PATCH",
        path=f"/v1/surveys/{_segment(survey)}/responses/{_segment(str(id))}",
        headers=(JSON,),
        body=msgspec.json.encode({"standing": standing}),
        read=_as(Response),
        may_repeat=True,
    )


def submit_response(
    answers: Mapping[str, Any], *, id: str | UUID, **given: object
) -> Call[Receipt]:
    """POST /v1/public/responses; the id, made by the client, makes a repeat get the receipt."""
    body = _given(id=str(id), answers=dict(answers), **given)
    return Call(
        method="POST",
        path="/v1/public/responses",
        headers=(JSON,),
        body=msgspec.json.encode(body),
        read=_as(Receipt),
        may_repeat=True,
    )


def get_scores(survey: str, **filters: str | int | date | None) -> Call[Scores]:
    """GET /v1/surveys/{key}/scores."""
    return _get(f"/v1/surveys/{_segment(survey)}/scores", _as(Scores), **filters)


def export(survey: str, kind: str, **filters: str | int | date | None) -> Call[None]:
    """GET /v1/surveys/{key}/export.{kind}; the body is streamed, not read here."""
    return _get(f"/v1/surveys/{_segment(survey)}/export.{kind}", _nothing, **filters)


class _SurveyList(msgspec.Struct, frozen=True):
    surveys: tuple[SurveySummary, ...]


def _get(path: str, read: Callable[[Reply], T], **query: str | int | date | None) -> Call[T]:
    return Call(method="GET", path=path, query=_query(query), read=read, may_repeat=True)


def _query(filters: Mapping[str, str | int | date | None]) -> tuple[tuple[str, str], ...]:
    """As name and text; `from_` is sent as `from`, and what is None is left out."""
    return tuple(
        (name.rstrip("_"), _day(value)) for name, value in filters.items() if value is not None
    )


def _day(value: str | int | date) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _read_page(reply: Reply) -> ResponsePage:
    page = _as(ResponsePage)(reply)
    has_more = 'rel="next"' in reply.headers.get("link", "").replace("rel=next", 'rel="next"')
    return msgspec.structs.replace(page, has_more=has_more)

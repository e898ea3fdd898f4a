"""Requests about respondents, and about asking them, as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_nothing, segment
from harken._types.decision import Decision
from harken._types.respondent import AskingRules, Escalation, Explanation, Respondent, Suppression

T = TypeVar("T")

JSON = ("Content-Type", "application/json")


class _Suppressions(msgspec.Struct, frozen=True):
    suppressions: tuple[Suppression, ...]


class _Escalations(msgspec.Struct, frozen=True):
    escalations: tuple[Escalation, ...]


def get_decision(id: str | UUID) -> Call[Decision]:
    """GET /v1/decisions/{id}."""
    return _get(f"/v1/decisions/{segment(str(id))}", Decision)


def get_respondent(respondent: str) -> Call[Respondent]:
    """GET /v1/respondents/{respondent}."""
    return _get(f"/v1/respondents/{segment(respondent)}", Respondent)


def put_respondent(respondent: str, fields: Mapping[str, Any]) -> Call[Respondent]:
    """PUT /v1/respondents/{respondent}."""
    body = {name: value for name, value in fields.items() if value is not None}
    return _put(f"/v1/respondents/{segment(respondent)}", body, Respondent)


def explain_respondent(respondent: str) -> Call[Explanation]:
    """GET /v1/respondents/{respondent}/explain."""
    return _get(f"/v1/respondents/{segment(respondent)}/explain", Explanation)


def list_suppressions(after: str, limit: int) -> Call[tuple[Suppression, ...]]:
    """GET /v1/suppressions: one page."""
    read = read_as(_Suppressions)
    return Call(
        method="GET",
        path="/v1/suppressions",
        query=(("after", after), ("limit", str(limit))),
        read=lambda reply: read(reply).suppressions,
        may_repeat=True,
    )


def add_suppression(respondent: str, reason: str) -> Call[None]:
    """PUT /v1/suppressions/{respondent}."""
    return Call(
        method="PUT",
        path=f"/v1/suppressions/{segment(respondent)}",
        headers=(JSON,),
        body=msgspec.json.encode({"reason": reason}),
        read=read_nothing,
        may_repeat=True,
    )


def remove_suppression(respondent: str) -> Call[None]:
    """DELETE /v1/suppressions/{respondent}; a repeat would say that there is none."""
    return Call(method="DELETE", path=f"/v1/suppressions/{segment(respondent)}", read=read_nothing)


def list_escalations(state: str, before: str, limit: int) -> Call[tuple[Escalation, ...]]:
    """GET /v1/escalations: one page."""
    read = read_as(_Escalations)
    return Call(
        method="GET",
        path="/v1/escalations",
        query=(("state", state), ("before", before), ("limit", str(limit))),
        read=lambda reply: read(reply).escalations,
        may_repeat=True,
    )


def close_escalation(id: str | UUID) -> Call[Escalation]:
    """POST /v1/escalations/{id}/close; closing again changes nothing."""
    return Call(
        method="POST",
        path=f"/v1/escalations/{segment(str(id))}/close",
        read=read_as(Escalation),
        may_repeat=True,
    )


def get_asking() -> Call[AskingRules]:
    """GET /v1/asking."""
    return _get("/v1/asking", AskingRules)


def put_asking(rules: AskingRules) -> Call[AskingRules]:
    """PUT /v1/asking."""
    return _put("/v1/asking", rules, AskingRules)


def _put(path: str, body: object, kind: type[T]) -> Call[T]:
    return Call(
        method="PUT",
        path=path,
        headers=(JSON,),
        body=msgspec.json.encode(body),
        read=read_as(kind),
        may_repeat=True,
    )


def _get(path: str, kind: type[T]) -> Call[T]:
    return Call(method="GET", path=path, read=read_as(kind), may_repeat=True)

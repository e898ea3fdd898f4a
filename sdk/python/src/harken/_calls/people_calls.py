"""Requests about respondents, and about asking them, as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list, read_nothing
from harken._calls.request import get, segment, send, without_none
from harken._types.decision import Decision
from harken._types.respondent import AskingRules, Escalation, Explanation, Respondent, Suppression


def get_decision(id: str | UUID) -> Call[Decision]:
    """GET /v1/decisions/{id}."""
    return get(f"/v1/decisions/{segment(id)}", read_as(Decision))


def get_respondent(respondent: str) -> Call[Respondent]:
    """GET /v1/respondents/{respondent}."""
    return get(f"/v1/respondents/{segment(respondent)}", read_as(Respondent))


def put_respondent(respondent: str, fields: Mapping[str, Any]) -> Call[Respondent]:
    """PUT /v1/respondents/{respondent}."""
    path = f"/v1/respondents/{segment(respondent)}"
    return send("PUT", path, read_as(Respondent), without_none(fields))


def explain_respondent(respondent: str) -> Call[Explanation]:
    """GET /v1/respondents/{respondent}/explain."""
    return get(f"/v1/respondents/{segment(respondent)}/explain", read_as(Explanation))


def list_suppressions(after: str, limit: int) -> Call[tuple[Suppression, ...]]:
    """GET /v1/suppressions: one page."""
    read = read_list("suppressions", Suppression)
    return get("/v1/suppressions", read, after=after, limit=limit)


def add_suppression(respondent: str, reason: str) -> Call[None]:
    """PUT /v1/suppressions/{respondent}."""
    path = f"/v1/suppressions/{segment(respondent)}"
    return send("PUT", path, read_nothing, {"reason": reason})


def remove_suppression(respondent: str) -> Call[None]:
    """DELETE /v1/suppressions/{respondent}; a repeat would say that there is none."""
    return Call(method="DELETE", path=f"/v1/suppressions/{segment(respondent)}", read=read_nothing)


def list_escalations(state: str, before: str, limit: int) -> Call[tuple[Escalation, ...]]:
    """GET /v1/escalations: one page."""
    read = read_list("escalations", Escalation)
    return get("/v1/escalations", read, state=state, before=before, limit=limit)


def close_escalation(id: str | UUID) -> Call[Escalation]:
    """POST /v1/escalations/{id}/close; closing again changes nothing."""
    return Call(
        method="POST",
        path=f"/v1/escalations/{segment(id)}/close",
        read=read_as(Escalation),
        may_repeat=True,
    )


def get_asking() -> Call[AskingRules]:
    """GET /v1/asking."""
    return get("/v1/asking", read_as(AskingRules))


def put_asking(rules: AskingRules) -> Call[AskingRules]:
    """PUT /v1/asking."""
    return send("PUT", "/v1/asking", read_as(AskingRules), rules)

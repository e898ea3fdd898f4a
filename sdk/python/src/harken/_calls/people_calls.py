"""Requests about respondents, and about asking them, as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list, read_nothing
from harken._calls.request import bare, get, person, segment, send, without_none
from harken._types.decision import Decision
from harken._types.respondent import (
    AskingRules,
    AuditEntry,
    Erasure,
    ErasurePreview,
    Escalation,
    Explanation,
    Respondent,
    Suppression,
)
from harken._values import Id, name_of


def get_decision(id: Id) -> Call[Decision]:
    """GET /v1/decisions/{id}."""
    return get(f"/v1/decisions/{segment(id)}", read_as(Decision))


def get_respondent(respondent: Id) -> Call[Respondent]:
    """GET /v1/respondents/{respondent}."""
    piece, query = person(respondent)
    return get(f"/v1/respondents/{piece}", read_as(Respondent), **query)


def put_respondent(respondent: Id, fields: Mapping[str, Any]) -> Call[Respondent]:
    """PUT /v1/respondents/{respondent}."""
    piece, query = person(respondent)
    path = f"/v1/respondents/{piece}"
    return send("PUT", path, read_as(Respondent), without_none(fields), query=query)


def erase_respondent(respondent: Id, *, claimed: bool, hold: bool) -> Call[Erasure]:
    """DELETE /v1/respondents/{respondent}; a repeat erases what came since."""
    piece, query = person(respondent)
    query |= {name: "true" for name, said in (("claimed", claimed), ("hold", hold)) if said}
    return bare("DELETE", f"/v1/respondents/{piece}", read_as(Erasure), query=query)


def preview_erasure(respondent: Id) -> Call[ErasurePreview]:
    """GET /v1/respondents/{respondent}/erasure."""
    piece, query = person(respondent)
    return get(f"/v1/respondents/{piece}/erasure", read_as(ErasurePreview), **query)


def list_audit(
    action: str | None, respondent: Id | None, before: str | None, limit: int
) -> Call[tuple[AuditEntry, ...]]:
    """GET /v1/audit: one page."""
    name = None if respondent is None else name_of("respondent", respondent)
    read = read_list("entries", AuditEntry)
    return get("/v1/audit", read, action=action, respondent=name, before=before, limit=limit)


def explain_respondent(respondent: Id) -> Call[Explanation]:
    """GET /v1/respondents/{respondent}/explain."""
    piece, query = person(respondent)
    return get(f"/v1/respondents/{piece}/explain", read_as(Explanation), **query)


def list_suppressions(after: str, limit: int) -> Call[tuple[Suppression, ...]]:
    """GET /v1/suppressions: one page."""
    read = read_list("suppressions", Suppression)
    return get("/v1/suppressions", read, after=after, limit=limit)


def add_suppression(respondent: Id, reason: str) -> Call[None]:
    """PUT /v1/suppressions/{respondent}."""
    piece, query = person(respondent)
    path = f"/v1/suppressions/{piece}"
    return send("PUT", path, read_nothing, {"reason": reason}, query=query)


def remove_suppression(respondent: Id) -> Call[None]:
    """DELETE /v1/suppressions/{respondent}; a repeat would say that there is none."""
    piece, query = person(respondent)
    path = f"/v1/suppressions/{piece}"
    return bare("DELETE", path, read_nothing, query=query, may_repeat=False)


def list_escalations(state: str, before: str, limit: int) -> Call[tuple[Escalation, ...]]:
    """GET /v1/escalations: one page."""
    read = read_list("escalations", Escalation)
    return get("/v1/escalations", read, state=state, before=before, limit=limit)


def close_escalation(id: Id) -> Call[Escalation]:
    """POST /v1/escalations/{id}/close; closing again changes nothing."""
    return bare("POST", f"/v1/escalations/{segment(id)}/close", read_as(Escalation))


def get_asking() -> Call[AskingRules]:
    """GET /v1/asking."""
    return get("/v1/asking", read_as(AskingRules))


def put_asking(rules: AskingRules) -> Call[AskingRules]:
    """PUT /v1/asking."""
    return send("PUT", "/v1/asking", read_as(AskingRules), rules)

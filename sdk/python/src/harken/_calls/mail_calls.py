"""Requests about mail, personal links and replies as `Call`s."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_bytes, read_list
from harken._calls.request import (
    JSON,
    QueryValue,
    bare,
    encode_json,
    encode_query,
    get,
    person_body,
    segment,
    send,
    without_none,
)
from harken._types.mailing import Delivery, MailEvent, MailHook, MailPreview, MailSnippet
from harken._types.prompt import MessageHooks, NextPrompt
from harken._values import Id

CSV = ("Content-Type", "text/csv")


def list_deliveries(
    survey: str, *, invitation: Id | None, state: str | None, before: str, limit: int
) -> Call[tuple[Delivery, ...]]:
    """GET /v1/surveys/{key}/deliveries: one page."""
    return get(
        f"/v1/surveys/{segment(survey)}/deliveries",
        read_list("deliveries", Delivery),
        invitation=None if invitation is None else str(invitation),
        state=state,
        before=before or None,
        limit=limit,
    )


def get_delivery(id: Id) -> Call[Delivery]:
    """GET /v1/deliveries/{id}."""
    return get(f"/v1/deliveries/{segment(id)}", read_as(Delivery))


def retry_delivery(id: Id) -> Call[Delivery]:
    """POST /v1/deliveries/{id}/retry; a repeat would find it waiting, and be refused."""
    path = f"/v1/deliveries/{segment(id)}/retry"
    return bare("POST", path, read_as(Delivery), may_repeat=False)


def preview_mail(survey: str, *, kind: str, locale: str | None) -> Call[MailPreview]:
    """GET /v1/surveys/{key}/mail-preview."""
    path = f"/v1/surveys/{segment(survey)}/mail-preview"
    return get(path, read_as(MailPreview), kind=kind, locale=locale)


def mail_snippet(survey: str, *, provider: str, way: str, locale: str | None) -> Call[MailSnippet]:
    """GET /v1/surveys/{key}/mail-snippet."""
    path = f"/v1/surveys/{segment(survey)}/mail-snippet"
    return get(path, read_as(MailSnippet), provider=provider, way=way, locale=locale)


def personal_links(
    survey: str, people: tuple[bytes, tuple[str, str]], **query: QueryValue
) -> Call[bytes]:
    """POST /v1/surveys/{key}/links; a repeat gives the same links."""
    body, kind = people
    return Call(
        method="POST",
        path=f"/v1/surveys/{segment(survey)}/links",
        query=encode_query(query),
        headers=(kind,),
        body=body,
        read=read_bytes,
        may_repeat=True,
    )


def people_body(
    people: str | os.PathLike[str] | bytes | Iterable[Id | Mapping[str, Any]],
) -> tuple[bytes, tuple[str, str]]:
    """A list of people as it is sent, and as what. OSError for a file that cannot be read."""
    if isinstance(people, bytes):
        return people, CSV
    if isinstance(people, str | os.PathLike):
        return Path(people).read_bytes(), CSV
    return encode_json({"respondents": [person_body(one) for one in people]}), JSON


def mail_hooks() -> Call[tuple[MailHook, ...]]:
    """POST /v1/mail/hooks; nothing is stored."""
    read = read_list("hooks", MailHook)
    return bare("POST", "/v1/mail/hooks", read)


def list_mail_events(before: str, limit: int) -> Call[tuple[MailEvent, ...]]:
    """GET /v1/mail/events: one page."""
    read = read_list("events", MailEvent)
    return get("/v1/mail/events", read, before=before or None, limit=limit)


def send_reply(token: str, **fields: str | None) -> Call[NextPrompt]:
    """POST /v1/public/replies; the message's id makes a repeat change nothing."""
    body = {"token": token, **without_none(fields)}
    return send("POST", "/v1/public/replies", read_as(NextPrompt), body)


def message_hooks() -> Call[MessageHooks]:
    """POST /v1/messages/hooks; nothing is stored."""
    return bare("POST", "/v1/messages/hooks", read_as(MessageHooks))

"""Who sends on a public way, as far as a person is to be told from a program by it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from harken_server.http.clients import client_address
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.responses.asked import Collection
from harken_server.responses.programs.rules import RepeatedForms, Sign, digests_of
from harken_server.responses.response import NewResponse, StoredResponse
from harken_server.responses.store.changing import quarantine_response
from harken_server.surveys.survey import Survey

MAX_AGENT_CHARS = 400


class Sender(msgspec.Struct, frozen=True):
    """A client that anybody may be: its request, and what it has shown of itself."""

    runtime: Runtime
    scope: Any
    signs: tuple[Sign, ...] = ()


async def judge_response(
    room: Collection,
    sender: Sender,
    survey: Survey,
    new: NewResponse,
    stored: StoredResponse | None,
) -> NewResponse:
    """The response as it is to be stored: set apart from the scores where a program sent it.

    One that began well is set apart before more of it is stored. What somebody of the house decided
    about the same signs stays decided.
    """
    if not sender.runtime.of(RepeatedForms).strictness:
        return new
    signs = (*sender.signs, *_signs_of_form(sender, survey, new, room.clock()))
    if stored is None:
        standing = "quarantined" if signs and new.standing == "counted" else new.standing
        return msgspec.structs.replace(new, standing=standing, flags=signs) if signs else new
    news = {*signs} - {*stored.flags}
    if not news:
        return new
    place = new.survey.workspace_id, new.survey.id
    position = await quarantine_response(room.db, *place, new.id, news)
    return new if position is None else msgspec.structs.replace(new, seen_position=position)


def _signs_of_form(
    sender: Sender, survey: Survey, new: NewResponse, now: datetime
) -> tuple[Sign, ...]:
    if not any(row.text for row in new.answers):
        return ()
    forms = sender.runtime.of(RepeatedForms)
    comments = {each.key for each in survey.questions if each.behaviour.is_at_length}
    client = _client_of(sender, forms.key)
    digests = digests_of(forms.key, new.survey.id.bytes, client, new.answers, comments)
    return ("repeated_form",) if forms.is_repeated(digests, new.id, now) else ()


def _client_of(sender: Sender, key: bytes) -> bytes:
    """Stands for the client while the process runs: part of what makes two forms equal, and never a
    sign by itself."""
    headers, settings = sender.scope["headers"], sender.runtime.settings.of(HttpSettings)
    agent = next((value for name, value in headers if name == b"user-agent"), b"")
    address = client_address(sender.scope, settings.trusted_proxies)
    content = b"\n".join((address.encode(), agent[:MAX_AGENT_CHARS]))
    return hashlib.blake2b(content, key=key, digest_size=16).digest()

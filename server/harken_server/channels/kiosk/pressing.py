"""One press of a button device, through the one way in: stored once however often it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import ConflictError
from harken_server.kernel.ids import keyed_id
from harken_server.responses.asked import collection_of
from harken_server.responses.known import Way, resume_digest
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Name, Receipt, Submission, utc_milliseconds
from harken_server.responses.submit import submit_response
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.workspaces.access import WorkspaceCatalog, reaches
from harken_server.workspaces.workspace import ApiKey, Workspace

BUTTON_CHANNEL = "button"


class Press(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One press of one button."""

    survey: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    answers: Annotated[dict[str, Any], msgspec.Meta(min_length=1, max_length=20)]
    """Usually one rating, such as `{"satisfaction": 4}`."""
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    """The device's own id of the press, such as `button-7/1042`; for a single press the header
    Idempotency-Key may say it instead."""
    touchpoint: Name | None = None
    pressed_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """By the device's clock; kept as a claim."""
    waited_ms: float | None = None
    """For how many milliseconds the press waited on the device before it was sent. Needs no clock
    that is right, and says on which day it counts."""
    context: Annotated[dict[str, str | int | float | bool | None], msgspec.Meta(max_length=50)] = {}

    def __post_init__(self) -> None:
        """Refuse a time that is out of the calendar in UTC."""
        if self.pressed_at is not None:
            utc_milliseconds(self.pressed_at)


async def store_press(runtime: Runtime, key: ApiKey, press: Press, name: str) -> Receipt:
    """Store a press under the id that follows from its name, which nobody else can foresee.

    Devices may share names and change their keys. Where another key has stored another press under
    a name, this one gets an id of its own key: nobody takes a name before its device comes. An
    anonymous survey does not keep who gave one, so that all its presses have ids of their own keys.
    Raises what `submit_response` does; ConflictError only for two presses of one key.
    """
    workspace = await runtime.of(WorkspaceCatalog).get(key.workspace_id)
    subject = f"{press.survey}\n{name}".encode()
    if (await _asked(runtime, workspace, press)).survey.anonymous:
        own = await _id_of(runtime, workspace, press, key.id.bytes + subject)
        return await _submit(runtime, key, workspace, press, own)
    shared = await _id_of(runtime, workspace, press, workspace.id.bytes + subject)
    try:
        return await _submit(runtime, key, workspace, press, shared)
    except ConflictError:
        if not await _is_anothers(runtime, key, workspace, press, shared):
            raise
    own = await _id_of(runtime, workspace, press, key.id.bytes + subject)
    return await _submit(runtime, key, workspace, press, own)


async def _id_of(runtime: Runtime, workspace: Workspace, press: Press, subject: bytes) -> UUID:
    """What was stored before the server's secret key was changed keeps the id that it had."""
    ids = [keyed_id(each, b"harken press\n", subject) for each in runtime.signing_keys]
    for earlier in ids[1:]:
        if await _stored_giver(runtime, workspace, press, earlier) is not None:
            return earlier
    return ids[0]


async def _asked(runtime: Runtime, workspace: Workspace, press: Press) -> LoadedSurvey:
    return await runtime.of(Catalog).find(press.survey, workspace)


async def _is_anothers(
    runtime: Runtime, key: ApiKey, workspace: Workspace, press: Press, response_id: UUID
) -> bool:
    giver = await _stored_giver(runtime, workspace, press, response_id)
    return giver not in {resume_digest(each) for each in _secrets(runtime, key)}


async def _stored_giver(
    runtime: Runtime, workspace: Workspace, press: Press, response_id: UUID
) -> UUID | None:
    record = (await _asked(runtime, workspace, press)).record
    stored = await get_response(runtime.db, workspace.id, record.id, response_id)
    return None if stored is None else stored.resume_digest


def _secrets(runtime: Runtime, key: ApiKey) -> list[str]:
    """Which key sent a press is kept with it as the secret that later sequences would need."""
    return [
        keyed_id(each, b"harken press key\n", key.id.bytes).hex for each in runtime.signing_keys
    ]


async def _submit(
    runtime: Runtime, key: ApiKey, workspace: Workspace, press: Press, response_id: UUID
) -> Receipt:
    is_ours = reaches(key, "write")
    submission = Submission(
        id=response_id,
        survey=press.survey,
        answers=press.answers,
        resume=_secrets(runtime, key)[0],
        touchpoint=press.touchpoint,
        context=press.context,
        started_at=press.pressed_at,
        waited_ms=press.waited_ms,
    )
    return await submit_response(
        collection_of(runtime),
        submission,
        Way(channel=BUTTON_CHANNEL, is_vouched=is_ours, proof="key" if is_ours else ""),
        workspace=workspace,
    )

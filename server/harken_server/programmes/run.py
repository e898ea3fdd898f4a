"""Programmes: set up, filled with members, and run by the worker a little at a time."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias
from uuid import UUID

from harken_server.asking.decision import TriggerResult
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.triggers import trigger
from harken_server.database.database import Database
from harken_server.deliveries.channels import Channels
from harken_server.kernel.errors import ConflictError, InvalidInputError
from harken_server.kernel.ids import Random
from harken_server.programmes import store as programmes
from harken_server.programmes.rules import Programme, find_due, idempotency_key, wave_label
from harken_server.programmes.store import StoredProgramme
from harken_server.respondents.store.respondents import get_respondent
from harken_server.surveys.store.surveys import get_survey
from harken_server.surveys.store.touchpoints import get_touchpoint

log = logging.getLogger("harken.programmes")

Ask: TypeAlias = Callable[..., Awaitable[TriggerResult]]
"""`trigger` with all that is the same for everybody asked now."""
Halt: TypeAlias = Literal["no_survey", "not_live", "reassigned"]

MOST_A_TICK = 500
"""Members decided on in one tick, whatever has piled up; the next tick goes on."""


async def run_programmes(
    db: Database,
    channels: Channels,
    *,
    now: datetime,
    random: Random,
    limit: int = MOST_A_TICK,
) -> int:
    """Decide on members whose turn has come, of all programmes; how many were decided on.

    Any number of workers may do it at once: a trigger's idempotency key lets each programme, wave
    and respondent through once, for ever, and `last_wave` only remembers it. Every programme has
    its share of `limit`, so that a large one does not hold up the others.
    """
    ask = partial(trigger, db, now=now, random=random, channels=channels)
    active = await programmes.list_active(db)
    share = max(1, limit // max(1, len(active)))
    decided = 0
    for stored in active:
        decided += await _run_one(db, stored, now, ask, share)
    return decided


async def find_halt(db: Database, workspace_id: UUID, programme: Programme) -> Halt | None:
    """Why nobody can be asked now, though members are due; None when nothing stands against it.

    Members wait for as long as it lasts: their wave is not spent.
    """
    touchpoint = await get_touchpoint(db, workspace_id, programme.touchpoint)
    if touchpoint is None or touchpoint.survey != programme.survey:
        return "reassigned"
    survey = await get_survey(db, workspace_id, programme.survey)
    if survey is None:
        return "no_survey"
    return None if survey.status == "live" else "not_live"


async def _run_one(
    db: Database, stored: StoredProgramme, now: datetime, ask: Ask, limit: int
) -> int:
    turns = find_due(stored.programme, now)
    names: list[tuple[str, int]] = []
    for due in turns:
        found = await programmes.find_due(db, stored, due, limit - len(names))
        names += [(name, due.wave) for name in found]
    if not names:
        return 0
    halt = await find_halt(db, stored.workspace_id, stored.programme)
    if halt is not None:
        log.info("programme waits", extra={"programme": stored.programme.key, "reason": halt})
        return 0
    for name, wave in names:
        await _decide_on(db, stored, name, wave, ask)
    return len(names)


async def _decide_on(db: Database, stored: StoredProgramme, name: str, wave: int, ask: Ask) -> None:
    """Trigger for one member; a crash before the mark leads to the same decision again."""
    programme = stored.programme
    person = await get_respondent(db, stored.workspace_id, name)
    request = TriggerRequest(
        touchpoint=programme.touchpoint,
        respondent=name,
        channel=programme.channel,
        locale=person.locale if person else None,
    )
    try:
        await ask(
            request,
            workspace_id=stored.workspace_id,
            idempotency_key=idempotency_key(stored.id, wave, name),
            wave=wave_label(programme.key, wave),
        )
    except ConflictError as error:
        if error.code != "idempotency_key_reused":
            raise
        # Decided before, and the programme or the locale changed between that and the mark.
    except InvalidInputError as error:
        log.warning(
            "member cannot be asked",
            extra={"programme": programme.key, "wave": wave, "reason": error.message},
        )
    await programmes.mark_decided(db, stored, name, wave)

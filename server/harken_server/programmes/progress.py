"""How far a programme has come, and why it does not go on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from harken_server.database.database import Database
from harken_server.programmes import rules
from harken_server.programmes import store as programmes
from harken_server.programmes.run import find_halt
from harken_server.programmes.store import StoredProgramme
from harken_server.programmes.tally_sql import tally_wave

ProgrammeState: TypeAlias = Literal[
    "running", "not_begun", "finished", "inactive", "no_survey", "not_live", "reassigned"
]
"""reassigned: its touchpoint asks another survey by now."""


class Progress(msgspec.Struct, kw_only=True, frozen=True):
    """The current wave in figures."""

    wave: int
    """Counted from 1; 0 before the programme begins."""
    wave_began_at: datetime | None
    next_wave_at: datetime | None
    """None for a programme that asks once and has begun."""
    members: int
    decided: int
    """Members whose turn in the wave is over: asked, found not eligible, or joined after it."""
    due: int
    """Members whose turn has come and who were not decided on yet."""
    asked: int
    """Invitations made in the wave."""
    answered: int
    """Those of them with a complete response."""
    next_asking_at: datetime | None
    """When the next member falls due; None when nobody does in this wave or the next."""


async def read_progress(
    db: Database, stored: StoredProgramme, now: datetime
) -> tuple[ProgrammeState, Progress]:
    """The state and figures at `now`."""
    programme = stored.programme
    wave, reached = rules.find_moment(programme, now)
    label = rules.wave_label(programme.key, wave)
    tally = await tally_wave(db, stored, wave, reached, label)
    is_once = programme.every == "once"
    progress = Progress(
        wave=wave,
        wave_began_at=rules.wave_start(programme, wave) if wave else None,
        next_wave_at=None if is_once and wave else rules.wave_start(programme, wave + 1),
        **tally._asdict(),
        next_asking_at=await _next_asking(db, stored, wave, reached),
    )
    return await _state(db, stored, progress, reached), progress


async def _next_asking(
    db: Database, stored: StoredProgramme, wave: int, reached: int
) -> datetime | None:
    if wave:
        slot = await programmes.next_slot(db, stored, wave, reached)
        if slot is not None:
            return rules.slot_at(stored.programme, wave, slot)
        if stored.programme.every == "once":
            return None
    slot = await programmes.next_slot(db, stored, wave + 1, -1)
    return None if slot is None else rules.slot_at(stored.programme, wave + 1, slot)


async def _state(
    db: Database, stored: StoredProgramme, progress: Progress, reached: int
) -> ProgrammeState:
    programme = stored.programme
    if not programme.is_active:
        return "inactive"
    halt = await find_halt(db, stored.workspace_id, programme)
    if halt is not None:
        return halt
    if progress.wave == 0:
        return "not_begun"
    is_over = programme.every == "once" and reached == rules.SLOTS - 1 and progress.due == 0
    return "finished" if is_over else "running"

"""Responses at one place that look as if staff rated themselves: flagged, and counted nevertheless.

Only more receipts of one device than a till can have printed are set apart at once.
"""

from __future__ import annotations

from harken_server.channels.receipts.rules.repeats import (
    MANY_RECEIPTS,
    REMEMBERED_FOR,
    VELOCITY_WINDOW,
    DeviceAnswer,
    suspects,
)
from harken_server.channels.receipts.store.repeats import add_device_answer, list_device_answers
from harken_server.channels.receipts.store.repeats import (
    forget_device_answers as delete_device_answers,
)
from harken_server.http.runtime import Runtime
from harken_server.responses.escalating import review_response
from harken_server.responses.programs.settings import ProgramSettings
from harken_server.responses.store.changing import add_flags, quarantine_response


async def note_device_answer(
    runtime: Runtime, seen: DeviceAnswer, devices: tuple[str, str]
) -> None:
    """Remember for a day which device answered where, and flag or set apart what is too much.

    `devices` are keys of `rules.repeats.device_keys`; they are never stored with the response.
    """
    db, now = runtime.db, seen.seen_at
    is_strict = runtime.settings.of(ProgramSettings).program_strictness > 0
    await add_device_answer(db, seen)
    around = await list_device_answers(
        db, seen, devices, now - REMEMBERED_FOR, now - VELOCITY_WINDOW
    )
    for flag, found in suspects(around, devices, now).items():
        for each in found:
            owner = each.workspace_id, each.survey_id, each.response_id
            if flag != MANY_RECEIPTS or not is_strict:
                await add_flags(db, *owner, (flag,))
            elif await quarantine_response(db, *owner, (flag,)) is not None:
                await review_response(db, *owner, now)


async def forget_device_answers(runtime: Runtime) -> None:
    """Delete what is known of devices once a day has passed. A tick of the worker."""
    await delete_device_answers(runtime.db, runtime.clock() - REMEMBERED_FOR)

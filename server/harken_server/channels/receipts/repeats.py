"""Responses at one place that look as if staff rated themselves: flagged, and still counted."""

from __future__ import annotations

from harken_server.channels.receipts.rules.repeats import (
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
from harken_server.responses.store.changing import add_flags


async def note_device_answer(
    runtime: Runtime, seen: DeviceAnswer, devices: tuple[str, str]
) -> None:
    """Remember for a day which device answered where, and flag what is too much of it.

    `devices` are keys of `rules.repeats.device_keys`; they are never stored with the response.
    """
    db, now = runtime.db, seen.seen_at
    await add_device_answer(db, seen)
    around = await list_device_answers(
        db, seen, devices, now - REMEMBERED_FOR, now - VELOCITY_WINDOW
    )
    for flag, found in suspects(around, devices, now).items():
        for each in found:
            await add_flags(db, seen.workspace_id, each.survey_id, each.response_id, (flag,))


async def forget_device_answers(runtime: Runtime) -> None:
    """Delete what is known of devices once a day has passed. A tick of the worker."""
    await delete_device_answers(runtime.db, runtime.clock() - REMEMBERED_FOR)

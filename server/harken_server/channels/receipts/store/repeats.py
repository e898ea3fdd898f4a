"""Which device answered where, for a day: so that nobody rates themselves unnoticed."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from harken_server.channels.receipts.rules.repeats import DeviceAnswer
from harken_server.channels.receipts.tables import DeviceAnswer as T
from harken_server.database.database import Database
from harken_server.database.records import Records, is_among
from harken_server.responses.store.row import get_response

_ANSWERS = Records(T, DeviceAnswer)


async def add_device_answer(db: Database, seen: DeviceAnswer) -> None:
    """Keep the first one of a response that is stored; any other changes nothing."""
    if await get_response(db, seen.workspace_id, seen.survey_id, seen.response_id) is not None:
        own = {T.id: uuid5(seen.survey_id, seen.response_id.hex)}
        await _ANSWERS.of(seen.workspace_id).add(db, own | _ANSWERS.values_of(seen))


async def list_device_answers(
    db: Database, seen: DeviceAnswer, devices: tuple[str, str], since: datetime, recent: datetime
) -> list[DeviceAnswer]:
    """At the same place: what these devices answered since a moment, and all a recent while."""
    return await _ANSWERS.of(seen.workspace_id).all(
        db,
        T.place == seen.place,
        T.seen_at >= since,
        is_among(T.device, devices) | (T.seen_at >= recent),
        order_by=(T.seen_at, T.id),
    )


async def forget_device_answers(db: Database, before: datetime) -> None:
    """Delete what was seen before a moment, in every workspace."""
    await _ANSWERS.anywhere().remove(db, T.seen_at < before)

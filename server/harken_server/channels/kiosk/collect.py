"""What a kiosk collected, through the one way in: item by item, each with its own outcome."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec

from harken_server.channels.kiosk.rules import MAX_SEQUENCE, Device, response_id
from harken_server.kernel.errors import HarkenError, OverloadedError, StorageError
from harken_server.responses.asked import Collection
from harken_server.responses.known import Way
from harken_server.responses.submission import Receipt, Submission, utc_milliseconds
from harken_server.responses.submit import submit_response
from harken_server.surveys.answers.typed_rows import AnswerValue
from harken_server.surveys.published import VersionNumber
from harken_server.workspaces.workspace import Workspace

CHANNEL = "kiosk"
_WAY = Way(channel=CHANNEL, is_vouched=True, proof="device")
_MILLISECOND = timedelta(milliseconds=1)

log = logging.getLogger("harken.devices")


class Kiosk(NamedTuple):
    """A device that has proved itself by its token."""

    device: Device
    token: str


class KioskItem(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One response as the device kept it. Sent again, it is the same to the last character."""

    sequence: Annotated[int, msgspec.Meta(ge=1, le=MAX_SEQUENCE)]
    """Counted up by the device, never used twice; device and sequence make the response's id."""
    survey: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    answers: Annotated[dict[str, AnswerValue], msgspec.Meta(max_length=200)]
    version: VersionNumber | None = None
    complete: bool = True
    locale: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    context: Annotated[dict[str, str | int | float | bool | None], msgspec.Meta(max_length=40)] = {}
    started_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """By the device's clock; kept as a claim."""
    answered_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """By the device's clock, as `sent_at` of the batch is: how long it waited is between them."""
    clock_offset_s: Annotated[float, msgspec.Meta(ge=-4e9, le=4e9)] | None = None
    """Seconds to add to the device's clock to get the server's, as known when it was answered."""

    def __post_init__(self) -> None:
        """Refuse a time that is out of the calendar in UTC."""
        for time in (self.started_at, self.answered_at):
            if time is not None:
                utc_milliseconds(time)


async def take_items(
    room: Collection,
    kiosk: Kiosk,
    workspace: Workspace,
    items: list[KioskItem],
    sent_at: datetime | None = None,
) -> list[Receipt | HarkenError]:
    """Store all items at once, so that they share a commit, or say of each why not, in their order.

    OverloadedError and StorageError mean: send it again.
    """

    async def take(item: KioskItem) -> Receipt | HarkenError:
        submission = _submission(kiosk, item, waited_ms(item, sent_at, room.clock()))
        try:
            return await submit_response(room, submission, _WAY, workspace=workspace)
        except HarkenError as error:
            return error
        except Exception as error:
            log.exception("unexpected %s", type(error).__name__)
            return StorageError("The server made a mistake; it is logged.")

    return await asyncio.gather(*map(take, items))


def waited_ms(item: KioskItem, sent_at: datetime | None, now: datetime) -> float | None:
    """For how long an item waited on the device; None when it does not say.

    A device that does not say when it sent (an app from before) may have known how far its clock
    was off when it was answered.
    """
    given = item.answered_at or item.started_at
    if given is None:
        return None
    if sent_at is not None:
        return (sent_at - given) / _MILLISECOND
    if item.clock_offset_s is None:
        return None
    return (now - given) / _MILLISECOND - item.clock_offset_s * 1000


def is_passing(error: HarkenError) -> bool:
    """Whether the same item may be taken later."""
    return isinstance(error, OverloadedError | StorageError)


def _submission(kiosk: Kiosk, item: KioskItem, waited: float | None) -> Submission:
    context: dict[str, Any] = {**item.context, "device": kiosk.device.name}
    if item.clock_offset_s is not None:
        context["clock_offset_s"] = item.clock_offset_s
    return Submission(
        id=response_id(kiosk.token, item.sequence),
        survey=item.survey,
        answers=item.answers,
        version=item.version,
        complete=item.complete,
        locale=item.locale,
        touchpoint=kiosk.device.touchpoint,
        context=context,
        started_at=item.started_at,
        waited_ms=waited,
    )

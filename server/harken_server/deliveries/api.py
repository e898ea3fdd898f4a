"""What became of the deliveries of a survey or an invitation."""

from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.deliveries.channels import Channels
from harken_server.deliveries.queueing import send_again
from harken_server.deliveries.rules import Delivery, DeliveryKind, DeliveryState
from harken_server.deliveries.store import deliveries
from harken_server.http.replies import Replied, item_of, link_to_next
from harken_server.http.resources import Resource
from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import ConflictError
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, get, post

DELIVERY = Resource("delivery", "delivery_unknown")
DeliveryId: TypeAlias = Annotated[UUID, DELIVERY]


class DeliveryQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which deliveries, where to go on, and how many at once."""

    invitation: UUID | None = None
    """Only those of this invitation."""
    state: DeliveryState | None = None
    before: UUID | None = None
    """The last delivery of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100


class DeliveryItem(msgspec.Struct, kw_only=True):
    """One message, queued or handed over."""

    id: UUID
    invitation: UUID
    channel: str
    respondent: str
    wave: str
    kind: DeliveryKind
    address: str
    """An e-mail address, a phone number or the respondent's name, as the channel needs it."""
    state: DeliveryState
    attempts: int
    created_at: str
    due_at: str
    """When it is sent, or tried again, at the earliest."""
    handed_over_at: str | None
    """When it was given to whoever carries it, such as the mail server."""
    finished_at: str | None
    note: str | None
    """Why it waits, or what went wrong."""


class DeliveryPage(msgspec.Struct, kw_only=True):
    """Deliveries, newest first."""

    deliveries: list[DeliveryItem]


@get(
    "/surveys/{key:str}/deliveries",
    "list_deliveries",
    "List the deliveries of a survey",
    errors=(404,),
)
async def list_all(call: Call, key: str, query: DeliveryQuery) -> Replied[DeliveryPage]:
    """Newest first; the `Link` header leads on."""
    record = await find_record(call, key)
    found = await deliveries.list_deliveries(
        call.db,
        record.workspace_id,
        survey_id=record.id,
        invitation_id=query.invitation,
        state=query.state,
        before=query.before,
        limit=query.limit,
    )
    headers: dict[str, str] = {}
    if len(found) == query.limit:
        headers = link_to_next(
            call.runtime,
            f"/v1/surveys/{key}/deliveries",
            before=found[-1].id,
            limit=query.limit,
            state=query.state,
            invitation=query.invitation,
        )
    items = [_item(call.runtime, delivery) for delivery in found]
    return Replied(DeliveryPage(deliveries=items), headers=headers)


@get(
    "/deliveries/{delivery_id:str}", "get_delivery", "Read what became of a delivery", errors=(404,)
)
async def read(call: Call, delivery_id: DeliveryId) -> DeliveryItem:
    """One delivery, as its trigger's decision names it."""
    return _item(call.runtime, await _find(call, delivery_id))


@post(
    "/deliveries/{delivery_id:str}/retry",
    "retry_delivery",
    "Send a failed delivery again",
    scope="write and read",
    errors=(404, 409),
)
async def retry(call: Call, delivery_id: DeliveryId) -> DeliveryItem:
    """Only what certainly was not sent: 409 for every state but `failed`."""
    delivery = await _find(call, delivery_id)
    if not await send_again(call.db, delivery, call.now()):
        raise ConflictError(
            f"Only a failed delivery can be sent again; this one is {delivery.state}.",
            code="delivery_not_failed",
        )
    return _item(call.runtime, await _find(call, delivery_id))


async def _find(call: Call, delivery_id: UUID) -> Delivery:
    found = await deliveries.get_delivery(call.db, call.workspace_id, delivery_id)
    return DELIVERY.found(found, delivery_id)


def _item(runtime: Runtime, delivery: Delivery) -> DeliveryItem:
    return item_of(
        DeliveryItem,
        delivery,
        invitation=delivery.invitation_id,
        note=_why_it_waits(runtime, delivery) or delivery.last_error,
    )


def _why_it_waits(runtime: Runtime, delivery: Delivery) -> str | None:
    """What must be set up before it can be sent; None when nothing is missing."""
    if delivery.state != "queued":
        return None
    sends = runtime.of(Channels).sends(delivery.channel)
    if sends is None:
        return f"Waits for the channel {delivery.channel}, which this server does not have."
    return sends.waits_for(runtime.settings)

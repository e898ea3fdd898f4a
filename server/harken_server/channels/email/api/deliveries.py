"""What became of the mail of a survey or an invitation."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from harken_server.channels.email.rules.deliveries import Delivery, DeliveryKind, DeliveryState
from harken_server.channels.email.sending.queueing import send_again
from harken_server.channels.email.settings import MailSettings
from harken_server.channels.email.store import deliveries
from harken_server.http.bodies import decode_query
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import ConflictError, NotFoundError
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.access import workspace_of

NO_SERVER = "Waits for a mail server: HARKEN_SMTP_URL is not set."


class DeliveryQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which deliveries, where to go on, and how many at once."""

    invitation: UUID | None = None
    """Only those of this invitation."""
    state: DeliveryState | None = None
    before: UUID | None = None
    """The last delivery of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100


class DeliveryItem(msgspec.Struct, kw_only=True):
    """One mail, queued or sent."""

    id: UUID
    invitation: UUID
    respondent: str
    wave: str
    kind: DeliveryKind
    address: str
    state: DeliveryState
    attempts: int
    created_at: str
    due_at: str
    """When it is sent, or tried again, at the earliest."""
    handed_over_at: str | None
    """When the mail server was given it."""
    finished_at: str | None
    note: str | None
    """Why it waits, or what went wrong."""


class DeliveryPage(msgspec.Struct, kw_only=True):
    """Deliveries, newest first."""

    deliveries: list[DeliveryItem]


@get(
    "/surveys/{key:str}/deliveries",
    opt=describe(
        Operation(
            "list_deliveries",
            "List the mail of a survey",
            query=DeliveryQuery,
            reply=DeliveryPage,
            errors=(400, 404),
        )
    ),
)
async def list_all(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """Newest first; the `Link` header leads on."""
    runtime = runtime_of(request)
    record = await find_record(request, key)
    query = decode_query(request.query_params.multi_items(), DeliveryQuery)
    found = await deliveries.list_deliveries(
        runtime.db,
        record.workspace_id,
        survey_id=record.id,
        invitation_id=query.invitation,
        state=query.state,
        before=query.before,
        limit=query.limit,
    )
    headers: dict[str, str] = {}
    if len(found) == query.limit:
        path = f"/v1/surveys/{key}/deliveries?before={found[-1].id}&limit={query.limit}"
        path += f"&state={query.state}" if query.state else ""
        path += f"&invitation={query.invitation}" if query.invitation else ""
        headers["link"] = f'<{runtime.settings.of(HttpSettings).public_url}{path}>; rel="next"'
    items = [_item(runtime, delivery) for delivery in found]
    return json_reply(DeliveryPage(deliveries=items), headers=headers)


@get(
    "/deliveries/{delivery_id:str}",
    opt=describe(
        Operation("get_delivery", "Read what became of a mail", reply=DeliveryItem, errors=(404,))
    ),
)
async def read(request: Request[Any, Any, Any], delivery_id: FromPath[str]) -> Response[bytes]:
    """One delivery, as its trigger's decision names it."""
    return json_reply(_item(runtime_of(request), await _find(request, delivery_id)))


@post(
    "/deliveries/{delivery_id:str}/retry",
    status_code=200,
    opt=describe(
        Operation(
            "retry_delivery",
            "Send a failed mail again",
            scope="write",
            reply=DeliveryItem,
            errors=(404, 409),
        )
    ),
)
async def retry(request: Request[Any, Any, Any], delivery_id: FromPath[str]) -> Response[bytes]:
    """Only what certainly was not sent: 409 for every state but `failed`."""
    runtime = runtime_of(request)
    delivery = await _find(request, delivery_id)
    if not await send_again(runtime.db, delivery, runtime.clock()):
        raise ConflictError(
            f"Only a failed delivery can be sent again; this one is {delivery.state}.",
            code="delivery_not_failed",
        )
    return json_reply(_item(runtime, await _find(request, delivery_id)))


async def _find(request: Request[Any, Any, Any], delivery_id: str) -> Delivery:
    unknown = NotFoundError(f"There is no delivery {delivery_id!r} here.", code="delivery_unknown")
    try:
        parsed = UUID(delivery_id)
    except ValueError:
        raise unknown from None
    found = await deliveries.get_delivery(runtime_of(request).db, workspace_of(request).id, parsed)
    if found is None:
        raise unknown
    return found


def _item(runtime: Runtime, delivery: Delivery) -> DeliveryItem:
    is_waiting = delivery.state == "queued" and not runtime.settings.of(MailSettings).smtp_url
    handed_over_at, finished_at = delivery.handed_over_at, delivery.finished_at
    return DeliveryItem(
        id=delivery.id,
        invitation=delivery.invitation_id,
        respondent=delivery.respondent,
        wave=delivery.wave,
        kind=delivery.kind,
        address=delivery.address,
        state=delivery.state,
        attempts=delivery.attempts,
        created_at=delivery.created_at.isoformat(),
        due_at=delivery.due_at.isoformat(),
        handed_over_at=handed_over_at.isoformat() if handed_over_at else None,
        finished_at=finished_at.isoformat() if finished_at else None,
        note=NO_SERVER if is_waiting else delivery.last_error,
    )


ROUTES = (list_all, read, retry)

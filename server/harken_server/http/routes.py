"""Every route of the application: those that need a key, and those that anybody may call."""

from __future__ import annotations

from typing import Any

from harken_server.http.api import (
    asking,
    decisions,
    deliveries,
    devices,
    escalations,
    exports,
    flagged,
    journeys,
    keys,
    mail,
    mail_events,
    message_hooks,
    place_codes,
    programmes,
    push,
    respondents,
    responses,
    scores,
    stores,
    suppressions,
    surveys,
    tills,
    touchpoints,
    triggers,
)
from harken_server.http.api import links as signed
from harken_server.http.api import widget as listing
from harken_server.http.public import (
    downloads,
    health,
    kiosk,
    kiosk_page,
    links,
    mail_hooks,
    mail_pages,
    mail_preview,
    pages,
    presses,
    receipts,
    reference,
    replies,
    results,
    unsubscribe,
    widget,
    widget_playground,
    widget_queue,
)
from harken_server.http.public import message_hooks as text_hooks

_KEYED_ROOMS = (
    push,
    surveys,
    scores,
    responses,
    exports,
    triggers,
    signed,
    touchpoints,
    keys,
    listing,
    devices,
    stores,
    tills,
    place_codes,
    flagged,
    suppressions,
    journeys,
    programmes,
    mail,
    mail_events,
    message_hooks,
    decisions,
    respondents,
    asking,
    escalations,
    deliveries,
)
_PUBLIC_ROOMS = (
    health,
    reference,
    links,
    downloads,
    mail_hooks,
    mail_pages,
    unsubscribe,
    mail_preview,
    pages,
    presses,
    receipts,
    replies,
    results,
    text_hooks,
    widget,
    widget_playground,
    widget_queue,
    kiosk,
    kiosk_page,
)

KEYED: tuple[Any, ...] = tuple(route for room in _KEYED_ROOMS for route in room.ROUTES)
"""Below `/v1`, behind the guard that looks at the key."""
PUBLIC: tuple[Any, ...] = tuple(route for room in _PUBLIC_ROOMS for route in room.ROUTES)

"""Where the demo asks besides the web: a journey, a store with a till, a kiosk; each made once."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from harken_server.channels.kiosk.register import register_device, renew_pairing
from harken_server.channels.kiosk.rules import DeviceSettings
from harken_server.channels.kiosk.store import list_devices
from harken_server.channels.receipts.rules.places import Till
from harken_server.channels.receipts.rules.tokens import mint_receipt, store_secret, till_key
from harken_server.channels.receipts.store.places import list_stores, list_tills
from harken_server.channels.receipts.tills import make_store, make_till
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import receipt_url
from harken_server.journeys.publish import journey_templates, push_journey
from harken_server.journeys.rules.journeys import Journey, JourneyTouchpoint
from harken_server.journeys.store import list_journeys

JOURNEY = "customer_lifecycle"
SURVEY = "restaurant_receipt"
STORE = "Oslo, Storgata 3"
TILL = "Till 1"
KIOSK = "By the door"
MOST_LOOKED_AT = 1000
"""Stores and tills among which the sample's own are looked for."""
ADDED = {
    "action": JourneyTouchpoint(
        key="receipt.printed",
        title="A receipt was printed",
        owner="Stores",
        question="How was the visit, by the receipt in the hand?",
        weight=2,
        survey=SURVEY,
    ),
    "use": JourneyTouchpoint(
        key="store.exit",
        title="A guest leaves",
        owner="Stores",
        question="Does the mood at the door differ from day to day?",
        survey=SURVEY,
    ),
}
"""Touchpoints of the sample store, by the stage of the built-in journey that they belong to."""


class Places(NamedTuple):
    """Links and codes to try the sample places with."""

    receipt_url: str
    """Of a receipt printed just now."""
    pairing_code: str
    """For the kiosk page; works once, within an hour."""


async def open_places(runtime: Runtime) -> Places:
    """Make what is not there yet; a fresh receipt and a fresh pairing code each time."""
    await _push_journey(runtime)
    till = await _find_till(runtime) or await _make_till(runtime)
    return Places(_print_receipt(runtime, till), await _expect_kiosk(runtime))


def sample_journey() -> Journey:
    """The built-in journey in seven stages, with the touchpoints of the sample store."""
    built_in = journey_templates()[JOURNEY]
    stages = tuple(
        msgspec.structs.replace(stage, touchpoints=(*stage.touchpoints, ADDED[stage.key]))
        if stage.key in ADDED
        else stage
        for stage in built_in.stages
    )
    return msgspec.structs.replace(built_in, stages=stages)


async def _push_journey(runtime: Runtime) -> None:
    """Only where there is none: what somebody made of it stays."""
    if not await list_journeys(runtime.db, runtime.home):
        await push_journey(
            runtime.db,
            runtime.home,
            sample_journey(),
            now=runtime.clock(),
            new_id=runtime.new_id,
        )


async def _find_till(runtime: Runtime) -> Till | None:
    tills = await list_tills(runtime.db, runtime.home, store=None, after=0, limit=MOST_LOOKED_AT)
    own = (till for till in tills if till.store.name == STORE and till.name == TILL)
    return next((till for till in own if till.closed_at is None), None)


async def _make_till(runtime: Runtime) -> Till:
    stores = await list_stores(runtime.db, runtime.home, after="", limit=MOST_LOOKED_AT)
    store = next((store for store in stores if store.name == STORE), None) or await make_store(
        runtime, runtime.home, STORE, {}
    )
    return await make_till(runtime, store, name=TILL, touchpoint=ADDED["action"].key, locale=None)


def _print_receipt(runtime: Runtime, till: Till) -> str:
    """Do what the till does by itself; its running number is drawn, so that each start has one."""
    store = till.store
    secret = store_secret(runtime.signing_keys[0], runtime.home, store.id, store.generation)
    token = mint_receipt(
        till_key(secret, till.number, till.key_number),
        till=till.number,
        key_number=till.key_number,
        sequence=int.from_bytes(runtime.random(3), "big"),
        at=runtime.clock(),
    )
    return receipt_url(runtime.settings.of(HttpSettings).short_url, token)


async def _expect_kiosk(runtime: Runtime) -> str:
    """A code for the kiosk that waits; one that is paired goes on, and another may join it."""
    now = runtime.clock()
    for device in await list_devices(runtime.db, runtime.home):
        is_waiting = device.registered_at is None and device.revoked_at is None
        if device.name == KIOSK and is_waiting:
            return await renew_pairing(runtime.db, runtime.random, device, now)
    _, code = await register_device(
        runtime.db,
        runtime.random,
        id=runtime.new_id(),
        workspace_id=runtime.home,
        name=KIOSK,
        touchpoint=ADDED["use"].key,
        survey=SURVEY,
        settings=DeviceSettings(mode="smiley"),
        now=now,
    )
    return code

"""Calls about where answers come from: stores, tills, place codes, kiosks and programmes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from isolation import (
    LATER,
    NOW,
    OURS,
    SECRET,
    Theme,
    build_invitations,
    build_responses,
    build_survey,
    fresh,
    within,
)

from harken_server.channels.kiosk import store as devices
from harken_server.channels.kiosk.rules import Device, DeviceReport, DeviceSettings
from harken_server.channels.receipts.rules.place_lines import PlaceLine
from harken_server.channels.receipts.rules.places import PlaceCode, Store, Till
from harken_server.channels.receipts.store import place_lists, places
from harken_server.database.database import Database
from harken_server.programmes import store as programmes
from harken_server.programmes.rules import Due, Programme
from harken_server.programmes.store import Member, StoredProgramme
from harken_server.programmes.tally_sql import tally_wave

STORE, TILL, DEVICE, PROGRAMME = (UUID(int=0xA40 + number) for number in range(4))
CODE, STORE_CODE = "8XK4N2M7Q", "K7Q24"
TILL_NUMBER = 1
"""The first that is drawn in a database."""


def store(workspace_id: UUID, **changes: Any) -> Store:
    values = {"id": STORE, "code": STORE_CODE, "name": "Harbour", "created_at": NOW, **changes}
    return Store(workspace_id=workspace_id, **values)


def till(workspace_id: UUID) -> Till:
    return Till(
        id=TILL, workspace_id=workspace_id, store=store(workspace_id), store_id=STORE,
        number=TILL_NUMBER, touchpoint="other.till", name="Changed", key_number=7, created_at=NOW,
    )  # fmt: skip


def place(workspace_id: UUID, **changes: Any) -> PlaceCode:
    """The place CODE in the store of OURS, as if it were of this workspace."""
    values: dict[str, Any] = {
        "code": CODE, "touchpoint": "store.till", "till_id": TILL, "store_id": STORE,
        "store": store(workspace_id), "created_at": NOW,
    }  # fmt: skip
    return PlaceCode(workspace_id=workspace_id, **{**values, **changes})


def device(workspace_id: UUID, **changes: Any) -> Device:
    values: dict[str, Any] = {
        "id": DEVICE, "name": "Door", "touchpoint": "store.till", "survey": None,
        "settings": DeviceSettings(), "created_at": NOW, "pairing_expires_at": LATER,
    }  # fmt: skip
    return Device(workspace_id=workspace_id, **{**values, **changes})


async def build_stores(db: Database) -> None:
    await places.add_store(db, store(OURS, name=SECRET))
    await add_till(db, OURS, TILL)
    await places.add_place_code(db, place(OURS, label=SECRET))


async def build_devices(db: Database) -> None:
    await devices.add_device(db, device(OURS, name=SECRET), "12345678")


async def add_till(db: Database, workspace_id: UUID, id: UUID) -> object:  # noqa: A002
    return await places.add_till(
        db,
        workspace_id,
        STORE,
        id=id,
        touchpoint="store.till",
        name=SECRET if workspace_id == OURS else "Till",
        locale=None,
        now=NOW,
    )


def programme() -> Programme:
    return Programme(
        key="spring", survey="visit", touchpoint="store.till", channel="email", every="quarter",
        starts_on=date(2026, 1, 1), spread_days=None, timezone="UTC", is_active=True,
    )  # fmt: skip


def stored(workspace_id: UUID) -> StoredProgramme:
    """The programme of OURS, as if it were of this workspace."""
    return StoredProgramme(PROGRAMME, workspace_id, programme(), NOW, NOW)


async def build_programme(db: Database) -> None:
    await build_survey(db)
    await build_invitations(db)
    await build_responses(db)
    async with db.transaction() as tx:
        await programmes.put_programme(tx, OURS, programme(), NOW, PROGRAMME)
        await programmes.add_member(tx, stored(OURS), Member("kim", 500, 0))


STORES = Theme(
    build=build_stores,
    reads={
        "receipts.places.get_store": lambda db, w: places.get_store(db, w, STORE_CODE),
        "receipts.places.list_stores": lambda db, w: places.list_stores(db, w, after="", limit=9),
        "receipts.places.stores_by_id": lambda db, w: places.stores_by_id(db, w, [STORE]),
        "receipts.places.till_names": lambda db, w: places.till_names(db, w, [TILL]),
        "receipts.places.get_till": lambda db, w: places.get_till(db, w, TILL_NUMBER),
        "receipts.places.list_tills": lambda db, w: places.list_tills(
            db, w, store=None, after=0, limit=9
        ),
        "receipts.places.list_tills: of one store": lambda db, w: places.list_tills(
            db, w, store=STORE_CODE, after=0, limit=9
        ),
        "receipts.places.first_till": lambda db, w: places.first_till(db, w, STORE),
        "receipts.places.lock_till": lambda db, w: within(
            db, lambda tx: places.lock_till(tx, w, TILL_NUMBER)
        ),
        "receipts.places.get_place_code": lambda db, w: places.get_place_code(db, w, CODE),
        "receipts.places.places_at": lambda db, w: places.places_at(db, w, ["store.till"], limit=9),
        "receipts.place_lists.known_places": lambda db, w: place_lists.known_places(
            db, w, [PlaceLine(SECRET, SECRET)]
        ),
        "receipts.places.list_place_codes": lambda db, w: places.list_place_codes(
            db, w, after="", limit=9
        ),
    },
    changes={
        "receipts.places.save_till": lambda db, w: within(
            db, lambda tx: places.save_till(tx, till(w))
        ),
        "receipts.places.change_place_code": lambda db, w: places.change_place_code(
            db, w, CODE, touchpoint="other.till", label="Changed"
        ),
        "receipts.places.retire_place_code": lambda db, w: places.retire_place_code(
            db, w, CODE, LATER
        ),
    },
    additions={
        "receipts.places.add_store": lambda db, w: places.add_store(
            db, store(w, id=fresh(w), code=w.hex[-5:])
        ),
        "receipts.places.add_till": lambda db, w: add_till(db, w, fresh(w)),
        "receipts.places.add_place_code": lambda db, w: places.add_place_code(
            db, place(w, code=w.hex[-9:])
        ),
        "receipts.place_lists.add_all": lambda db, w: within(
            db,
            lambda tx: place_lists.add_all(tx, w, [store(w, id=fresh(w), code=w.hex[-5:])], [], []),
        ),
    },
    taken={
        "receipts.places.add_store: with a code that is there": lambda db, w: places.add_store(
            db, store(w, id=fresh(w))
        ),
        "receipts.places.add_store: with an id that is there": lambda db, w: places.add_store(
            db, store(w, code=w.hex[-5:])
        ),
        "receipts.places.add_till: with an id that is there": lambda db, w: add_till(db, w, TILL),
        "receipts.places.add_place_code: with a code that is there": lambda db, w: (
            places.add_place_code(db, place(w))
        ),
    },
)

DEVICES = Theme(
    build=build_devices,
    reads={
        "kiosk.list_devices": lambda db, w: devices.list_devices(db, w),
        "kiosk.get_device": lambda db, w: devices.get_device(db, w, DEVICE),
    },
    changes={
        "kiosk.renew_code": lambda db, w: devices.renew_code(
            db, w, DEVICE, code="87654321", expires_at=LATER + timedelta(hours=1)
        ),
        "kiosk.change_settings": lambda db, w: devices.change_settings(
            db, w, DEVICE, "other", DeviceSettings(mode="smiley")
        ),
        "kiosk.revoke_device": lambda db, w: devices.revoke_device(db, w, DEVICE, NOW),
        "kiosk.note_device": lambda db, w: devices.note_device(
            db, device(w), DeviceReport(waiting=3), NOW
        ),
    },
    additions={
        "kiosk.add_device": lambda db, w: devices.add_device(
            db, device(w, id=fresh(w)), w.hex[-8:]
        ),
    },
    taken={
        "kiosk.add_device: with a pairing code that is there": lambda db, w: devices.add_device(
            db, device(w, id=fresh(w)), "12345678"
        ),
        "kiosk.add_device: with an id that is there": lambda db, w: devices.add_device(
            db, device(w), w.hex[-8:]
        ),
    },
)

PROGRAMMES = Theme(
    build=build_programme,
    reads={
        "programmes.get_programme": lambda db, w: programmes.get_programme(db, w, "spring"),
        "programmes.list_programmes": lambda db, w: programmes.list_programmes(db, w),
        "programmes.list_members": lambda db, w: programmes.list_members(db, stored(w)),
        "programmes.find_due": lambda db, w: programmes.find_due(db, stored(w), Due(1, 0, 999), 10),
        "programmes.next_slot": lambda db, w: programmes.next_slot(db, stored(w), 1, 100),
        "programmes.tally_sql.tally_wave": lambda db, w: tally_wave(
            db, stored(w), 1, 999, "spring:1"
        ),
    },
    changes={
        "programmes.remove_member": lambda db, w: programmes.remove_member(db, stored(w), "kim"),
        "programmes.mark_decided": lambda db, w: programmes.mark_decided(db, stored(w), "kim", 1),
    },
    additions={
        "programmes.put_programme": lambda db, w: within(
            db, lambda tx: programmes.put_programme(tx, w, programme(), LATER, fresh(w))
        ),
        "programmes.add_member": lambda db, w: within(
            db, lambda tx: programmes.add_member(tx, stored(w), Member(f"of {w}", 7, 0))
        ),
    },
    taken={
        "programmes.add_member: who is one of OURS": lambda db, w: within(
            db, lambda tx: programmes.add_member(tx, stored(w), Member("kim", 7, 3))
        ),
    },
)

"""The tables of stores, tills, printed codes and devices that answered."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Time


class Store(Table, tablename="store"):
    """A shop, under the code that its receipts print."""

    id = Id(primary_key=True)
    workspace_id = Id()
    code = Varchar(length=16, unique=True)
    name = Varchar(length=120)
    details = Json()
    generation = Integer(help_text="Of the store's secret.")
    created_at = Time()


class Till(Table, tablename="till"):
    """What prints receipts, with a key of its own."""

    id = Id(primary_key=True)
    workspace_id = Id()
    store_id = Id()
    number = Integer(unique=True)
    touchpoint = Varchar(length=64)
    name = Varchar(length=120)
    key_number = Integer()
    revoked_keys = Json(help_text="From when on a key number is refused.")
    locale = Varchar(length=12, null=True)
    closed_at = Time(null=True)
    created_at = Time()


class PlaceCode(Table, tablename="place_code"):
    """A printed code that stands for a touchpoint, whichever that is now."""

    code = Varchar(length=16, primary_key=True)
    workspace_id = Id()
    touchpoint = Varchar(length=64)
    till_id = Id(null=True)
    store_id = Id(null=True)
    label = Varchar(length=120)
    created_at = Time()
    retired_at = Time(null=True)


class DeviceAnswer(Table, tablename="device_answer"):
    """A device answered at a place; forgotten after a day."""

    id = Id(primary_key=True)
    workspace_id = Id()
    place = Varchar(length=64)
    device = Varchar(length=64, help_text="Keyed hash that changes every day.")
    survey_id = Id()
    response_id = Id()
    seen_at = Time()

    index_on: ClassVar[Indexes] = {
        "device_answer_place": "(workspace_id, place, seen_at)",
    }

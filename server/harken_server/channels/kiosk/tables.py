"""The table of devices."""

from __future__ import annotations

from piccolo.columns import Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Json, Time


class Device(Table, tablename="device"):
    """A kiosk or button, registered by a code."""

    id = Id(primary_key=True)
    workspace_id = Id()
    name = Varchar(length=120)
    touchpoint = Varchar(length=64)
    survey = Varchar(length=64, null=True, help_text="The survey's key.")
    settings = Json()
    pairing_code = Varchar(length=16, null=True, unique=True)
    pairing_expires_at = Time(null=True)
    secret_digest = Varchar(length=64, null=True, unique=True)
    created_at = Time()
    registered_at = Time(null=True)
    last_seen_at = Time(null=True)
    revoked_at = Time(null=True)
    report = Json(null=True, help_text="What it last said of itself.")

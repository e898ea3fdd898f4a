"""The tables of workspaces and their keys."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import BigInt, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Time, Words


class Workspace(Table, tablename="workspace"):
    """The owner of surveys, keys and data; the isolation boundary."""

    id = Id(primary_key=True)
    slug = Varchar(length=32, unique=True)
    name = Varchar(length=120)
    created_at = Time()
    dimensions = Json(help_text="What is declared: see the table `dimensions`.")
    asking = Json(help_text="Rules for all surveys of the workspace.")


class ApiKey(Table, tablename="api_key"):
    """One key of a workspace; the secret itself is never stored."""

    id = Id(primary_key=True)
    workspace_id = Id()
    name = Varchar(length=120)
    prefix = Varchar(length=12, help_text="The secret's first characters, to recognise it by.")
    digest = Varchar(length=64, unique=True, help_text="SHA-256 of the secret, hex.")
    scopes = Words()
    created_at = Time()
    revoked_at = Time(null=True)
    origins = Words(help_text="Empty: any.")

    index_on: ClassVar[Indexes] = {
        "api_key_workspace": "(workspace_id, prefix)",
    }


class Dimensions(Table, tablename="dimensions"):
    """What a workspace counts by besides, and how far that reaches into stored responses."""

    workspace_id = Id(primary_key=True)
    declared = Json(help_text="Name, source and key of each, in the order given.")
    declared_at = Time()
    filling = Json(help_text="Names that stored responses do not have yet, or still have.")
    task = Id(null=True, help_text="The work that does so; none: it is done.")
    reached = Json(help_text="By survey, the last position looked at in each lane.")
    done = BigInt()
    total = BigInt(null=True, help_text="How many responses there were; null: not begun.")

    is_key_only: ClassVar = True


TABLES: tuple[type[Table], ...] = (
    Workspace,
    ApiKey,
    Dimensions,
)

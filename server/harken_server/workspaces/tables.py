"""The tables of workspaces and their keys."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Time, Words


class Workspace(Table, tablename="workspace"):
    """The owner of surveys, keys and data; the isolation boundary."""

    id = Id(primary_key=True)
    slug = Varchar(length=32, unique=True)
    name = Varchar(length=120)
    created_at = Time()
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


TABLES: tuple[type[Table], ...] = (
    Workspace,
    ApiKey,
)

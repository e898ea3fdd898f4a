"""The tables of what came back for a mail, and of visits to its links."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Names, Time


class MailEvent(Table, tablename="mail_event"):
    """A bounce or complaint that a mail provider told us of, once each."""

    id = Id(primary_key=True)
    workspace_id = Id()
    name = Varchar(length=200, help_text="The provider and its own id of the event.")
    kind = Varchar(length=12)
    address = Varchar(length=320)
    delivery_id = Id(null=True)
    detail = Text()
    occurred_at = Time()
    created_at = Time()

    unique_together: ClassVar[Names] = (("workspace_id", "name"),)
    index_on: ClassVar[Indexes] = {
        "mail_event_delivery": "(workspace_id, delivery_id) WHERE delivery_id IS NOT NULL",
        "mail_event_address": "(workspace_id, address, occurred_at)",
    }


class LinkVisit(Table, tablename="link_visit"):
    """A link of a message was fetched: evidence for telling people from scanners."""

    id = Id(primary_key=True)
    workspace_id = Id()
    invitation_id = Id()
    kind = Varchar(length=12)
    value = Varchar(length=64)
    visited_at = Time()

    index_on: ClassVar[Indexes] = {
        "link_visit_invitation": "(invitation_id, visited_at)",
    }

"""The tables that belong to no slice: positions of the feed, and the outbox."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import BigInt, Integer, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Time


class Feed(Table, tablename="feed"):
    """The position of the latest change of any response, by lane (`database.lanes`)."""

    lane = Integer(primary_key=True)
    position = BigInt()


class Outbox(Table, tablename="outbox"):
    """Work promised in the transaction that caused it, to be done by the worker."""

    id = Id(primary_key=True)
    workspace_id = Id()
    kind = Varchar(length=40)
    payload = Text(help_text="JSON.")
    created_at = Time()
    due_at = Time()
    attempts = Integer()
    leased_until = Time(null=True)
    finished_at = Time(null=True)
    last_error = Text(null=True, help_text="With finished_at: given up, and why.")

    index_on: ClassVar[Indexes] = {
        "outbox_due": "(due_at) WHERE finished_at IS NULL",
        "outbox_of_kind": "(kind, due_at) WHERE finished_at IS NULL",
    }

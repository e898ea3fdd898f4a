"""The audit log: who changed what. Entries are added, and never changed or taken away.

An act is written down in the transaction that does it, so that no change is there without its
entry (`workspaces.entries`); one that takes several transactions is written down in each, with what
is known by then. Respondents are named by digests, so that the log outlives them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records, is_among
from harken_server.kernel.person_names import suppression_digest
from harken_server.workspaces.store.workspaces import workspace_ids
from harken_server.workspaces.tables import AuditEntry as T

HouseAct: TypeAlias = Literal["set_up_house", "join_workspace", "reset_password"]
"""What people of the house do outside the console."""
ProgramAct: TypeAlias = Literal[
    "add_person", "create_key", "end_guest", "fill_sample", "make_reset_link", "make_setup_link",
    "migrate", "move", "restore",
]  # fmt: skip
"""What commands do."""
PROGRAM = "cli"


class Act(msgspec.Struct, frozen=True):
    """What is about to be done, by whom and when."""

    id: UUID
    workspace_id: UUID
    api_key_id: UUID | None
    """The API key with which it is done."""
    action: str
    """The id of the operation, such as `erase_response`."""
    created_at: datetime
    account_id: UUID | None = None
    """The person of the house who does it."""
    program: str | None = None
    """What does it without either: `cli`, `worker`."""

    def on_person(self, name: str) -> str:
        """The subject of this act on a person or an address."""
        return subject_of_person(self.workspace_id, name)


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act as it was written down."""

    id: UUID
    api_key_id: UUID | None
    """The API key with which it was done."""
    action: str
    """The id of the operation, such as `erase_response`."""
    subject: str
    """To what it was done: the id of a response, or `respondent` and a digest of the name."""
    detail: dict[str, Any]
    """What changed, and how much of it."""
    created_at: datetime
    account_id: UUID | None = None
    """The person of the house who did it, in the console."""
    program: str | None = None
    """What did it without key and person: `cli` or `worker`."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are asked for: all of what is said must hold."""

    action: str | None = None
    subject: str | None = None
    account_id: UUID | None = None
    api_key_id: UUID | None = None
    program: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Those before this time."""


_ENTRIES = Records(T, AuditEntry)


def subject_of_person(workspace_id: UUID, name: str) -> str:
    """The subject of acts on a person or an address: a digest, never the name."""
    return f"respondent {suppression_digest(workspace_id, 'respondent', name)}"


async def write(tx: Transaction, act: Act, subject: str, **detail: Any) -> None:
    """Write an act down, or once more with what it came to by now."""
    entry = AuditEntry(
        id=act.id,
        api_key_id=act.api_key_id,
        account_id=act.account_id,
        program=act.program,
        action=act.action,
        subject=subject,
        detail=detail,
        created_at=act.created_at,
    )
    await _ENTRIES.of(act.workspace_id).put(tx, _ENTRIES.values_of(entry), (T.id,))


async def write_for_all(
    tx: Transaction, action: ProgramAct, now: datetime, new_id: Callable[[], UUID], **detail: Any
) -> None:
    """Write into the log of each workspace what a command did to the whole database."""
    for workspace_id in await workspace_ids(tx):
        act = Act(new_id(), workspace_id, None, action, now, program=PROGRAM)
        await write(tx, act, "database", **detail)


async def list_entries(
    db: Database,
    workspace_id: UUID,
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    *,
    before: UUID | None = None,
    limit: int = 200,
) -> list[AuditEntry]:
    """Entries, newest first; go on before the last one's id."""
    equal = (
        (T.action, wanted.action),
        (T.subject, wanted.subject),
        (T.account_id, wanted.account_id),
        (T.api_key_id, wanted.api_key_id),
        (T.program, wanted.program),
    )
    chosen = [column == value for column, value in equal if value is not None]
    if wanted.since is not None:
        chosen.append(T.created_at >= wanted.since)
    if wanted.until is not None:
        chosen.append(T.created_at < wanted.until)
    if before is not None:
        chosen.append(T.id < before)
    entries = _ENTRIES.of(workspace_id)
    return await entries.all(db, *chosen, order_by=(T.id,), is_descending=True, limit=limit)


async def list_acts(
    db: Database, workspace_id: UUID, actions: Sequence[str], subjects: Sequence[str]
) -> list[AuditEntry]:
    """What was done in these ways to these subjects, newest first."""
    if not subjects:
        return []
    wanted = (is_among(T.action, actions), is_among(T.subject, subjects))
    entries = _ENTRIES.of(workspace_id)
    return await entries.all(db, *wanted, order_by=(T.id,), is_descending=True)

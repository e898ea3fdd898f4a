"""Whoever changes something, a key or a person, and the audit log's entry of it.

An operation or a form that changes something is begun (`begin`): each transaction of its database
that changes rows then writes the entry as well, so that no change is there without one. What is
known only at the end, such as the id of what was made, is added then (`write_down`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, get_args
from uuid import UUID

import msgspec

from harken_server.database.accompanied import Accompanied
from harken_server.database.database import Database, Transaction
from harken_server.http.encodings import Headers
from harken_server.http.runtime import Runtime
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import PROGRAM, Act, HouseAct, ProgramAct
from harken_server.workspaces.workspace import Workspace

MAX_SUBJECT = 200
"""Characters of what was changed, as the audit log names it."""
Doer = TypeVar("Doer", bound="Acting")


class Actions(NamedTuple):
    """What the audit log may say was done: every name that is declared; joined in `routes`."""

    declared: frozenset[str]
    """Of operations and of forms."""

    @property
    def all(self) -> list[str]:
        """Those, and what people do outside the console and commands do, in order."""
        return sorted({*self.declared, *get_args(HouseAct), *get_args(ProgramAct)})


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """What stories need to know of whoever asks for them."""

    runtime: Runtime
    workspace: Workspace
    headers: Headers
    api_key_id: UUID | None = None
    """The key with which they ask."""
    account_id: UUID | None = None
    """The person of the house who asks."""
    acts: list[str] = []
    """What stories write to the audit log by themselves, or need not be written."""
    noted: dict[str, Any] = {}
    """What the audit log says of it."""
    entry: Entry | None = None
    """What goes into the audit log with each change; None: nothing by itself."""

    @property
    def db(self) -> Database:
        """The open database."""
        return self.runtime.db

    @property
    def workspace_id(self) -> UUID:
        """The workspace in which it is done."""
        return self.workspace.id

    def header(self, name: str) -> str | None:
        """A header of the request."""
        value = self.headers.get(name.lower().encode())
        return None if value is None else value.decode("latin-1")

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.runtime.clock()

    def act(self, action: str) -> Act:
        """What is about to be done, for the audit log: the story writes it down by itself."""
        self.acts.append(action)
        return self.act_of(action)

    def note(self, **detail: Any) -> None:
        """Have the audit log say more of what is done."""
        self.noted.update(detail)

    def changed_nothing(self) -> None:
        """What was asked for was so already, or only tried: no entry is made of it."""
        self.acts.append("")

    def act_of(self, action: str) -> Act:
        """The same beside what the story writes down."""
        if self.entry is not None and self.entry.act.action == action:
            return self.entry.act  # an entry made by then is written once more, and no second one
        id_ = self.runtime.new_id()
        return Act(id_, self.workspace_id, self.api_key_id, action, self.now(), self.account_id)


class Entry:
    """The entry of one act, written in each transaction of it that changes something.

    So nothing is changed without one. It says what is known by then, and all of it at the end.
    """

    def __init__(
        self, db: Database, act: Act, subject: str, noted: dict[str, Any], acts: Sequence[str] = ()
    ) -> None:
        self.act = act
        self._db = db
        self._subject = subject[:MAX_SUBJECT]
        self._noted = noted
        self._acts = acts
        self._written: tuple[str, dict[str, Any]] | None = None

    def over(self, runtime: Runtime) -> Runtime:
        """The same runtime, whose database writes the entry with each change."""
        return msgspec.structs.replace(runtime, db=Accompanied(self._db, self.write))

    async def write(self, tx: Transaction) -> None:
        """Write it, unless the story does by itself."""
        if not self._acts:
            self._written = (self._subject, dict(self._noted))
            await audit.write(tx, self.act, self._subject, **self._noted)

    async def complete(self, subject: str) -> None:
        """Write it with all that is known now, unless it says so already."""
        self._subject = subject[:MAX_SUBJECT]
        if self._written != (self._subject, self._noted):
            async with self._db.transaction() as tx:
                await self.write(tx)


def begin(acting: Doer, action: str, subject: str) -> Doer:
    """The same caller, about to change something: what is changed through this one's database has
    its entry."""
    entry = Entry(acting.db, acting.act_of(action), subject, acting.noted, acting.acts)
    return msgspec.structs.replace(acting, runtime=entry.over(acting.runtime), entry=entry)


def begin_program(
    runtime: Runtime, action: ProgramAct, subject: str, **detail: Any
) -> tuple[Runtime, Entry]:
    """The same for a command: what is changed through this runtime has its entry in the first
    workspace's audit log."""
    act = Act(runtime.new_id(), runtime.home, None, action, runtime.clock(), program=PROGRAM)
    entry = Entry(runtime.db, act, subject, detail)
    return entry.over(runtime), entry


async def write_down(acting: Acting, action: str, subject: str) -> None:
    """Tell the audit log all that is known of what was just done, unless the story did by itself.

    That it was done is there since it was (`begin`).
    """
    if acting.entry is not None and not acting.acts:
        await acting.entry.complete(subject)
        acting.acts.append(action)

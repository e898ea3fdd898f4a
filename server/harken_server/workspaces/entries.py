"""The audit log's entry of a change.

An operation or a form that changes something is begun (`access.begin`): each transaction of its
database that changes rows then writes the entry as well, so that no change is there without one.
What is known only at the end, such as the id of what was made, is added then (`access.write_down`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

import msgspec

from harken_server.database.accompanied import Accompanied
from harken_server.database.database import Database, Transaction
from harken_server.http.runtime import Runtime
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import PROGRAM, Act, HouseAct, ProgramAct

MAX_SUBJECT = 200
"""Characters of what was changed, as the audit log names it."""


class Actions(NamedTuple):
    """What the audit log may say was done: every name that is declared; joined in `routes`."""

    declared: frozenset[str]
    """Of operations and of forms."""

    @property
    def all(self) -> list[str]:
        """Those, and what people do outside the console and commands do, in order."""
        return sorted({*self.declared, *get_args(HouseAct), *get_args(ProgramAct)})


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


def begin_program(
    runtime: Runtime, action: ProgramAct, subject: str, **detail: Any
) -> tuple[Runtime, Entry]:
    """The same for a command: what is changed through this runtime has its entry in the first
    workspace's audit log."""
    act = Act(runtime.new_id(), runtime.home, None, action, runtime.clock(), program=PROGRAM)
    entry = Entry(runtime.db, act, subject, detail)
    return entry.over(runtime), entry

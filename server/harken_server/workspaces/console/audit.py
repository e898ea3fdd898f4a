"""The audit log: who changed what, when; by person, key, action and time; as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from harken_server.design.times import say_when
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.pages import Shown, download
from harken_server.kernel.errors import InvalidInputError
from harken_server.kernel.sheet_cells import guard_formula
from harken_server.workspaces.console.words import said_of
from harken_server.workspaces.entries import Actions
from harken_server.workspaces.people.store.members import accounts_of
from harken_server.workspaces.signed_in import Visit, page
from harken_server.workspaces.store import audit, keys
from harken_server.workspaces.store.audit import AuditEntry, Wanted

FOLDER = Path(__file__).parent / "templates"
AT_ONCE = 50
READ_AT_ONCE = 1000
MOST_LINES = 50_000
"""Of one file: it is made whole in memory, and a period of a large house fits."""
HEADER = ("when", "who", "kind", "what", "action", "subject", "detail", "id")
PROGRAMS = {"cli": "Command line", "worker": "Worker"}


class Line(NamedTuple):
    """An entry as people read it."""

    when: datetime
    shown_when: str
    who: str
    kind: str
    what: str
    subject: str
    detail: str
    entry: AuditEntry


class Names:
    """Who is who in the entries of one workspace: also who has gone, and revoked keys."""

    def __init__(self, people: Mapping[UUID, str], keys: Mapping[UUID, str]) -> None:
        self.people = people
        self.keys = keys

    def of(self, entry: AuditEntry) -> tuple[str, str]:
        """Who did it, and what kind of doer that is."""
        if entry.account_id is not None:
            return self.people.get(entry.account_id, f"Person {entry.account_id}"), "person"
        if entry.api_key_id is not None:
            return self.keys.get(entry.api_key_id, f"Key {entry.api_key_id}"), "key"
        return PROGRAMS.get(entry.program or "", entry.program or "Harken"), "program"


@page("/audit", right="manage")
async def show_audit(visit: Visit) -> Shown:
    """The newest entries, or those before one."""
    said = visit.said()
    wanted, problems = read_wanted(said)
    before = _id(said.get("before", ""))
    found = await audit.list_entries(
        visit.db, visit.workspace_id, wanted, before=before, limit=AT_ONCE + 1
    )
    shown, has_more = found[:AT_ONCE], len(found) > AT_ONCE
    asked = {name: said[name] for name in ("who", "action", "from", "until") if said.get(name)}
    names = await _names(visit, shown)
    return visit.render(
        FOLDER, "audit.html", title="Audit log", status=422 if problems else 200,
        lines=[_line(names, entry, visit.now()) for entry in shown], asked=asked,
        problems=problems, people=await _choices(visit), actions=_actions(visit, wanted.action),
        csv_path=_path(visit, "/audit.csv", asked),
        older=_path(visit, "/audit", {**asked, "before": str(shown[-1].id)}) if has_more else "",
        newest=_path(visit, "/audit", asked) if before else "",
    )  # fmt: skip


@page("/audit.csv", right="manage")
async def export_audit(visit: Visit) -> Shown:
    """The same entries as a file; a spreadsheet takes none of its cells for a formula."""
    wanted, problems = read_wanted(visit.said())
    if problems:
        raise InvalidInputError(" ".join(problems.values()))
    async with visit.runtime.of(HeavyReads).turn("download", visit.workspace_id):
        found = await _read_all(visit, wanted)
        names = await _names(visit, found)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_cells(_line(names, entry, visit.now())) for entry in found)
    name = f"{visit.workspace.slug}-audit.csv"
    return download(name, "text/csv; charset=utf-8", text.getvalue().encode())


def read_wanted(said: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What a query asks for, and a sentence for each field that cannot be read."""
    kind, _, name = said.get("who", "").partition(":")
    id_ = _id(name)
    since, until = _day(said.get("from", "")), _day(said.get("until", ""))
    problems = {
        field: f"{label} must be a day like 2026-03-31."
        for field, label, day in (("from", "From", since), ("until", "Until", until))
        if said.get(field) and day is None
    }
    wanted = Wanted(
        action=said.get("action", "").strip()[:64] or None,
        account_id=id_ if kind == "person" else None,
        api_key_id=id_ if kind == "key" else None,
        program=name[:32] if kind == "program" else None,
        since=since,
        until=until and until + timedelta(days=1),
    )
    return wanted, problems


async def _read_all(visit: Visit, wanted: Wanted) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    before: UUID | None = None
    while True:
        more = await audit.list_entries(
            visit.db, visit.workspace_id, wanted, before=before, limit=READ_AT_ONCE
        )
        found += more
        if len(more) < READ_AT_ONCE:
            return found
        if len(found) >= MOST_LINES:
            raise InvalidInputError(
                f"One file holds {MOST_LINES:,} entries, and there are more: choose a shorter "
                "period with From and Until.",
                code="too_many_entries",
            )
        before = more[-1].id


async def _names(visit: Visit, entries: list[AuditEntry]) -> Names:
    ids = {entry.account_id for entry in entries if entry.account_id is not None}
    people = await accounts_of(visit.db, ids)
    known = await keys.list_keys(visit.db, visit.workspace_id)
    return Names(
        {id_: account.email for id_, account in people.items()},
        {key.id: f"{key.name} ({key.prefix}…)" for key in known},
    )


async def _choices(visit: Visit) -> list[tuple[str, str]]:
    """Whoever may have done something lately."""
    lately = await audit.list_entries(visit.db, visit.workspace_id, limit=READ_AT_ONCE)
    names = await _names(visit, lately)
    found: dict[str, str] = {}
    for entry in lately:
        who, kind = names.of(entry)
        found[f"{kind}:{entry.account_id or entry.api_key_id or entry.program}"] = who
    return [("", "Anybody"), *sorted(found.items(), key=lambda pair: pair[1])]


def _actions(visit: Visit, asked: str | None) -> list[tuple[str, str]]:
    """Everything that can be done, in words; those that are called alike are told apart."""
    known = {*visit.runtime.of(Actions).all, *([asked] if asked else [])}
    said = Counter(said_of(name) for name in known)
    shown = [
        (name, said_of(name) if said[said_of(name)] == 1 else f"{said_of(name)} ({name})")
        for name in known
    ]
    return [("", "Anything"), *sorted(shown, key=lambda pair: pair[1])]


def _line(names: Names, entry: AuditEntry, now: datetime) -> Line:
    who, kind = names.of(entry)
    detail = ", ".join(f"{name}: {_said(value)}" for name, value in entry.detail.items())
    return Line(
        entry.created_at, say_when(entry.created_at, now), who, kind, said_of(entry.action),
        entry.subject, detail, entry,
    )  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_said(each) for each in cast("list[Any]", value)) or "none"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _cells(line: Line) -> list[str]:
    entry = line.entry
    cells = (
        entry.created_at.isoformat(), line.who, line.kind, line.what, entry.action, entry.subject,
        line.detail, str(entry.id),
    )  # fmt: skip
    return [guard_formula(cell) for cell in cells]


def _path(visit: Visit, path: str, asked: Mapping[str, str]) -> str:
    return visit.path(path) + (f"?{urlencode(asked)}" if asked else "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None

"""`/imports`: bring a file, see how it is understood, have it taken in, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database import outbox
from harken_server.http.pages import Shown, download
from harken_server.http.resources import Resource
from harken_server.importers import store
from harken_server.importers.brought import path_of, refused_path_of
from harken_server.importers.console.choosing import TABS, all_wrong, read_choices, texts_wrong
from harken_server.importers.previewing import Preview, preview, scale_of
from harken_server.importers.receiving import (
    MAX_FILE_BYTES,
    READ,
    choices_of,
    encode_choices,
    first_rows,
    receive_file,
)
from harken_server.importers.rules.fields import KEPT, LEFT_OUT, FileKind, fields_of
from harken_server.importers.rules.layout import ENCODINGS, SEPARATORS
from harken_server.importers.rules.understood import SCALES, Choices, guess_choices, names_of
from harken_server.importers.rules.written import DAY_ORDERS, DECIMALS
from harken_server.importers.running import STYLE, remove_import
from harken_server.importers.store import Import, ImportState
from harken_server.intake.rules import Scale
from harken_server.intake.taking import Source, open_source
from harken_server.kernel.errors import ConflictError, InvalidInputError
from harken_server.kernel.sheet_files import csv_file
from harken_server.responses.asked import collection_of
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.console.beginning import free_key, key_of
from harken_server.surveys.store.surveys import list_surveys
from harken_server.surveys.titles import title_of
from harken_server.workspaces.field_errors import Errors
from harken_server.workspaces.signed_in import Form, Incoming, Visit, act, act_on_file, page

FOLDER = Path(__file__).parents[1] / "templates"
IMPORT = Resource("import", "import_unknown")
SHOWN = 30
KINDS: dict[FileKind, str] = {
    "review": "Reviews",
    "social": "Social posts",
    "call": "Call notes",
    "ticket": "Tickets",
    "other": "Other feedback",
    "events": "What customers did: orders, visits, cancellations",
}
STATES: dict[ImportState, tuple[str, str]] = {
    "loaded": ("middle", "Waits for you"),
    "waiting": ("note", "Waits its turn"),
    "running": ("note", "Being taken in"),
    "done": ("good", "Taken in"),
    "failed": ("bad", "Ended early"),
    "removed": ("quiet", "Taken away"),
}


class SourceChoice(NamedTuple):
    """A source that there is."""

    key: str
    title: str
    scale: Scale


@page("/imports", right="edit")
async def show_imports(visit: Visit) -> Shown:
    """Bring a file, and those that were brought."""
    return await _list(visit, "review")


@act_on_file("/imports/load", "load_import", right="edit")
async def load(visit: Visit, incoming: Incoming) -> Shown:
    """Keep the file, and look at what it is."""
    kind = msgspec.convert(_kind(incoming.form.text("kind")), FileKind)
    if not incoming.name:
        return await _list(visit, kind, {"file": "Choose a file."})
    try:
        job = await receive_file(visit, kind, incoming.name, incoming.pieces)
    except InvalidInputError as error:
        return await _list(visit, kind, {"file": error.message})
    visit.note(file=job.name, size=job.size)
    return visit.to(f"/imports/{job.id}")


@page("/imports/{id:str}", right="edit")
async def show_import(visit: Visit, id: str) -> Shown:  # noqa: A002  # The path's own word.
    """How it is understood; later how far it is, and what became of it."""
    job = await _find(visit, id)
    return await _show(visit, job)


@act("/imports/{id:str}/start", "start_import", right="edit")
async def start(visit: Visit, form: Form, id: str) -> Shown:  # noqa: A002
    """Look again with what was chosen, or have it taken in."""
    job = await _find(visit, id)
    if job.state != "loaded":
        return visit.to(f"/imports/{id}")
    known, is_look = choices_of(job), form.text("do") == "look"
    choices = read_choices(form, known)
    if choices.layout != known.layout:
        return await _read_anew(visit, job, choices)
    names = names_of(choices.layout, first_rows(path_of(visit.runtime, job.id), choices.layout))
    errors = texts_wrong(choices, job.kind) if is_look else all_wrong(choices, job.kind, names)
    if choices.source and await scale_of(visit.runtime, visit.workspace, choices.source) is None:
        errors["source"] = "Choose one of the list."
    if not errors and not is_look:
        try:
            choices = await _open_source(visit, job, choices)
        except ConflictError as error:
            errors["source"] = error.message
    changed = msgspec.structs.replace(job, choices=encode_choices(choices))
    if errors:
        return await _show(visit, changed, errors)
    await _keep(visit, changed, starts=not is_look)
    visit.note(file=job.name, source=choices.source or job.kind)
    return visit.to(f"/imports/{id}", said="" if is_look else "It is being taken in.")


@act("/imports/{id:str}/remove", "remove_import", right="edit")
async def remove(visit: Visit, id: str) -> Shown:  # noqa: A002
    """Take the file away, or end it where it is; what was stored stays."""
    job = await _find(visit, id)
    await remove_import(visit.runtime, visit.workspace_id, job, "It was taken away.")
    return visit.to("/imports", said="The file is gone. What was stored of it stays.")


@page("/imports/{id:str}/refused.csv", right="edit")
async def show_refused(visit: Visit, id: str) -> Shown:  # noqa: A002
    """The rows that were not stored, each with why."""
    job = await _find(visit, id)
    path = refused_path_of(visit.runtime, job.id)
    content = path.read_bytes() if path.is_file() else csv_file(("row", "why"), (), STYLE)
    return download(f"{Path(job.name).stem}_refused.csv", "text/csv; charset=utf-8", content)


async def _read_anew(visit: Visit, job: Import, choices: Choices) -> Shown:
    """Another way to read letters or cells: what the columns are is guessed once more."""
    try:
        rows = first_rows(path_of(visit.runtime, job.id), choices.layout)
    except InvalidInputError as error:
        return await _show(visit, job, {"separator": error.message})
    guessed = guess_choices(job.kind, choices.layout, rows, choices.zone)
    kept = {"source": choices.source, "title": choices.title, "event": choices.event}
    anew = msgspec.structs.replace(guessed, **kept)
    await _keep(visit, msgspec.structs.replace(job, choices=encode_choices(anew)), starts=False)
    return visit.to(f"/imports/{job.id}", said="The file is read anew. Look at it once more.")


async def _open_source(visit: Visit, job: Import, choices: Choices) -> Choices:
    if job.kind == "events":
        return choices
    is_new = not choices.source
    key = await free_key(visit, key_of(choices.title)) if is_new else choices.source
    wanted = Source(key, job.kind, choices.title or None, Scale(*choices.scale) if is_new else None)
    room = collection_of(visit.runtime)
    await open_source(room, visit.workspace, wanted, new_id=visit.runtime.new_id)
    return msgspec.structs.replace(choices, source=key)


async def _keep(visit: Visit, job: Import, *, starts: bool) -> None:
    values = {"choices": job.choices, "state": "waiting" if starts else "loaded"}
    async with visit.db.transaction() as tx:
        is_so = await store.change_import(tx, visit.workspace_id, job.id, values, "loaded")
        if is_so and starts:
            await outbox.enqueue(
                tx, visit.workspace_id, id=visit.runtime.new_id(), kind=READ,
                payload=f'"{job.id}"', now=visit.now(),
            )  # fmt: skip


async def _list(visit: Visit, kind: FileKind, errors: Errors | None = None) -> Shown:
    found = await store.list_imports(visit.db, visit.workspace_id, limit=SHOWN)
    return visit.render(
        FOLDER, "imports.html", title="Import", status=422 if errors else 200, jobs=found,
        kinds=list(KINDS.items()), kind=kind, states=STATES, errors=errors or {},
        most=MAX_FILE_BYTES // 1_000_000,
    )  # fmt: skip


async def _show(visit: Visit, job: Import, errors: Errors | None = None) -> Shown:
    shown: dict[str, Any] = {"job": job, "state": STATES[job.state], "kind": KINDS[job.kind]}
    errors = errors or {}
    if job.state == "loaded":
        shown |= await _form(visit, job, errors)
    choices = choices_of(job)
    return visit.render(
        FOLDER, "import.html", title=job.name, status=422 if errors else 200,
        crumbs=(("Import", visit.path("/imports")),), choices=choices, errors=errors,
        results=visit.path(f"/results/{choices.source}") if choices.source else "",
        percent=100 * job.bytes_done // max(job.size, 1), **shown,
    )  # fmt: skip


async def _form(visit: Visit, job: Import, errors: Errors) -> dict[str, Any]:
    """What the form shows, and the first rows as they are understood."""
    try:
        looked = await preview(visit.runtime, visit.workspace, job)
    except InvalidInputError as error:
        errors[""] = error.message
        looked = Preview([], [], 0, [], [], 0)
    known = fields_of(job.kind)
    kept = "Keep as a property" if job.kind == "events" else "Keep beside it"
    zones = dict.fromkeys((visit.workspace.timezone, "UTC"))
    sources = [] if job.kind == "events" else await _sources(visit)
    return {
        "preview": looked,
        "fields": [
            *((name, field.label) for name, field in known.items()),
            (KEPT, kept),
            (LEFT_OUT, "Leave out"),
        ],
        "known": known,
        "encodings": list(ENCODINGS.items()),
        "separators": [
            ({v: k for k, v in TABS.items()}.get(k, k), v) for k, v in SEPARATORS.items()
        ],
        "tabs": {v: k for k, v in TABS.items()},
        "orders": list(DAY_ORDERS.items()),
        "decimals": list(DECIMALS.items()),
        "zones": [(zone, zone) for zone in zones],
        "scales": [(f"{low}-{high}", f"{low} to {high}") for low, high in SCALES],
        "sources": [("", "A new source"), *((s.key, s.title) for s in sources)],
    }


async def _sources(visit: Visit) -> list[SourceChoice]:
    """Surveys that take such feedback, by title."""
    catalog, found = visit.runtime.of(Catalog), list[SourceChoice]()
    for record in await list_surveys(visit.db, visit.workspace_id):
        scale = await scale_of(visit.runtime, visit.workspace, record.key)
        if scale is not None:
            loaded = await catalog.find(record.key, visit.workspace)
            found.append(SourceChoice(record.key, title_of(loaded.survey, record.key), scale))
    return sorted(found, key=lambda each: each.title.casefold())


async def _find(visit: Visit, text: str) -> Import:
    try:
        found = await store.find_import(visit.db, visit.workspace_id, UUID(text))
    except ValueError:
        found = None
    return IMPORT.found(None if found is None or found.state == "removed" else found, text)


def _kind(said: str) -> str:
    return said if said in KINDS else "review"

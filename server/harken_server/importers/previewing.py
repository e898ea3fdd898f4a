"""What would become of a file's first rows; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harken_server.events.rules import ToldEvent
from harken_server.http.runtime import Runtime
from harken_server.importers.brought import path_of
from harken_server.importers.receiving import choices_of, first_rows
from harken_server.importers.rules.rows import Flaw, Reading, read_row
from harken_server.importers.rules.understood import Choices, names_of
from harken_server.importers.store import Import
from harken_server.intake.rules import Item, Scale, scale_of_source
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.local.zones import read_zone
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.workspace import Workspace

SHOWN = 5
"""Rows as they are understood, and as many with what is wrong with them."""

SAMPLE_CHARS = 28
"""Of a cell that shows what a column holds."""


class Refused(NamedTuple):
    """A row that would not be taken."""

    row: int
    flaw: Flaw


class Preview(NamedTuple):
    """What a file says, as far as its beginning was looked at."""

    names: list[str]
    samples: list[str]
    """The first cells of each column."""
    rows: int
    """How many were looked at."""
    taken: list[Item | ToldEvent]
    """The first that would be taken."""
    refused: list[Refused]
    """The first that would not be."""
    refused_of_rows: int


async def reading_of(
    runtime: Runtime, workspace: Workspace, job: Import, choices: Choices, names: Sequence[str]
) -> Reading:
    """How its rows are read."""
    scale = Scale(*choices.scale)
    if choices.source:
        scale = await scale_of(runtime, workspace, choices.source) or scale
    return Reading(
        job.kind, names, choices, choices.source, scale, read_zone(choices.zone) or workspace.zone,
        runtime.clock(),
    )  # fmt: skip


async def scale_of(runtime: Runtime, workspace: Workspace, source: str) -> Scale | None:
    """What a source's ratings lie between; None for what is no source."""
    try:
        return scale_of_source((await runtime.of(Catalog).find(source, workspace)).survey)
    except NotFoundError:
        return None


async def preview(runtime: Runtime, workspace: Workspace, job: Import) -> Preview:
    """Look at the first rows. InvalidInputError where they cannot be read as was chosen."""
    choices = choices_of(job)
    rows = first_rows(path_of(runtime, job.id), choices.layout)
    names = names_of(choices.layout, rows)
    reading = await reading_of(runtime, workspace, job, choices, names)
    taken: list[Item | ToldEvent] = []
    refused: list[Refused] = []
    seen = [*enumerate(rows, 1)][choices.layout.has_names :]
    looked_at = [(number, cells) for number, cells in seen if any(cell.strip() for cell in cells)]
    for number, cells in looked_at:
        found = read_row(reading, cells)
        if isinstance(found, Flaw):
            refused.append(Refused(number, found))
        elif len(taken) < SHOWN:
            taken.append(found)
    samples = [" · ".join(_cells(looked_at, place)) for place in range(len(names))]
    return Preview(names, samples, len(looked_at), taken, refused[:SHOWN], len(refused))


def _cells(rows: Sequence[tuple[int, Sequence[str]]], place: int) -> list[str]:
    cells = (cells[place].strip() for _, cells in rows[:20] if place < len(cells))
    short = (cell if len(cell) <= SAMPLE_CHARS else f"{cell[:SAMPLE_CHARS]}…" for cell in cells)
    return [*dict.fromkeys(filter(None, short))][:2]

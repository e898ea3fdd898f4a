"""Segments as people of the house make them: listed, made, changed and deleted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from harken_server.http.pages import Shown
from harken_server.kernel.errors import InvalidInputError
from harken_server.kernel.shown_text import hidden_character
from harken_server.segments import store
from harken_server.segments.console.words import (
    BLANK_ROWS,
    OPS,
    SOURCES,
    Row,
    read_row,
    rows_of,
    say_condition,
)
from harken_server.segments.keeping import (
    MAX_DESCRIPTION,
    MAX_PORTRAIT,
    MAX_TITLE,
    MAX_WORDS,
    SEGMENT,
    SegmentBody,
    drop_segment,
    keep_segment,
)
from harken_server.segments.store import Segment
from harken_server.surveys.asking import MAX_RULES
from harken_server.surveys.conditions import Condition
from harken_server.workspaces.field_errors import Errors, check_line, errors_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"


class Shape(msgspec.Struct):
    """What the form holds."""

    title: str = ""
    description: str = ""
    portrait: str = ""
    """A line each."""
    rows: tuple[Row, ...] = ()


@page("/segments", right="see")
async def show_segments(visit: Visit) -> Shown:
    """All segments and personas."""
    found = await store.list_segments(visit.db, visit.workspace_id)
    return visit.render(
        FOLDER, "segments.html", title="Segments", segments=found, say=say_condition
    )


@page("/segments/new", right="edit")
async def show_new_segment(visit: Visit) -> Shown:
    """The form of a new one."""
    return _form(visit, Shape(), {})


@act("/segments/new", "make_segment", right="edit")
async def make_segment(visit: Visit, form: Form) -> Shown:
    """Make one; its key comes from its title."""
    shape = _read(form)
    taken = {each.key for each in await store.list_segments(visit.db, visit.workspace_id)}
    refused = await _keep(visit, _key_of(shape.title, taken), shape, "")
    return refused or visit.to("/segments", said=f"“{shape.title}” was saved.")


@page("/segments/{segment_key:str}/edit", right="edit")
async def show_segment(visit: Visit, segment_key: str) -> Shown:
    """One as it is."""
    found = await _find(visit, segment_key)
    shape = Shape(
        found.title, found.description, "\n".join(found.portrait), rows_of(found.conditions)
    )
    return _form(visit, shape, {}, segment_key)


@act("/segments/{segment_key:str}/edit", "put_segment", right="edit")
async def change_segment(visit: Visit, form: Form, segment_key: str) -> Shown:
    """Replace one."""
    await _find(visit, segment_key)
    shape = _read(form)
    refused = await _keep(visit, segment_key, shape, segment_key)
    return refused or visit.to(
        "/segments", said=f"“{shape.title}” was saved. Filters that name it use it now."
    )


@act("/segments/{segment_key:str}/delete", "delete_segment", right="edit")
async def delete_segment(visit: Visit, segment_key: str) -> Shown:
    """Delete one."""
    await drop_segment(visit, segment_key)
    return visit.to("/segments", said="The segment was deleted.")


async def _keep(visit: Visit, key: str, shape: Shape, edited: str) -> Shown | None:
    """Keep it; the form again, with what is wrong, where it is refused."""
    body, errors = _body(shape)
    if body is None:
        return _form(visit, shape, errors, edited)
    try:
        await keep_segment(visit, key, body)
    except InvalidInputError as error:
        return _form(visit, shape, errors_of(error, "title", "conditions"), edited)
    visit.note(segment=key)
    return None


def _read(form: Form) -> Shape:
    rows = (
        Row(*(form.text(f"{name}_{place}") for name in Row._fields)) for place in range(MAX_RULES)
    )
    filled = tuple(row for row in rows if row.of or row.name or row.value)
    return Shape(form.text("title"), form.text("description"), form.text("portrait"), filled)


def _body(shape: Shape) -> tuple[SegmentBody | None, Errors]:
    errors: Errors = {}
    check_line(errors, "title", "Title", shape.title, MAX_TITLE)
    _check_text(errors, "description", "Description", shape.description, MAX_DESCRIPTION)
    portrait = tuple(line.strip() for line in shape.portrait.splitlines() if line.strip())
    _check_text(errors, "portrait", "Portrait", shape.portrait, MAX_PORTRAIT * MAX_WORDS)
    if len(portrait) > MAX_PORTRAIT or any(len(line) > MAX_WORDS for line in portrait):
        errors["portrait"] = f"At most {MAX_PORTRAIT} lines of {MAX_WORDS} characters."
    conditions: list[Condition] = []
    for place, row in enumerate(shape.rows):
        read, problems = read_row(row)
        conditions += read
        errors |= {f"{name}_{place}": problem for name, problem in problems.items()}
    if not shape.rows:
        errors["conditions"] = "Say at least one thing that must hold."
    elif len(conditions) > MAX_RULES:
        errors["conditions"] = f"At most {MAX_RULES} conditions; a number counts twice in “is not”."
    if errors:
        return None, errors
    return SegmentBody(
        title=shape.title,
        description=shape.description,
        portrait=portrait,
        conditions=tuple(conditions),
    ), {}


def _check_text(errors: Errors, name: str, label: str, text: str, most: int) -> None:
    if len(text) > most:
        errors[name] = f"{label} has at most {most:,} characters."
    elif hidden := hidden_character(text, is_line=False):
        errors[name] = f"{label} must not hold {hidden}, which cannot be seen."


def _form(visit: Visit, shape: Shape, errors: Errors, key: str = "") -> Shown:
    blanks = min(BLANK_ROWS, MAX_RULES - len(shape.rows))
    rows = [*shape.rows, *[Row()] * max(blanks, 0)]
    parts: dict[str, Any] = {"shape": shape, "rows": rows, "key": key, "errors": errors}
    return visit.render(
        FOLDER, "segment.html", title=shape.title if key else "New segment",
        status=422 if errors else 200, sources=[("", "Nothing"), *SOURCES.items()], ops=OPS.items(),
        crumbs=(("Segments", visit.path("/segments")),), **parts,
    )  # fmt: skip


async def _find(visit: Visit, key: str) -> Segment:
    return SEGMENT.found(await store.get_segment(visit.db, visit.workspace_id, key), key)


def _key_of(title: str, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:56]
    key = words if words[:1].isalpha() else f"segment_{words}".rstrip("_")
    number = 2
    while key in taken:
        key, number = f"{key.rstrip('0123456789').rstrip('_')}_{number}", number + 1
    return key

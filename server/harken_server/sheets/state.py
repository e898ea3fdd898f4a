"""Whether a sheet has what it asks for already: a tag that only a change of it changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from harken_server.http.encodings import has_already
from harken_server.insights.read.taking_in import asked_again
from harken_server.sheets.access import SheetCall
from harken_server.sheets.state_sql import last_positions

PRIVATE = "private, no-cache"
"""Kept by nobody but the reader, who asks each time whether it is still so."""


async def state_tag(call: SheetCall, what: str, asked: Mapping[str, object]) -> str:
    """The ETag of what is asked for: of `what` with these parameters, as the survey is now.

    It follows from the survey's version and the last change of its responses, and not from the
    answer, so that nothing of that is read. Empty for members of dimensions, which change while
    they are filled, and for segments, whose conditions may change.
    """
    if asked.get("where") or asked.get("segment"):
        return ""
    again = await asked_again(call.db, call.workspace_id)
    positions = await last_positions(call.db, call.workspace_id, call.record.id)
    said = msgspec.json.encode(
        (
            what, sorted((name, repr(value)) for name, value in asked.items()),
            sorted(positions.values()), str(call.record.id), call.record.version,
            call.record.updated_at, [each.name for each in call.workspace.dimensions],
            call.record.key in again,
        )
    )  # fmt: skip
    return f'W/"{hashlib.sha256(said).hexdigest()[:20]}"'


def is_known(call: SheetCall, tag: str) -> bool:
    """Whether the reader has what has this tag."""
    return has_already(call.headers, tag)


def headers_with(tag: str) -> dict[str, str]:
    """Of an answer, or of a 304 in its place."""
    return {"cache-control": PRIVATE, **({"etag": tag} if tag else {})}

"""Requests that take feedback in, as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from harken._calls.conversation import Call
from harken._calls.reading import read_as
from harken._calls.request import segment, send, without_none
from harken._types.intake import TakenIn


def take_in(
    source: str, items: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]
) -> Call[TakenIn]:
    """POST /v1/intake/{source}; each item carries its id, so a repeat stores nothing twice."""
    body = {"items": [without_none(item) for item in items], **without_none(fields)}
    return send("POST", f"/v1/intake/{segment(source)}", read_as(TakenIn), body)


def add_up(before: TakenIn, now: TakenIn, done: int) -> TakenIn:
    """Both together; places of `now` are counted on from `done`."""
    refused = [msgspec.structs.replace(each, index=each.index + done) for each in now.refused]
    return TakenIn(
        source=now.source,
        stored=before.stored + now.stored,
        refused=(*before.refused, *refused),
    )

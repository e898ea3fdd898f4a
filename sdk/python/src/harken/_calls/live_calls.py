"""Following a survey, and several on one page: the requests, and what events say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from harken._calls.conversation import Call
from harken._calls.reading import read_bytes, read_nothing
from harken._calls.request import get, segment, without_none
from harken._types.numbers.live import LiveChange

QUIET_S = 45.0
"""A sign of life comes every 15 seconds; three that fail to come, and the connection is lost."""


def follow(survey: str, place: str, options: Mapping[str, Any]) -> Call[None]:
    """GET /v1/surveys/{key}/live; the body is streamed, not read here."""
    asked = {**options, "after": place or options.get("after")}
    call = get(f"/v1/surveys/{segment(survey)}/live", read_nothing, **without_none(asked))
    return msgspec.structs.replace(call, timeout_s=QUIET_S)


def get_report(
    surveys: Sequence[str], from_: date | str | None, to: date | str | None
) -> Call[bytes]:
    """GET /v1/report."""
    asked = {"surveys": ",".join(surveys), "from_": from_, "to": to}
    return get("/v1/report", read_bytes, **without_none(asked))


class Ending(msgspec.Struct, frozen=True):
    """Why nothing more comes."""

    reason: str = ""


class EventReader:
    """Takes a stream apart, however it is cut into pieces (HTML Living Standard, section 9.2)."""

    def __init__(self) -> None:
        self._rest = b""
        self.has_begun = False

    def read(self, piece: bytes) -> Iterator[LiveChange | Ending]:
        """What this piece completes."""
        self.has_begun = True
        *blocks, self._rest = (self._rest + piece).split(b"\n\n")
        for block in blocks:
            said = dict(_field(line) for line in block.split(b"\n"))
            data = said.get(b"data", b"")
            if said.get(b"event") == b"change":
                change = msgspec.json.decode(data, type=LiveChange)
                yield msgspec.structs.replace(change, place=said.get(b"id", b"").decode())
            elif said.get(b"event") == b"end":
                yield msgspec.json.decode(data, type=Ending)


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.removeprefix(b" ")

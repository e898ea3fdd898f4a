"""Requests about tokens for spreadsheets, as `Call`s."""

from __future__ import annotations

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list, read_nothing
from harken._calls.request import bare, get, segment, send
from harken._types.sheet import NewSheetToken, SheetToken
from harken._values import Id


def create_sheet(survey: Id, name: str) -> Call[NewSheetToken]:
    """POST /v1/surveys/{key}/sheets: each makes another token."""
    return send("POST", _path(survey), read_as(NewSheetToken), {"name": name}, may_repeat=False)


def list_sheets(survey: Id) -> Call[tuple[SheetToken, ...]]:
    """GET /v1/surveys/{key}/sheets."""
    return get(_path(survey), read_list("sheets", SheetToken))


def revoke_sheet(survey: Id, id: Id) -> Call[None]:
    """DELETE /v1/surveys/{key}/sheets/{id}."""
    return bare("DELETE", f"{_path(survey)}/{segment(id)}", read_nothing, may_repeat=False)


def _path(survey: Id) -> str:
    return f"/v1/surveys/{segment(survey)}/sheets"

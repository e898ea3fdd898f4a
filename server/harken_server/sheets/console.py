"""`/share/{survey}/sheet`: tokens for spreadsheets, each shown once and revoked alone."""

from __future__ import annotations

from pathlib import Path

from harken_server.http.pages import Shown
from harken_server.kernel.errors import InvalidInputError
from harken_server.sheets import store
from harken_server.sheets.api import SHEET
from harken_server.sheets.handed_out import (
    MAX_NAME,
    MOST_LISTED,
    Addresses,
    addresses_of,
    end_token,
    make_token,
)
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.workspaces.access import write_down
from harken_server.workspaces.field_errors import Errors, check_line, errors_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"
PATH = SURVEY + "/sheet"


@page(PATH, right="edit")
async def show_sheets(visit: Visit, survey: str) -> Shown:
    """The tokens that were made, and the form for another."""
    return await _show(await open_shared(visit, survey))


@act(PATH + "/make", "create_sheet_token", right="edit")
async def add_sheet(visit: Visit, form: Form, survey: str) -> Shown:
    """Make a token and show it with what to paste: it is not kept, and not shown again."""
    shared = await open_shared(visit, survey)
    name, errors = form.text("name"), Errors()
    check_line(errors, "name", "Name", name, MAX_NAME)
    if errors:
        return await _show(shared, name, errors)
    try:
        made = await make_token(visit, shared.loaded.record, name)
    except InvalidInputError as error:
        return await _show(shared, name, errors_of(error, "name"))
    await write_down(visit, "create_sheet_token", str(made.kept.id))
    opened = addresses_of(visit.runtime, shared.key, made.token)
    return visit.render(
        FOLDER, "made_sheet.html", title=f"Sheet {name}", crumbs=_crumbs(shared), shared=shared,
        token=made.token, opened=opened, plain=addresses_of(visit.runtime, shared.key),
    )  # fmt: skip


@act(PATH + "/{sheet:str}/revoke", "revoke_sheet_token", right="edit")
async def end_sheet(visit: Visit, survey: str, sheet: str) -> Shown:
    """It stops working at once."""
    shared = await open_shared(visit, survey)
    if not await end_token(visit, shared.loaded.record, SHEET.id_of(sheet)):
        raise SHEET.missing(sheet)
    return visit.to(shared.path("/sheet"), said="The token works no more.")


async def _show(shared: Shared, name: str = "", errors: Errors | None = None) -> Shown:
    visit, record = shared.visit, shared.loaded.record
    found = await store.list_tokens(visit.db, visit.workspace_id, record.id, limit=MOST_LISTED)
    found.sort(key=lambda each: each.revoked_at is not None)
    plain: Addresses = addresses_of(visit.runtime, shared.key)
    return visit.render(
        FOLDER, "sheets.html", title="Sheets", status=422 if errors else 200,
        crumbs=shared.crumbs, shared=shared, sheets=found,
        named=name, errors=errors or {}, plain=plain,
    )  # fmt: skip


def _crumbs(shared: Shared) -> tuple[tuple[str, str], ...]:
    return (*shared.crumbs, ("Sheets", shared.at("/sheet")))

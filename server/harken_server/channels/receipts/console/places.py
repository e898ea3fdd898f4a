"""`/share/{survey}/places`: the codes of stores and tills, made from pasted lines or a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harken_server.channels.receipts.console.files import in_order, name_of, url_of
from harken_server.channels.receipts.made_places import (
    Wanted,
    make_places,
    plan_places,
    touchpoints_of,
)
from harken_server.channels.receipts.open import CHANNEL
from harken_server.channels.receipts.rules.place_lines import (
    MAX_LABEL,
    MAX_PLACES,
    decode_list,
    read_places,
)
from harken_server.channels.receipts.rules.places import (
    PlaceCode,
    display_place_code,
    parse_place_code,
)
from harken_server.channels.receipts.store.places import (
    change_place_code,
    get_place_code,
    places_at,
    retire_place_code,
)
from harken_server.http.pages import Shown
from harken_server.kernel.errors import InvalidInputError, NotFoundError
from harken_server.kernel.shown_text import hidden_character
from harken_server.printing.sheets import GRIDS
from harken_server.responses.seen import signal_on
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"
PLACES = SURVEY + "/places"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MAX_STAMP_CHARS = 15


@page(PLACES, right="edit")
async def show_places(visit: Visit, survey: str) -> Shown:
    """The codes there are, and the form for more."""
    return await _show(await open_shared(visit, survey))


@act(PLACES + "/check", "check_places", right="edit")
async def check(visit: Visit, form: Form, survey: str) -> Shown:
    """What a list would come to, before anything is made."""
    shared = await open_shared(visit, survey)
    text = decode_list(form.files.get("file", b"")) or form.text("places")
    touchpoint = await _touchpoint(shared, form)
    if "\x00" in text:
        return await _refuse(shared, "", touchpoint, ("The file is no text: it holds NUL.",))
    try:
        lines = read_places(text)
    except InvalidInputError as error:
        said = tuple(problem.message for problem in error.problems)
        return await _refuse(shared, text, touchpoint, said)
    plan = await plan_places(visit.runtime, _wanted(shared, touchpoint, lines))
    return visit.render(
        FOLDER, "plan.html", title=f"{len(plan.new)} new codes", plan=plan, shared=shared,
        touchpoint=touchpoint, text=text, crumbs=_crumbs(shared),
    )  # fmt: skip


@act(PLACES + "/make", "make_places", right="edit")
async def make(visit: Visit, form: Form, survey: str) -> Shown:
    """All of a list, or nothing of it."""
    shared = await open_shared(visit, survey)
    touchpoint = await _touchpoint(shared, form)
    try:
        lines = read_places(form.text("places"))
    except InvalidInputError as error:
        said = tuple(problem.message for problem in error.problems)
        return await _refuse(shared, form.text("places"), touchpoint, said)
    wanted = _wanted(shared, touchpoint, lines)
    made = await make_places(visit.runtime, wanted)
    visit.note(codes=made, touchpoint=touchpoint)
    if made == 0:
        return visit.to(shared.path("/places"), said="They all have codes already.")
    stamp = (wanted.at - _EPOCH) // _MILLISECOND
    said = f"{made} {'code' if made == 1 else 'codes'} made. Print them below."
    return visit.to(shared.path(f"/places?made={stamp}"), said=said)


@act(PLACES + "/{code:str}/rename", "rename_place", right="edit")
async def rename(visit: Visit, form: Form, survey: str, code: str) -> Shown:
    """Labels and files have the new name from now on; what is printed works on."""
    shared = await open_shared(visit, survey)
    place, name = await _find(shared, code), form.text("name")
    fault = _name_fault(name)
    if fault:
        return await _show(shared, status=422, wrong={place.code: (name, fault)})
    await change_place_code(visit.db, visit.workspace_id, place.code, label=name)
    return visit.to(shared.path("/places"), said=f"It is called {name} now.")


@act(PLACES + "/{code:str}/close", "close_place", right="edit")
async def close(visit: Visit, survey: str, code: str) -> Shown:
    """Who scans it is led to no survey any more."""
    shared = await open_shared(visit, survey)
    place = await _find(shared, code)
    await retire_place_code(visit.db, visit.workspace_id, place.code, visit.now())
    return visit.to(shared.path("/places"), said=f"{name_of(place)} is closed.")


async def list_places(shared: Shared) -> list[PlaceCode]:
    """The survey's codes in use; those of one list alone where the address says so."""
    visit = shared.visit
    touchpoints = await touchpoints_of(visit.runtime, visit.workspace_id, shared.key)
    found = await places_at(
        visit.db, visit.workspace_id, touchpoints, made_at=_made_at(visit), limit=MAX_PLACES
    )
    return in_order(found)


async def _show(
    shared: Shared,
    *,
    status: int = 200,
    text: str = "",
    touchpoint: str = "",
    problems: Sequence[str] = (),
    wrong: dict[str, tuple[str, str]] | None = None,
) -> Shown:
    visit = shared.visit
    places = await list_places(shared)
    touchpoints = await touchpoints_of(visit.runtime, visit.workspace_id, shared.key)
    made = visit.said().get("made", "") if _made_at(visit) else ""
    return visit.render(
        FOLDER, "places.html", title="Stores and tills", status=status, shared=shared,
        crumbs=shared.crumbs, signal=await signal_on(shared, CHANNEL),
        places=[_row(shared, each, wrong or {}) for each in places],
        is_full=len(places) == MAX_PLACES, most=MAX_PLACES,
        label_choices=[(name, grid.label) for name, grid in GRIDS.items()],
        touchpoint_choices=[(each, each) for each in touchpoints],
        made=made, text=text, problems=problems, touchpoints=touchpoints,
        touchpoint=touchpoint or touchpoints[0],
    )  # fmt: skip


def _row(shared: Shared, place: PlaceCode, wrong: dict[str, tuple[str, str]]) -> dict[str, Any]:
    name, fault = wrong.get(place.code, (name_of(place), ""))
    is_renamed = place.code in wrong or shared.visit.said().get("rename") == place.code
    return {
        "code": place.code,
        "shown": display_place_code(place.code),
        "name": name_of(place),
        "typed": name,
        "fault": fault,
        "is_renamed": is_renamed,
        "url": url_of(shared.visit.runtime, place),
    }


async def _refuse(shared: Shared, text: str, touchpoint: str, problems: Sequence[str]) -> Shown:
    return await _show(shared, status=422, text=text, touchpoint=touchpoint, problems=problems)


async def _touchpoint(shared: Shared, form: Form) -> str:
    """The one that was chosen of those that the survey has; else the first."""
    visit = shared.visit
    known = await touchpoints_of(visit.runtime, visit.workspace_id, shared.key)
    chosen = form.text("touchpoint")
    return chosen if chosen in known else known[0]


async def _find(shared: Shared, text: str) -> PlaceCode:
    """A code in use of this survey. Raises NotFoundError (`place_code_unknown`)."""
    visit, code = shared.visit, parse_place_code(text)
    place = code and await get_place_code(visit.db, visit.workspace_id, code)
    known = await touchpoints_of(visit.runtime, visit.workspace_id, shared.key)
    if not place or place.retired_at is not None or place.touchpoint not in known:
        raise NotFoundError("This code is not in use here.", code="place_code_unknown")
    return place


def _name_fault(name: str) -> str:
    if not 1 <= len(name) <= MAX_LABEL:
        return f"A name has 1 to {MAX_LABEL} characters, not {len(name)}."
    hidden = hidden_character(name)
    return f"The name holds {hidden}, which cannot be seen." if hidden else ""


def _wanted(shared: Shared, touchpoint: str, lines: Sequence[Any]) -> Wanted:
    now = shared.visit.now()
    at = now - (now - _EPOCH) % _MILLISECOND
    return Wanted(shared.visit.workspace_id, shared.key, touchpoint, tuple(lines), at)


def _made_at(visit: Visit) -> datetime | None:
    stamp = visit.said().get("made", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < _MAX_STAMP_CHARS):
        return None
    try:
        return _EPOCH + int(stamp) * _MILLISECOND
    except OverflowError:
        return None


def _crumbs(shared: Shared) -> tuple[tuple[str, str], ...]:
    return (*shared.crumbs, ("Stores and tills", shared.at("/places")))

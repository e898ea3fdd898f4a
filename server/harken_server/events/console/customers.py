"""`/customers`: find a person, and see in one order what was asked, sent, answered and done."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from harken_server.events.console.lines import KINDS, days_of
from harken_server.events.store.timeline_sql import ALL, Kind, Moment, read_timeline
from harken_server.http.pages import Shown, download
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.formats import normalise_phone
from harken_server.kernel.person_names import MAX_RESPONDENT
from harken_server.kernel.sheet_files import csv_file, style_of
from harken_server.respondents.erasing import Wish, erase_person
from harken_server.respondents.store.respondents import (
    Respondent,
    find_by_email,
    find_by_phone,
    get_respondent,
)
from harken_server.respondents.store.suppressions import is_erased
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.survey import Survey
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parents[1] / "templates"
SHOWN, MOST = 100, 1_000
HEADS = ("at", "kind", "name", "state", "survey", "touchpoint", "value", "ratings")


class Known(NamedTuple):
    """Somebody of whom there is something."""

    name: str
    told: Respondent | None
    """None: nothing but what happened."""
    moments: list[Moment]
    """The latest of the kinds that are looked at."""
    is_erased: bool


@page("/customers", right="read")
async def show_customers(visit: Visit) -> Shown:
    """Whoever is looked for; the one person where there is one, else those it may be."""
    said = visit.said()
    name, words, kind = said.get("id", ""), said.get("q", "").strip(), said.get("kind", "")
    kinds = KINDS[kind][1] if kind in KINDS else ALL
    limit = MOST if said.get("all") else SHOWN
    people: list[Respondent] = []
    if not name and words:
        people = await _search(visit, words)
        name = people[0].respondent if len(people) == 1 else "" if people else words
    known = await _know(visit, name, limit, kinds) if _is_name(name) else None
    surveys, titles = await _surveys(visit, known.moments if known else [])
    return visit.render(
        FOLDER, "customers.html", title=known.name if known else "Customers",
        crumbs=(("Customers", visit.path("/customers")),) if known else (),
        words=words or name, people=people, known=known, kind=kind if kind in KINDS else "",
        days=days_of(known.moments if known else (), surveys, titles, visit.workspace.zone),
        tabs=[(label, _address(visit, name, key), key) for key, label in _tabs()],
        more=_address(visit, name, kind, all="1") if known and len(known.moments) == limit else "",
        csv=_address(visit, name, "", path="/customers/timeline.csv"),
        address=partial(_address, visit), zone=visit.workspace.timezone,
        is_most=limit == MOST,
    )  # fmt: skip


@page("/customers/timeline.csv", right="read")
async def show_timeline_file(visit: Visit) -> Shown:
    """The same as a file: the latest thousand moments of a person."""
    name = visit.said().get("id", "")
    known = await _know(visit, name, MOST, ALL) if _is_name(name) else None
    moments = known.moments if known else []
    content = csv_file(HEADS, map(_cells, moments), style_of("spreadsheet"))
    return download("timeline.csv", "text/csv; charset=utf-8", content)


@act("/customers/erase", "erase_respondent", right="manage", is_confirmed=True)
async def erase(visit: Visit, form: Form) -> Shown:
    """Everything of the person goes for ever, and nobody asks them again."""
    name = form.exact("id")
    if not _is_name(name):
        visit.changed_nothing()
        return visit.to("/customers", said="Nobody was named, so nothing was erased.")
    went = await erase_person(visit.db, visit.act("erase_respondent"), Wish(name))
    await visit.db.clear_erased()
    n = sum(went.theirs.values())
    said = f"Erased for ever: {n:,} {'record' if n == 1 else 'records'}." if n else ""
    return visit.to("/customers", said=said or "Nothing is stored of them.")


async def _know(visit: Visit, name: str, limit: int, kinds: Collection[Kind]) -> Known | None:
    """What there is; None where there is nothing."""
    db, owner = visit.db, visit.workspace_id
    told = await get_respondent(db, owner, name)
    moments = await read_timeline(db, owner, name, limit=limit, kinds=kinds)
    was_erased = await is_erased(db, owner, name)
    if told is None and not moments and not was_erased:
        has_any = kinds != ALL and await read_timeline(db, owner, name, limit=1)
        return Known(name, None, [], is_erased=False) if has_any else None
    return Known(name, told, moments, was_erased)


async def _search(visit: Visit, words: str) -> list[Respondent]:
    """Those of whom this is the name, the address or the number."""
    if not _is_name(words):
        return []
    place = visit.db, visit.workspace_id
    by_name = await get_respondent(*place, words)
    found = [by_name] if by_name else []
    if "@" in words:
        found += await find_by_email(*place, words)
    phone = normalise_phone(words)
    if phone:
        found += await find_by_phone(*place, phone)
    return list({each.respondent: each for each in found}.values())


async def _surveys(visit: Visit, moments: list[Moment]) -> tuple[dict[str, Survey], dict[str, str]]:
    surveys: dict[str, Survey] = {}
    for key in sorted({moment.survey for moment in moments if moment.survey}):
        with contextlib.suppress(NotFoundError):
            surveys[key] = (await visit.runtime.of(Catalog).find(key, visit.workspace)).survey
    return surveys, {key: title_of(survey, key) for key, survey in surveys.items()}


def _is_name(text: str) -> bool:
    return 0 < len(text.strip()) <= MAX_RESPONDENT and "\x00" not in text


def _tabs() -> list[tuple[str, str]]:
    return [("", "All"), *((key, label) for key, (label, _) in KINDS.items())]


def _address(
    visit: Visit, name: str, kind: str = "", *, path: str = "/customers", **more: str
) -> str:
    said = {"id": name, "kind": kind, **more}
    return f"{visit.path(path)}?{urlencode({key: value for key, value in said.items() if value})}"


def _cells(moment: Moment) -> tuple[object, ...]:
    ratings = " ".join(f"{question}={rating}" for question, rating in moment.ratings.items())
    return (
        f"{moment.at:%Y-%m-%d %H:%M:%S}", moment.kind, moment.name, moment.state, moment.survey,
        moment.touchpoint, moment.value, ratings,
    )  # fmt: skip

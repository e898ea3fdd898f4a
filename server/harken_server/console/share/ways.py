"""`/share`: which survey, and the ways to share it; its link comes first, with QR and poster."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import NamedTuple

from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import NotFoundError
from harken_server.qr.pictures import qr_svg
from harken_server.responses.seen import Signal, signal_of
from harken_server.responses.store.seen_sql import Seen, read_seen
from harken_server.surveys.catalog import slug_in_links, survey_url
from harken_server.surveys.sharing import SHARE, SURVEY, Shared, open_shared
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.signed_in import Visit, page

FOLDER = Path(__file__).parent / "templates"
PAPER_CHOICES: tuple[tuple[str, str], ...] = (
    ("a4", "A4, for a wall"),
    ("a5", "A5, for a table or door"),
    ("a6", "A6, for a counter"),
)
POSTER_LINE = "Scan to tell us what you think"
MAX_LINE = 120


class Way(NamedTuple):
    """One way of sharing, as its card shows it."""

    title: str
    path: str
    icon: str
    text: str
    channels: tuple[str, ...]
    """On which its answers come; none: it brings no answers."""


WAYS = (
    Way("On your web site", "/widget", "globe", "One tag asks your visitors.", ("widget",)),
    Way("In your mails", "/email", "mail", "Paste the first question into a mail.", ("email",)),
    Way("Stores and tills", "/places", "store", "Print a code for each store.", ("receipt",)),
    Way("Spreadsheet", "/sheet", "results", "Answers in a sheet that refreshes itself.", ()),
    Way("From your software", "/code", "keys", "One line asks at the right moment.", ("api",)),
)  # fmt: skip


@page(SHARE, right="edit")
async def choose(visit: Visit) -> Shown:
    """The surveys that take answers; straight on to the only one."""
    records = await list_surveys(visit.db, visit.workspace_id)
    live = [record.key for record in records if record.status == "live"]
    if len(live) == 1:
        return visit.to(f"{SHARE}/{live[0]}")
    shared = [await open_shared(visit, key) for key in live]
    rows = [(each, await _seen(each)) for each in shared]
    surveys = [(each, signal_of(seen, visit.now(), *_channels(seen))) for each, seen in rows]
    return visit.render(FOLDER, "choose.html", title="Share", surveys=surveys, is_any=bool(records))


@page(SURVEY, right="edit")
async def show_ways(visit: Visit, survey: str) -> Shown:
    """The link with its QR, and the other ways."""
    shared = await open_shared(visit, survey)
    seen = await _seen(shared)
    short = short_url_of(shared)
    return visit.render(
        FOLDER, "ways.html", title=shared.title, crumbs=shared.crumbs[:1], shared=shared,
        signal=signal_of(seen, visit.now(), "web"), short="" if short == shared.url else short,
        picture=picture_of(short), papers=PAPER_CHOICES, line=POSTER_LINE, most=MAX_LINE,
        ways=[(way, _signal(way, seen, visit)) for way in WAYS],
    )  # fmt: skip


def short_url_of(shared: Shared) -> str:
    """The survey's page at the short address, which is the public one where none is set."""
    visit = shared.visit
    return survey_url(
        visit.runtime.settings.of(HttpSettings).short_url,
        shared.key,
        workspace=slug_in_links(visit.runtime, visit.workspace),
    )


def picture_of(url: str) -> str:
    """The QR of an address, as an address that holds the picture itself."""
    return f"data:image/svg+xml;base64,{base64.b64encode(qr_svg(url)).decode()}"


def require_live(shared: Shared) -> None:
    """Raise NotFoundError (`survey_not_live`) for what nobody can answer."""
    if not shared.is_live:
        raise NotFoundError(
            f"{shared.title} takes no answers now: publish it first.", code="survey_not_live"
        )


async def _seen(shared: Shared) -> Seen:
    return await read_seen(shared.visit.db, shared.visit.workspace_id, shared.loaded.record.id)


def _channels(seen: Seen) -> set[str]:
    return {*seen.latest, *seen.days}


def _signal(way: Way, seen: Seen, visit: Visit) -> Signal | None:
    return signal_of(seen, visit.now(), *way.channels) if way.channels else None

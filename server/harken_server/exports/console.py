"""`/share/{survey}/sheet`: addresses that a spreadsheet reads, each with a life."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from harken_server.design.times import say_day
from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.invitations import store
from harken_server.invitations.links import EXPORT, sign_link
from harken_server.invitations.store import SignedLink
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.tokens import sign_token
from harken_server.surveys.catalog import slug_in_links
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.signed_in import Form, Visit, act, page
from harken_server.workspaces.store import audit

FOLDER = Path(__file__).parent / "templates"
PATH = SURVEY + "/sheet"
LIVES = (30, 90, 400)
"""Days."""
MOST = 1_000
"""Links looked through, the newest."""


class SheetLink(NamedTuple):
    """One that works."""

    id: UUID
    url: str
    made: str
    ends: str


@page(PATH, right="edit")
async def show_sheet(visit: Visit, survey: str) -> Shown:
    """The addresses in use, and the form for another."""
    return await _show(await open_shared(visit, survey))


@act(PATH + "/make", "create_export_link", right="edit")
async def make_link(visit: Visit, form: Form, survey: str) -> Shown:
    """An address that is good for so many days."""
    shared = await open_shared(visit, survey)
    lives = _lives(visit)
    wanted = form.text("days")
    days = next((each for each in lives if str(each) == wanted), None)
    if days is None:
        allowed = ", ".join(map(str, lives))
        return await _show(shared, f"Days: one of {allowed}, not {wanted[:20] or 'nothing'}.")
    made = await sign_link(visit.runtime, EXPORT, shared.key, visit.workspace, days=days)
    visit.note(days=days, expires_at=made.expires_at.isoformat())
    return visit.to(shared.path("/sheet"), said="The address is made. Paste it into your sheet.")


@act(PATH + "/{link:str}/revoke", "revoke_link", right="edit")
async def revoke(visit: Visit, survey: str, link: str) -> Shown:
    """It stops working at once."""
    shared = await open_shared(visit, survey)
    found = next((each for each in await _links(shared) if str(each.id) == link), None)
    act_ = visit.act("revoke_link")
    async with visit.db.transaction() as tx:
        if found is None or not await store.revoke_link(
            tx, visit.workspace_id, found.id, act_.created_at
        ):
            raise NotFoundError("This address works no more already.", code="link_not_found")
        await audit.write(tx, act_, link)
    return visit.to(shared.path("/sheet"), said="The address works no more.")


async def _show(shared: Shared, problem: str = "") -> Shown:
    visit = shared.visit
    links = [_shown(shared, each) for each in await _links(shared)]
    return visit.render(
        FOLDER, "share_sheet.html", title="Spreadsheet", status=422 if problem else 200,
        crumbs=shared.crumbs, shared=shared, links=links, problem=problem,
        lives=[(days, f"{days} days") for days in _lives(visit)],
    )  # fmt: skip


def _lives(visit: Visit) -> list[int]:
    """Those that the server's settings allow."""
    most = visit.runtime.settings.of(RightsSettings).link_days
    return [days for days in LIVES if days <= most] or [most]


async def _links(shared: Shared) -> list[SignedLink]:
    """Those of this survey that work, newest first."""
    visit = shared.visit
    found = await store.list_links(visit.db, visit.workspace_id, before=None, limit=MOST)
    return [
        each for each in found
        if each.kind == EXPORT.kind and each.subject == shared.key
        and each.revoked_at is None and each.expires_at > visit.now()
    ]  # fmt: skip


def _shown(shared: Shared, link: SignedLink) -> SheetLink:
    visit = shared.visit
    token = sign_token(
        visit.runtime.signing_keys, link.kind, visit.workspace_id, link.subject, link.expires_at
    )
    slug = slug_in_links(visit.runtime, visit.workspace)
    url = EXPORT.url(visit.runtime.settings.of(HttpSettings).public_url, token, shared.key, slug)
    ends = say_day(link.expires_at.date())
    return SheetLink(link.id, url, say_day(link.created_at.date()), ends)

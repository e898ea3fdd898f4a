"""Links to a survey's results and answers: made, listed with who made them, each revoked alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from harken_server.design.times import say_day
from harken_server.http.pages import Shown
from harken_server.insights.api.result_links import MADE, make_link
from harken_server.insights.console.results import RESULTS as RESULTS_PATH
from harken_server.insights.page.results_page import TEMPLATES
from harken_server.insights.rules.figures import NOTHING
from harken_server.invitations import store
from harken_server.invitations.api import LINK
from harken_server.invitations.links import EXPORT, RESULTS, address_again, revoke_link
from harken_server.invitations.store import SignedLink
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.titles import title_of
from harken_server.workspaces.people.store.accounts import get_account
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.signed_in import Form, Visit, act, page
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import AuditEntry
from harken_server.workspaces.store.keys import list_keys

OPENED = {"results": RESULTS, "export": EXPORT}
KINDS = (("results", "The results page"), ("export", "The answers, for a spreadsheet"))
SPANS = (7, 30, 90, 400)
"""Days on offer."""
MOST_SHOWN = 100
LINKS = RESULTS_PATH + "/{survey:str}/links"


class LinkLine(NamedTuple):
    """A link in the list."""

    id: UUID
    what: str
    url: str
    """Empty for one that does not work any more."""
    made_by: str
    made_at: str
    ends: str
    kind: str
    """Of its status."""
    is_working: bool


@page(LINKS, right="edit")
async def show_links(visit: Visit, survey: str) -> Shown:
    """What was handed out, and a form for more."""
    return await _show(visit, survey)


@act(LINKS, "create_results_link", right="edit")
async def add_link(visit: Visit, form: Form, survey: str) -> Shown:
    """Make a link; its address stands in the list for as long as it works."""
    kind, days = form.text("kind"), form.text("days")
    if kind not in OPENED:
        return await _show(visit, survey, form, "Choose what the link opens.")
    if days not in {str(span) for span in _spans(visit)}:
        wanted = ", ".join(map(str, _spans(visit)))
        return await _show(visit, survey, form, f"Choose how long it works: {wanted} days.")
    await make_link(visit, survey, OPENED[kind], days=int(days))
    return visit.to(f"{RESULTS_PATH}/{quote(survey)}/links", said="The link is made.")


@act(LINKS + "/{link:str}/revoke", "revoke_link", right="edit")
async def end_link(visit: Visit, survey: str, link: str) -> Shown:
    """It stops working at once; all others go on."""
    if not await revoke_link(visit, LINK.id_of(link)):
        raise LINK.missing(link)
    return visit.to(f"{RESULTS_PATH}/{quote(survey)}/links", said="The link is revoked.")


async def _show(visit: Visit, key: str, form: Form | None = None, problem: str = "") -> Shown:
    loaded = await visit.runtime.of(Catalog).find(key, visit.workspace)
    title, results = title_of(loaded.survey), visit.path(f"{RESULTS_PATH}/{quote(key)}")
    spans = _spans(visit)
    return visit.render(
        TEMPLATES,
        "links.html",
        title="Links",
        status=422 if problem else 200,
        crumbs=(("Results", visit.path(RESULTS_PATH)), (title, results)),
        key=key,
        kinds=KINDS,
        spans=[(str(days), f"{days} days") for days in spans],
        chosen={
            "kind": form.text("kind") if form else KINDS[0][0],
            "days": form.text("days") if form else str(spans[min(1, len(spans) - 1)]),
        },
        problem=problem,
        links=await _lines(visit, loaded.record.key),
    )


def _spans(visit: Visit) -> list[int]:
    """Those that the server allows; at least its longest life."""
    most = visit.runtime.settings.of(RightsSettings).link_days
    return [days for days in SPANS if days <= most] or [most]


async def _lines(visit: Visit, key: str) -> list[LinkLine]:
    kept = await store.list_links_to(
        visit.db, visit.workspace_id, key, tuple(OPENED), limit=MOST_SHOWN
    )
    makers = await _makers(visit, kept)
    return [await _line(visit, each, makers.get(str(each.id), NOTHING)) for each in kept]


async def _line(visit: Visit, kept: SignedLink, made_by: str) -> LinkLine:
    is_working = kept.revoked_at is None and kept.expires_at > visit.now()
    url = await address_again(visit.runtime, OPENED[kept.kind], kept, visit.workspace)
    return LinkLine(
        id=kept.id,
        what=dict(KINDS)[kept.kind],
        url=url if is_working else "",
        made_by=made_by,
        made_at=say_day(kept.created_at.date()),
        ends=_end(kept, visit.now()),
        kind="good" if is_working else "quiet",
        is_working=is_working,
    )


def _end(kept: SignedLink, now: datetime) -> str:
    if kept.revoked_at is not None:
        return f"Revoked {say_day(kept.revoked_at.date())}"
    day = say_day(kept.expires_at.date())
    return f"Ended {day}" if kept.expires_at <= now else f"Until {day}"


async def _makers(visit: Visit, kept: Sequence[SignedLink]) -> dict[str, str]:
    """Who made each, as the audit log has it."""
    subjects = [str(each.id) for each in kept]
    acts = await audit.list_acts(visit.db, visit.workspace_id, tuple(MADE.values()), subjects)
    keys = {key.id: f"key {key.name}" for key in await list_keys(visit.db, visit.workspace_id)}
    names: dict[UUID, str] = {}
    for account_id in {entry.account_id for entry in acts if entry.account_id}:
        account = await get_account(visit.db, account_id)
        names[account_id] = (account.name or account.email) if account else "somebody who has left"
    return {entry.subject: _maker(entry, names, keys) for entry in acts}


def _maker(entry: AuditEntry, names: dict[UUID, str], keys: dict[UUID, str]) -> str:
    if entry.account_id:
        return names[entry.account_id]
    return keys.get(entry.api_key_id, NOTHING) if entry.api_key_id else entry.program or NOTHING

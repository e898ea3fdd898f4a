"""The way into the console: the first workspace's home, for whoever is of one."""

from __future__ import annotations

from urllib.parse import quote

from harken_server.http.declared import Arrival
from harken_server.http.pages import Shown
from harken_server.workspaces.people.plain_pages import plain, plain_page
from harken_server.workspaces.people.signed_on import who_is_signed_on
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.people.visit import SIGN_IN, go_to


@plain_page("/console")
async def open_console(at: Arrival) -> Shown:
    """On to the first workspace; a page that says so to somebody who is of none."""
    who = await who_is_signed_on(at)
    if who is None:
        return go_to(SIGN_IN)
    workspaces = await accounts.workspaces_of(at.runtime.db, who.account.id)
    if workspaces:
        return go_to(f"/console/{quote(workspaces[0][0].slug)}")
    return plain("nowhere.html", title="No workspace yet", who=who)

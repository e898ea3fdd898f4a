"""Every route of the console for an owner of another workspace: nothing of ours is shown or moved.

They ask under our name and under theirs, with what ours has in every place of the path and, in
forms, under every name.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from api_client import Api
from console_routes import console_routes
from console_stage import OTHER, comes, contents_of, ids_of_console
from isolation import rows_of
from signed_in import SignedIn, come_again
from tiers import POSTGRES_NIGHTLY

from harken_server.workspaces.people.store import sessions

pytestmark = POSTGRES_NIGHTLY

SECRET = "only-ours"
OURS = (SECRET, "kim@example.com", "someone@example.com", "Storgata 9", "What went wrong?")
"""Texts that only our workspace has."""
SAME_EVERYWHERE = {"templates", "gallery", "journeys", "new"}
"""What stands after these words in a path is the catalogue's, which is everybody's."""
TOO_SHORT = 6
"""Characters of an id below which it stands in any page by chance."""


@pytest.fixture
async def ids(live: Api) -> dict[str, str]:
    made = await ids_of_console(live)
    await live.submit({"recommend": 2, "why": SECRET}, id=str(uuid4()))
    return made


@pytest.fixture
async def stranger(live: Api, ids: dict[str, str]) -> SignedIn:
    return await comes(live, "elsewhere", ids)


async def test_nothing_of_ours_is_shown_to_another_workspace(
    live: Api, ids: dict[str, str], stranger: SignedIn
) -> None:
    names = {value for value in ids.values() if len(value) >= TOO_SHORT} - {"customer_lifecycle"}
    for route in console_routes("GET"):
        assert (await stranger.http.get(route.at(ids))).status_code == 404, route
        reply = await stranger.http.get(route.at(ids, OTHER))
        is_catalogue = bool(set(route.path.split("/")) & SAME_EVERYWHERE)
        is_of_ours = "{" in route.path and not is_catalogue
        assert reply.status_code == 404 if is_of_ours else reply.status_code < 500, (
            route, reply.status_code, reply.text[-1500:],
        )  # fmt: skip
        hidden = OURS if "{" in route.path or is_catalogue else (*OURS, *names)
        assert not [text for text in hidden if text in reply.text], (route, reply.text[-3000:])


async def test_nothing_of_ours_is_moved_by_another_workspace(
    live: Api, ids: dict[str, str], stranger: SignedIn
) -> None:
    db, home = live.runtime.db, live.runtime.home
    before, accounts = await rows_of(db, home), await others_of(live, stranger)

    for route in console_routes("POST"):
        form = {**ids, "id": ids["keys"], "csrf": await token_of(live, stranger)}
        for slug in ("default", OTHER):
            reply = await stranger.http.post(route.at(ids, slug), data=form)
            assert reply.status_code < 500, (route, reply.text[-1500:])
            assert slug == OTHER or reply.status_code == 404, (route, reply.status_code)
            assert not [text for text in OURS if text in reply.text], (route, reply.text[-3000:])
            assert await rows_of(db, home) == before, route

    assert accounts <= await others_of(live, stranger)
    assert await sessions.list_sessions(db, UUID(ids["people"]), live.clock())


async def others_of(live: Api, stranger: SignedIn) -> set[str]:
    """The accounts of everybody else, as they are stored."""
    own = stranger.account.email
    accounts = (await contents_of(live.runtime.db))["account"]
    return {row for row in accounts if own not in row}


async def token_of(live: Api, stranger: SignedIn) -> str:
    """Of a fresh session: the form before may have ended the last one."""
    again = await come_again(live.runtime, stranger.account)
    stranger.http.cookies = again.http.cookies
    stranger.slug = OTHER
    return await stranger.token()

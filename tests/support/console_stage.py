"""A workspace with one of everything, and those who come to its console."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Literal, TypeAlias, get_args

from api_client import Api
from import_steps import bring_file
from one_of_each import one_of_each
from signed_in import SignedIn, add_person, browser_of, come_again, open_session, sign_in

from harken_server.database.database import Database
from harken_server.tables import TABLES
from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.secrets import digest_of
from harken_server.workspaces.people.store import accounts, sessions
from harken_server.workspaces.store.workspaces import add_workspace

ROLES: tuple[Role, ...] = get_args(Role)
Stranger: TypeAlias = Literal["nobody", "elsewhere", "disabled", "expired"]
Who: TypeAlias = Role | Stranger
STRANGERS: tuple[Stranger, ...] = get_args(Stranger)
OTHER = "other"
"""The workspace that `elsewhere` owns."""
MOVES_BY_ITSELF = {"sign_in", "feed", "guess"}
"""Tables that a mere look changes: when a session was last seen, counts of changes and tries."""


async def ids_of_console(live: Api) -> dict[str, str]:
    """What stands in the paths of the console, by the word before it or by the piece's name."""
    ids = await one_of_each(live)
    someone = await add_person(live.runtime, "viewer", email="someone@example.com")
    digest = digest_of(await open_session(live.runtime, someone))
    session = await sessions.find_session(live.runtime.db, digest, live.clock())
    assert session is not None
    ids["imports"] = await bring_file(live.runtime, live.runtime.home)
    return with_other_words({**ids, "people": str(someone.id), "sessions": str(session.id)})


def with_other_words(ids: Mapping[str, str]) -> dict[str, str]:
    """The same with the words and names of pieces by which the console calls them."""
    survey = ids.get("surveys", "")
    others = {
        "survey": survey, "share": survey, "results": survey, "kiosks": ids.get("devices", ""),
        "link": ids.get("links", ""), "session": ids.get("sessions", ""), "file": "scores.csv",
        "journey_file": "journey.csv",
        "versions": "1", "version": "1", "number": "1", "invited": ids.get("people", ""),
        "new.template": "nps", "templates.name": "nps",
        "places": ids.get("place-codes", ""), "places.print": "labels",
        "export": ids.get("exports", ""), "journey": ids.get("journeys", ""),
        "sheet": ids.get("sheets", ids.get("keys", "")),
    }  # fmt: skip
    return {**ids, **others}


async def comes(live: Api, who: Who, ids: Mapping[str, str], **member: Any) -> SignedIn:
    """Somebody with this role, or one of the strangers, with a browser without script."""
    if who == "nobody":
        return browser_of(live.runtime, await _person(live, disabled=False), "")
    if who == "elsewhere":
        runtime = live.runtime
        workspace = await add_workspace(
            runtime.db, runtime.new_id(), OTHER, "Other", runtime.clock()
        )
        return await sign_in(live, "owner", email="else@example.com", workspace=workspace.id)
    if who == "disabled" or who == "expired":
        browser = await come_again(live.runtime, await _person(live, disabled=who == "disabled"))
        if who == "expired":
            live.clock.move(days=400)
        return browser
    scope = {"stores": (ids["stores"],), "touchpoints": (ids["touchpoints"],)}
    return await sign_in(live, who, **(scope if who == "frontline" else {}), **member)


async def contents_of(db: Database, but: Collection[str] = MOVES_BY_ITSELF) -> dict[str, list[str]]:
    """Every row of every table but these: those that a look does not change."""
    names = [table._meta.tablename for table in TABLES]
    return {
        name: sorted(repr(tuple(row)) for row in await db.fetch(f'SELECT * FROM "{name}"'))
        for name in names
        if name not in but
    }


def changed(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    """Names of the tables that differ."""
    return [name for name in before if before[name] != after[name]]


async def _person(live: Api, *, disabled: bool) -> Account:
    runtime, now = live.runtime, live.runtime.clock()
    account = Account(
        id=runtime.new_id(), email="gone@example.com", name="Gone",
        created_at=now - timedelta(days=1), disabled_at=now if disabled else None,
    )  # fmt: skip
    assert await accounts.add_account(runtime.db, account)
    return await add_person(runtime, "owner", email="gone@example.com")

"""No change is there without its entry: where the entry cannot be written, nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from api_client import Api
from changing_calls import ChangingCall, changing_calls
from changing_forms import ChangingForm, changing_forms
from console_stage import changed, contents_of, ids_of_console
from filled_forms import fields_of
from house_steps import PASSWORD
from one_of_each import one_of_each
from pyotp.totp import TOTP
from signed_in import SignedIn, open_session, sign_in

from harken_server.database.database import Database
from harken_server.database.values import to_uuid
from harken_server.kernel.errors import HarkenError
from harken_server.workspaces.people.passwords import Passwords
from harken_server.workspaces.people.secrets import digest_of
from harken_server.workspaces.people.store import accounts, sessions

ONLY_LOOKING = {"check_places", "try_survey", "try_template"}
"""They tell what would come of it."""
OUTSIDE = {"send_test_mail"}
"""What it does is done by a mail server."""
NO_CHANGE = {"guess", "feed"}
"""Counts of tries and of changes."""
SHOWN_AT = {"discard_survey_draft": "/surveys/post_purchase/publish"}
"""The page of a form where it is another one than it is sent to."""
ENTRIES = "CREATE TRIGGER no_entry BEFORE INSERT ON audit_entry"
FAILING = """
CREATE OR REPLACE FUNCTION no_entry() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no room'; END $$
"""
FORBID = {
    "sqlite": [f"{ENTRIES} BEGIN SELECT RAISE(ABORT, 'no room'); END"],
    "postgres": [FAILING, f"{ENTRIES} FOR EACH ROW EXECUTE FUNCTION no_entry()"],
}
ALLOW = {
    "sqlite": "DROP TRIGGER no_entry",
    "postgres": "DROP TRIGGER no_entry ON audit_entry",
}


@asynccontextmanager
async def without_room_for_entries(db: Database) -> AsyncGenerator[None]:
    for statement in FORBID[db.dialect]:
        await db.execute(statement)
    yield
    await db.execute(ALLOW[db.dialect])


Send = Callable[[], Awaitable[httpx.Response]]


async def require_entries(db: Database, sends: Mapping[str, Send]) -> None:
    """Each changes something, and nothing where its entry cannot be written."""
    found = {name: await fault_of(db, send) for name, send in sends.items()}
    assert {name: fault for name, fault in found.items() if fault} == {}


async def fault_of(db: Database, send: Send) -> str:
    """What is wrong with a change; empty for nothing."""
    before = await contents_of(db, NO_CHANGE)
    async with without_room_for_entries(db):
        refused = await send()
    if refused.status_code < 500:
        return f"not refused: {refused.status_code} {refused.text[-300:]}"
    if tables := changed(before, await contents_of(db, NO_CHANGE)):
        return f"changed {tables} without an entry"
    done = await send()
    if done.status_code >= 400:
        return f"failed: {done.status_code} {done.text[-300:]}"
    tables = changed(before, await contents_of(db, NO_CHANGE))
    return "" if {"audit_entry"} < {*tables} else f"changed {tables} only"


@pytest.mark.few(1)
async def test_no_operation_changes_anything_where_its_entry_cannot_be_written(live: Api) -> None:
    calls = changing_calls(await one_of_each(live))
    await live.runtime.db.execute("UPDATE delivery SET state = 'failed'")
    await live.runtime.db.execute("UPDATE invitation SET expires_at = NULL")

    async def send(call: ChangingCall) -> httpx.Response:
        more: dict[str, Any] = {} if call.body is None else {"json": call.body}
        return await live.http.request(call.method, call.path, **more)

    assert len(calls) > 35
    await require_entries(live.runtime.db, {one.name: partial(send, one) for one in calls})


@pytest.mark.few(1)
async def test_no_form_changes_anything_where_its_entry_cannot_be_written(live: Api) -> None:
    owner, ids = await an_owner(live)
    forms = changing_forms(ids, ONLY_LOOKING | OUTSIDE)

    async def send(form: ChangingForm) -> httpx.Response:
        live.clock.move(seconds=1)  # what is made once more in one moment is the same
        page = await owner.get(SHOWN_AT.get(form.name, form.path))
        shown = fields_of(page.text) if page.status_code == 200 else {}
        if form.name == "switch_on_second_factor":
            shown["code"] = TOTP(shown["secret"]).at(live.clock())
        try:
            return await owner.post(form.path, files=form.files, **{**shown, **form.fields})
        except HarkenError as error:
            return httpx.Response(500, text=error.message)

    assert len(forms) > 40
    named = {f"{one.name} at {one.path}": partial(send, one) for one in forms}
    await require_entries(live.runtime.db, named)


async def an_owner(live: Api) -> tuple[SignedIn, dict[str, str]]:
    """Somebody with a password, signed in thrice, and what stands in the console's paths."""
    runtime, ids = live.runtime, await ids_of_console(live)
    owner = await sign_in(live)
    digest = await runtime.of(Passwords).hash(PASSWORD)
    await accounts.set_password(runtime.db, owner.account.id, digest)
    ids["sessions"] = str(await other_session(live, owner))
    await other_session(live, owner)
    await owner.post("/people/invite", email="lee@example.com", role="viewer")
    ((found,),) = await runtime.db.fetch("SELECT id FROM house_link")
    ids["invited"] = str(to_uuid(found))
    return owner, ids


async def other_session(live: Api, owner: SignedIn) -> UUID:
    digest = digest_of(await open_session(live.runtime, owner.account))
    found = await sessions.find_session(live.runtime.db, digest, live.clock())
    assert found is not None
    return found.id

"""Your account: name, password, and where you are signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from harken_server.http.pages import Shown
from harken_server.http.problems import status_of
from harken_server.kernel.errors import HarkenError, InvalidInputError, NotFoundError, Problem
from harken_server.workspaces.people import guessing
from harken_server.workspaces.people.browsers import browser_name
from harken_server.workspaces.people.new_people import name_faults, require_none
from harken_server.workspaces.people.passwords import Passwords, check_password
from harken_server.workspaces.people.plain_pages import errors_of
from harken_server.workspaces.people.second_factor import take_code
from harken_server.workspaces.people.store import accounts, links, sessions
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"


@page("/me", right="see", is_scoped=True)
async def show_me(visit: Visit) -> Shown:
    """Everything about oneself."""
    return await _page(visit)


@act("/me/name", "change_own_name", right="see", is_scoped=True)
async def change_name(visit: Visit, form: Form) -> Shown:
    """Be called otherwise."""
    name = form.text("name")
    try:
        require_none(name_faults("name", name))
    except InvalidInputError as error:
        return await _page(visit, error, name=name)
    await accounts.set_name(visit.db, visit.account.id, name)
    return visit.to("/me", said="Your name is changed.")


@act("/me/password", "change_own_password", right="see", is_scoped=True)
async def change_password(visit: Visit, form: Form) -> Shown:
    """Set another password; whoever is signed in elsewhere is signed out."""
    try:
        ended = await _set_password(visit, form.exact("current"), form.exact("password"))
    except InvalidInputError as error:
        return await _page(visit, error)
    visit.note(sessions=ended)
    return visit.to("/me", said="Your password is changed; you are signed out everywhere else.")


@act("/me/sessions/{session:str}/end", "end_own_session", right="see", is_scoped=True)
async def end_session(visit: Visit, session: str) -> Shown:
    """Sign out one browser."""
    try:
        session_id = UUID(session)
    except ValueError:
        session_id = None
    is_ended = session_id is not None and await sessions.end_session(
        visit.db, visit.account.id, session_id, visit.now()
    )
    if not is_ended:
        raise NotFoundError("That session is over already.", code="session_unknown")
    return visit.to("/me#sessions", said="That browser is signed out.")


@act("/me/sessions/end-others", "end_own_sessions", right="see", is_scoped=True)
async def end_other_sessions(visit: Visit) -> Shown:
    """Sign out every other browser."""
    digest, now = visit.session.digest, visit.now()
    ended = await sessions.end_others(visit.db, visit.account.id, digest, now)
    visit.note(sessions=ended)
    return visit.to("/me#sessions", said="Every other browser is signed out.")


async def _set_password(visit: Visit, current: str, new: str) -> int:
    account, passwords = visit.account, visit.runtime.of(Passwords)
    check_password(new, account.email)
    await require_password(visit, current, "current")
    digest = await passwords.hash(new)
    async with visit.db.transaction() as tx:
        await accounts.set_password(tx, account.id, digest)
        await links.end_resets(tx, account.id, visit.now())
        return await sessions.forget_others(tx, account.id, visit.session.digest)


async def require_password(visit: Visit, password: str, field: str) -> None:
    """Raise InvalidInputError that names the field unless it is the person's password.

    Somebody without a password, as the demo's guest, needs none.
    """
    account = visit.account
    if account.password_digest is None:
        return
    counted = (guessing.OF_KNOWN_NETWORK, f"session {visit.session.id}")
    tried = await guessing.count(visit.runtime, counted)
    if not await visit.runtime.of(Passwords).is_right(account.password_digest, password):
        message = "This is not your password."
        raise InvalidInputError(message, (Problem(f"$.{field}", "password_wrong", message),))
    await tried.give_back(visit.runtime)


async def require_code(visit: Visit, code: str) -> None:
    """Raise InvalidInputError unless it is a good code, or there is no second factor."""
    account = visit.account
    if account.totp_secret is None:
        return
    tried = await guessing.count(visit.runtime, (guessing.OF_CODES, str(account.id)))
    if not await take_code(visit.runtime, account, code):
        message = "This code is not right, or was used already. Wait for the next one."
        raise InvalidInputError(message, (Problem("$.code", "code_wrong", message),))
    await tried.give_back(visit.runtime)


async def _page(visit: Visit, error: HarkenError | None = None, **typed: Any) -> Shown:
    found = await sessions.list_sessions(visit.db, visit.account.id, visit.now())
    return visit.render(
        FOLDER, "me.html", title="Your account", status=status_of(error) if error else 200,
        errors=errors_of(error) if error else {}, own_name=typed.get("name", visit.account.name),
        account=visit.account, browser_name=browser_name,
        sessions=[(one, one.id == visit.session.id) for one in found],
    )  # fmt: skip

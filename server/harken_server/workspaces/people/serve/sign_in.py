"""Signing in by address and password, with the second factor where there is one; signing out."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from harken_server.http.declared import Arrival
from harken_server.http.pages import Shown
from harken_server.http.runtime import Runtime
from harken_server.kernel.tokens import sign_token, verify_token
from harken_server.workspaces.people import guessing
from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.addresses import same_address
from harken_server.workspaces.people.next_page import HOME, next_page
from harken_server.workspaces.people.passwords import MAX_CHARS, Passwords
from harken_server.workspaces.people.plain_pages import plain, plain_act, plain_page
from harken_server.workspaces.people.second_factor import take_code
from harken_server.workspaces.people.sent_forms import Form, require_token
from harken_server.workspaces.people.signed_on import (
    network_at,
    sign_off,
    sign_on,
    who_is_signed_on,
)
from harken_server.workspaces.people.store import accounts, sessions
from harken_server.workspaces.people.visit import SIGN_IN, go_to

CODE_WITHIN = timedelta(minutes=5)
_HALFWAY = "half-signed-in"
_WRONG = "The address or the password is not right."
_SAID = {
    "password": "Your new password is set. Sign in with it.",
    "out": "You are signed out.",
}


@plain_page(SIGN_IN)
async def show_sign_in(at: Arrival) -> Shown:
    """The form, for whoever is not signed in already."""
    said = at.said()
    onward = next_page(said.get("next", ""))
    if (who := await who_is_signed_on(at)) is not None:
        return go_to(await _reachable(at.runtime, who.account, onward))
    return _form(onward, said=_SAID.get(said.get("said", ""), ""))


@plain_act(SIGN_IN)
async def sign_in(at: Arrival, form: Form) -> Shown:
    """Look at address and password, and ask for the second factor or begin a session."""
    email, onward = same_address(form.text("email")), next_page(form.text("next"))
    password = form.exact("password")
    account = await _identify(at, email, password) if email and password else None
    if account is None:
        return _form(onward, email=form.text("email"), error=_WRONG, status=422)
    if account.totp_secret is not None:
        return _code_form(onward, _half(at.runtime, account))
    return go_to(onward, await sign_on(at, account))


@plain_act("/sign-in/code")
async def sign_in_with_code(at: Arrival, form: Form) -> Shown:
    """Look at the second factor's code, and begin a session."""
    onward, half = next_page(form.text("next")), form.text("half")
    account = await _halfway(at.runtime, half)
    if account is None:
        return _form(onward, error="That took too long. Start again.", status=422)
    tried = await guessing.count(at.runtime, (guessing.OF_CODES, str(account.id)))
    if not await take_code(at.runtime, account, form.text("code")):
        error = "This code is not right, or was used already. Wait for the next one."
        return _code_form(onward, half, error=error, status=422)
    await tried.give_back(at.runtime)
    return go_to(onward, await sign_on(at, account))


@plain_act("/sign-out")
async def sign_out(at: Arrival, form: Form) -> Shown:
    """End the session of this browser."""
    who = await who_is_signed_on(at)
    if who is not None:
        require_token(who, form)
    return go_to(f"{SIGN_IN}?said=out", await sign_off(at))


async def _reachable(runtime: Runtime, account: Account, onward: str) -> str:
    """Where somebody goes on who is signed in: no console's page leads on whoever is of none."""
    is_nowhere = not await accounts.memberships_of(runtime.db, account.id)
    return HOME if is_nowhere and onward.startswith(HOME) else onward


async def _identify(at: Arrival, email: str, password: str) -> Account | None:
    """Who has this address and password; as slowly for an address that nobody has.

    Raises RateLimitedError after too many tries.
    """
    runtime, network = at.runtime, network_at(at)
    account = await accounts.find_account(runtime.db, email[: MAX_CHARS * 2])
    since = runtime.clock() - guessing.REMEMBERED_FOR
    is_known = account is not None and await sessions.knows_network(
        runtime.db, account.id, network, since
    )
    tried = await guessing.count_sign_in(runtime, email, network, is_known=is_known)
    passwords = runtime.of(Passwords)
    digest = account.password_digest if account else None
    if not await passwords.is_right(digest, password[: MAX_CHARS + 1]):
        return None
    if account is None or digest is None or not account.may_come_in(is_demo=runtime.is_demo):
        return None
    await tried.give_back(runtime)
    if passwords.is_outdated(digest):
        await accounts.set_password(runtime.db, account.id, await passwords.hash(password))
    return account


def _half(runtime: Runtime, account: Account) -> str:
    """Says that the password was right; good for minutes, and for this password alone."""
    subject, until = _subject(account), runtime.clock() + CODE_WITHIN
    return sign_token(runtime.signing_keys, _HALFWAY, runtime.home, subject, until)


async def _halfway(runtime: Runtime, half: str) -> Account | None:
    claims = verify_token(runtime.signing_keys, _HALFWAY, half, runtime.clock())
    if claims is None:
        return None
    account = await accounts.get_account(runtime.db, UUID(claims.subject.partition(" ")[0]))
    if account is None or not account.may_come_in(is_demo=runtime.is_demo):
        return None
    return account if _subject(account) == claims.subject else None


def _subject(account: Account) -> str:
    password = hashlib.sha256((account.password_digest or "").encode()).hexdigest()
    return f"{account.id} {password[:32]}"


def _form(
    onward: str, *, email: str = "", error: str = "", said: str = "", status: int = 200
) -> Shown:
    return plain(
        "sign_in.html", title="Sign in", status=status, onward=onward, email=email, error=error,
        said=said,
    )  # fmt: skip


def _code_form(onward: str, half: str, *, error: str = "", status: int = 200) -> Shown:
    return plain(
        "code.html", title="Second factor", status=status, onward=onward, half=half, error=error,
        again=f"{SIGN_IN}?next={quote(onward)}",
    )  # fmt: skip

"""Sessions of browsers: begun with a new secret at sign-in, in use, over.

A session lasts 30 days at most, and seven without use. That it is in use is written down every ten
minutes at most, by whatever page is opened: the only thing that opening a page writes.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from secrets import token_bytes

import msgspec

from harken_server.http.declared import Arrival
from harken_server.http.limits import network_of
from harken_server.http.runtime import address_of
from harken_server.workspaces.people.account import Account, Session
from harken_server.workspaces.people.cookies import SESSION, cookie_of, set_cookie
from harken_server.workspaces.people.guessing import REMEMBERED_FOR
from harken_server.workspaces.people.secrets import MOST_CHARS, digest_of, draw_secret
from harken_server.workspaces.people.store import accounts, sessions

LONGEST, IDLE = timedelta(days=30), timedelta(days=7)
SEEN_EVERY = timedelta(minutes=10)
MOST_BROWSER_CHARS = 200


class SignedOn(msgspec.Struct, frozen=True):
    """Whose browser it is."""

    account: Account
    session: Session
    secret: str
    pad: bytes = msgspec.field(default_factory=lambda: token_bytes(_PAD))
    """Of this request alone."""

    @property
    def token(self) -> str:
        """What each form of this session carries: another text with every page.

        So a page may be compressed: its length says nothing about what all its likes share (BREACH,
        Gluck, Harris, Prado 2013).
        """
        return urlsafe_b64encode(self.pad + _mixed(self.pad, self._digest())).decode()

    def is_token(self, sent: str) -> bool:
        """Whether a form is one of this session."""
        try:
            given = urlsafe_b64decode(sent)
        except ValueError:
            return False
        found = _mixed(given[:_PAD], given[_PAD:])
        return hmac.compare_digest(found, self._digest())

    def _digest(self) -> bytes:
        return hmac.digest(self.secret.encode(), b"form", "sha256")


_PAD = 32


def _mixed(some: bytes, others: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(some, others, strict=False))


async def who_is_signed_on(arrival: Arrival) -> SignedOn | None:
    """Whose session the cookie of a request is of; None: nobody's."""
    runtime, secret = arrival.runtime, cookie_of(arrival, SESSION)
    if not secret or len(secret) > MOST_CHARS:
        return None
    now = runtime.clock()
    session = await sessions.find_session(runtime.db, digest_of(secret), now)
    account = session and await accounts.get_account(runtime.db, session.account_id)
    if session is None or account is None:
        return None
    if not account.may_come_in(is_demo=runtime.is_demo):
        return None
    if now - session.last_seen_at >= SEEN_EVERY:
        until = _until(session.created_at, now)
        await sessions.see_session(runtime.db, session.digest, now, until)
    return SignedOn(account, session, secret)


async def sign_on(arrival: Arrival, account: Account) -> str:
    """Begin a session in this browser, and end the one that it had: the cookie to set.

    The secret is always a new one, so that nobody can have it beforehand.
    """
    runtime, now = arrival.runtime, arrival.runtime.clock()
    await sign_off(arrival)
    secret = draw_secret(runtime)
    session = Session(
        digest=digest_of(secret), id=runtime.new_id(), account_id=account.id,
        browser=(arrival.header("user-agent") or "")[:MOST_BROWSER_CHARS],
        network=network_at(arrival), created_at=now, last_seen_at=now, confirmed_at=now,
        expires_at=_until(now, now),
    )  # fmt: skip
    await sessions.add_session(runtime.db, session)
    await sessions.forget_old(runtime.db, now - REMEMBERED_FOR)
    return set_cookie(runtime, SESSION, secret, int(LONGEST.total_seconds()))


async def sign_off(arrival: Arrival) -> str:
    """End the session of this browser, if it has one: the cookie that takes it away."""
    runtime, secret = arrival.runtime, cookie_of(arrival, SESSION)
    now = runtime.clock()
    session = await sessions.find_session(runtime.db, digest_of(secret), now)
    if session is not None:
        await sessions.end_session(runtime.db, session.account_id, session.id, now)
    return set_cookie(runtime, SESSION, "", 0)


def network_at(arrival: Arrival) -> str:
    """Where a request came from, as it is counted and shown."""
    return network_of(address_of(arrival.runtime, arrival.scope))[:64]


def _until(begun: datetime, seen: datetime) -> datetime:
    return min(begun + LONGEST, seen + IDLE)

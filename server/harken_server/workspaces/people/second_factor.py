"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for its loss."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime
from typing import NamedTuple

from harken_server.http.runtime import Runtime
from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.store import accounts

STEP_S = 30
EARLY_OR_LATE = 1
"""Steps by which a clock may be wrong (RFC 6238 section 5.2)."""
SECRET_BYTES = 20
"""As long as SHA-1's output (RFC 4226 section 4)."""
RECOVERY_CODES = 10
_CODE_BYTES = 8
"""50 bits of which are kept: nobody guesses them within the budget of tries."""
_CODE_CHARS = 10


class Recovery(NamedTuple):
    """New recovery codes: shown once, kept as digests."""

    codes: tuple[str, ...]
    digests: tuple[str, ...]


def draw_totp_secret(runtime: Runtime) -> str:
    """A new one in base32."""
    return b32encode(runtime.random(SECRET_BYTES)).decode()


def is_totp_secret(text: str) -> bool:
    """Whether it is one that was drawn here."""
    return len(text) == SECRET_BYTES * 8 // 5 and not set(text) - set(_BASE32)


def app_address(secret: str, email: str) -> str:
    """What the QR code says to the app."""
    from pyotp.totp import TOTP  # loads with its first use

    return TOTP(secret).provisioning_uri(name=email, issuer_name="Harken")


def draw_recovery(runtime: Runtime) -> Recovery:
    """New ones."""
    texts = [b32encode(runtime.random(_CODE_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    codes = tuple(f"{text[:5]}-{text[5:_CODE_CHARS]}" for text in texts)
    return Recovery(codes, tuple(_digest(code) for code in codes))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step that this code is of, now or nearly; None: it is wrong.

    >>> from datetime import UTC, datetime
    >>> step_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "287082", datetime.fromtimestamp(59, UTC))
    1
    """
    from pyotp.totp import TOTP

    digits = "".join(code.split()).encode("utf-8", "surrogatepass")
    here = int(now.timestamp()) // STEP_S
    app, found = TOTP(secret), None
    for step in range(here - EARLY_OR_LATE, here + EARLY_OR_LATE + 1):
        if hmac.compare_digest(app.generate_otp(max(step, 0)).encode(), digits):
            found = step
    return found


async def take_code(runtime: Runtime, account: Account, code: str) -> bool:
    """Whether it is a good code of the app, or a recovery code; it is used up with that."""
    if account.totp_secret is None:
        return False
    step = step_of(account.totp_secret, code, runtime.clock())
    if step is not None:
        return await accounts.use_step(runtime.db, account.id, step)
    async with runtime.db.transaction() as tx:
        return await accounts.use_recovery_code(tx, account.id, _digest(code)) is not None


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

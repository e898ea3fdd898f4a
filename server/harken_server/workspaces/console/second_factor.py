"""Your second factor: switching it on with an app, recovery codes, switching it off."""

from __future__ import annotations

from base64 import b64encode

from harken_server.http.pages import Shown
from harken_server.kernel.errors import ConflictError
from harken_server.qr.pictures import qr_svg
from harken_server.workspaces.console.me import FOLDER
from harken_server.workspaces.people.second_factor import (
    app_address,
    draw_recovery,
    draw_totp_secret,
    is_totp_secret,
    step_of,
)
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.signed_in import Form, Visit, act, page
from harken_server.workspaces.store import audit

_PATH = "/me/second-factor"


@page(_PATH, right="see", is_scoped=True, is_confirmed=True)
async def show_second_factor(visit: Visit) -> Shown:
    """A new secret as QR code and as text, or what there is."""
    if visit.account.totp_secret is not None:
        return visit.render(
            FOLDER, "second_factor.html", title="Second factor",
            crumbs=(("Your account", visit.path("/me")),),
            left=len(visit.account.recovery_digests),
        )  # fmt: skip
    return _new(visit, draw_totp_secret(visit.runtime))


@act(_PATH, "switch_on_second_factor", right="see", is_scoped=True, is_confirmed=True)
async def switch_on(visit: Visit, form: Form) -> Shown:
    """Switch it on with a code of the app, and show recovery codes, once."""
    secret = form.text("secret")
    if visit.account.totp_secret is not None:
        raise ConflictError("Your second factor is on already.", code="second_factor_on")
    if not is_totp_secret(secret):
        return _new(visit, draw_totp_secret(visit.runtime), "Scan the new picture, then try again.")
    step = step_of(secret, form.text("code"), visit.now())
    if step is None:
        return _new(
            visit,
            secret,
            "This code is not right. Type the one that is shown now; the clock must be right.",
        )
    return await _with_codes(visit, secret, step, "switch_on_second_factor")


@act(f"{_PATH}/codes", "renew_recovery_codes", right="see", is_scoped=True, is_confirmed=True)
async def renew_codes(visit: Visit) -> Shown:
    """New recovery codes; those of before are no good any more."""
    secret = visit.account.totp_secret
    if secret is None:
        raise ConflictError("Your second factor is off.", code="second_factor_off")
    return await _with_codes(visit, secret, visit.account.totp_step, "renew_recovery_codes")


@act(f"{_PATH}/off", "switch_off_second_factor", right="see", is_scoped=True, is_confirmed=True)
async def switch_off(visit: Visit) -> Shown:
    """From now on the password alone is enough."""
    await accounts.set_second_factor(visit.db, visit.account.id, None, None, ())
    return visit.to("/me", said="Your second factor is off.")


async def _with_codes(visit: Visit, secret: str, step: int | None, action: str) -> Shown:
    recovery = draw_recovery(visit.runtime)
    async with visit.db.transaction() as tx:
        await accounts.set_second_factor(tx, visit.account.id, secret, step, recovery.digests)
        await audit.write(tx, visit.act(action), str(visit.account.id))
    return visit.render(
        FOLDER, "recovery_codes.html", title="Recovery codes",
        crumbs=(("Your account", visit.path("/me")),), codes=recovery.codes,
    )  # fmt: skip


def _new(visit: Visit, secret: str, error: str = "") -> Shown:
    picture = b64encode(qr_svg(app_address(secret, visit.account.email))).decode()
    return visit.render(
        FOLDER, "new_second_factor.html", title="Second factor", status=422 if error else 200,
        crumbs=(("Your account", visit.path("/me")),), secret=secret, error=error,
        shown=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=f"data:image/svg+xml;base64,{picture}",
    )  # fmt: skip

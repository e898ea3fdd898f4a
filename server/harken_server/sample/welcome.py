"""What the demo prints: where to look, and with which keys and codes.

Its keys are the same after a restart, so that what was set up with them goes on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from harken_server.channels.kiosk.rules import PAIRING_HOURS
from harken_server.http.operations import Scope
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import EXPORT, MAIL_PREVIEW, RESULTS, sign_link
from harken_server.qr.pictures import qr_text
from harken_server.sample.fill import DEMO_SURVEYS
from harken_server.sample.places import JOURNEY, Places
from harken_server.workspaces.access import KEY_PREFIX
from harken_server.workspaces.api import SECRET_BYTES
from harken_server.workspaces.store import keys

LINK_DAYS = 90
"""How long the signed links are good."""


async def welcome_lines(
    runtime: Runtime, places: Places, *, secret: str, site_key: str, colours: bool
) -> list[str]:
    """All lines, the QR of the first survey among them; `colours` for a terminal."""
    base = runtime.settings.of(HttpSettings).public_url
    key = DEMO_SURVEYS[0]
    page = f"{base}/s/{key}"
    asking = f'curl -H "Authorization: Bearer {secret}" {base}/v1'
    return [
        "",
        qr_text(page, colours=colours),
        "",
        f"Harken demo on {base} (sample data, marked as such)",
        "",
        f"  Survey     {page}",
        *await _signed_lines(runtime, key),
        f"  Widget     {base}/widget/playground?key={site_key}",
        f"  Receipt    {places.receipt_url} (just printed; can be answered once)",
        f"  Kiosk      {base}/kiosk (code {_grouped(places.pairing_code)}, for {PAIRING_HOURS} h)",
        f"  API key    {secret}",
        f"  API        {base}/docs",
        "",
        *[f"  More       {base}/s/{other}" for other in DEMO_SURVEYS[1:]],
        "",
        f"  {asking}/surveys/{key}/scores",
        f"  {asking}/journeys/{JOURNEY}",
        "",
        "Stop with Ctrl+C.",
        "",
    ]


async def _signed_lines(runtime: Runtime, survey: str) -> list[str]:
    links = (("Results", RESULTS), ("CSV", EXPORT), ("E-mail", MAIL_PREVIEW))
    return [
        f"  {name:10} {(await sign_link(runtime, link, survey, None, days=LINK_DAYS)).url}"
        for name, link in links
    ]


def _grouped(code: str) -> str:
    """As it is read out and typed."""
    return f"{code[:4]} {code[4:]}"


NAMES: dict[Scope, str] = {"manage": "demo", "public": "demo site"}


async def open_key(runtime: Runtime, scope: Scope) -> str:
    """The secret of the demo's key of this scope, made where it is not there.

    It follows from the server's own secret, so that nothing has to be kept beside the database; a
    key that was revoked is followed by another.
    """
    generation = 0
    while True:
        secret = _secret(runtime, scope, generation)
        found = await keys.find_key(runtime.db, secret)
        if found is None:
            await keys.create_key(
                runtime.db,
                runtime.home,
                id=runtime.new_id(),
                name=NAMES[scope],
                scopes=(scope,),
                secret=secret,
                now=runtime.clock(),
            )
        if found is None or found.revoked_at is None:
            return secret
        generation += 1


def _secret(runtime: Runtime, scope: Scope, generation: int) -> str:
    what = f"harken demo key {scope} {generation}\n".encode() + runtime.home.bytes
    digest = hmac.digest(runtime.signing_keys[0], what, hashlib.sha256)[:SECRET_BYTES]
    return KEY_PREFIX + base64.b32encode(digest).decode().lower()

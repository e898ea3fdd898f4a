"""What the demo prints: where to look, and with which keys and codes."""

from __future__ import annotations

from datetime import timedelta

from harken_server.channels.kiosk.rules import PAIRING_HOURS
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import export_url, mail_preview_url, results_url
from harken_server.qr.pictures import qr_text
from harken_server.sample.fill import DEMO_SURVEYS
from harken_server.sample.places import JOURNEY, Places

LINK_DAYS = 90
"""How long the signed links are good."""


def welcome_lines(
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
        *_signed_lines(runtime, key),
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


def _signed_lines(runtime: Runtime, survey: str) -> list[str]:
    base, keys, home = (
        runtime.settings.of(HttpSettings).public_url,
        runtime.signing_keys,
        runtime.home,
    )
    until = (runtime.clock() + timedelta(days=LINK_DAYS)).replace(microsecond=0)
    return [
        f"  {name:10} {make(base, keys, workspace_id=home, survey=survey, expires_at=until)}"
        for name, make in (
            ("Results", results_url),
            ("CSV", export_url),
            ("E-mail", mail_preview_url),
        )
    ]


def _grouped(code: str) -> str:
    """As it is read out and typed."""
    return f"{code[:4]} {code[4:]}"

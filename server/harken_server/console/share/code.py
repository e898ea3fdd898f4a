"""`/share/{survey}/code`: the line that an application runs, with a key of its own."""

from __future__ import annotations

from harken_server.console.share.ways import FOLDER
from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.responses.seen import signal_on
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.api import make_key
from harken_server.workspaces.signed_in import Visit, act, page
from harken_server.workspaces.store import audit

PATH = SURVEY + "/code"
KEY_SHOWN = "hk_…"
"""Stands for a key that is not told."""


@page(PATH, right="edit")
async def show_code(visit: Visit, survey: str) -> Shown:
    """What to paste into an application."""
    return await _show(await open_shared(visit, survey))


@act(PATH + "/key", "create_key", right="manage")
async def make_write_key(visit: Visit, survey: str) -> Shown:
    """A key that may trigger and send answers; its text is in this answer alone."""
    shared = await open_shared(visit, survey)
    name = f"Application, {shared.key}"[:120]
    key, secret = await make_key(visit.runtime, visit.workspace_id, name, ("write",))
    async with visit.db.transaction() as tx:
        await audit.write(tx, visit.act("create_key"), str(key.id), scopes=list(key.scopes))
    return await _show(shared, secret)


async def _show(shared: Shared, secret: str = "") -> Shown:
    visit = shared.visit
    touchpoints = await list_touchpoints(visit.db, visit.workspace_id)
    asking = [each.key for each in touchpoints if each.survey == shared.key]
    url = visit.runtime.settings.of(HttpSettings).public_url.rstrip("/")
    touchpoint = asking[0] if asking else ""
    return visit.render(
        FOLDER, "code.html", title="From your software", crumbs=shared.crumbs, shared=shared,
        signal=await signal_on(shared, "api"), secret=secret, touchpoint=touchpoint,
        python=_python(url, secret or KEY_SHOWN, touchpoint),
        curl=_curl(url, secret or KEY_SHOWN, touchpoint), url=url,
    )  # fmt: skip


def _python(url: str, key: str, touchpoint: str) -> str:
    return (
        f'import harken\n\nclient = harken.Client("{url}", "{key}")\n'
        f'client.trigger("{touchpoint}", respondent="customer-42", email="ada@example.com")\n'
    )


def _curl(url: str, key: str, touchpoint: str) -> str:
    return (
        f"curl {url}/v1/triggers \\\n"
        f'  -H "Authorization: Bearer {key}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"""  -d '{{"touchpoint": "{touchpoint}", "respondent": "customer-42"}}'\n"""
    )

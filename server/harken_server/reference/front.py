"""`/`: the name and the way in, and nothing else that tells about the installation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeAlias

from harken_server.design.pages import POLICY, render
from harken_server.http.declared import Arrival
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Document, page, reply_of
from harken_server.http.runtime import Runtime
from harken_server.invitations import store
from harken_server.invitations.links import RESULTS, address_again
from harken_server.surveys.catalog import Catalog, LoadedSurvey, url_of_survey
from harken_server.surveys.store.surveys import list_surveys
from harken_server.surveys.titles import title_of
from harken_server.workspaces.store.workspaces import get_workspace
from harken_server.workspaces.workspace import Workspace

FOLDER = Path(__file__).parent / "templates"
MOST_LINKS = 20
"""Newest links to a survey's results that are looked at for one that works."""
Groups: TypeAlias = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Links by the heading above them: what each says, and where it leads."""
BESIDES = (
    ("Widget playground", "/widget/playground"),
    ("Kiosk", "/kiosk"),
    ("API reference", "/docs"),
    ("Style guide", "/design"),
)


@page("/", headers={"cache-control": "public, max-age=3600"})
async def front_page(arrival: Arrival) -> Document | Reply:
    """Whoever comes without an address; in the demo they see what there is to try."""
    if not arrival.runtime.is_demo:
        return render_front_page()
    return reply_of(render_front_page(await _sample(arrival.runtime)), PRIVATE)


@cache
def render_front_page(sample: Groups = ()) -> Document:
    """The page."""
    return Document(render(FOLDER, "front.html", sample=sample).encode(), POLICY, locale="en")


async def _sample(runtime: Runtime) -> Groups:
    """Surveys of the sample that can be answered, their results, and the rest."""
    home = await get_workspace(runtime.db, runtime.home)
    if home is None:
        return ()
    records = await list_surveys(runtime.db, home.id)
    live = [await runtime.of(Catalog).load(home, each) for each in records if each.status == "live"]
    answered = [
        (title_of(each.survey), url_of_survey(runtime, home, each.record.key)) for each in live
    ]
    results = [
        (title_of(each.survey), url)
        for each in live
        if (url := await _results(runtime, home, each))
    ]
    groups = (("Answer a survey", tuple(answered)), ("See its results", tuple(results)))
    return (*(each for each in groups if each[1]), ("And more", BESIDES))


async def _results(runtime: Runtime, home: Workspace, loaded: LoadedSurvey) -> str:
    """A link to its results that was handed out and works; empty when there is none."""
    kinds = (RESULTS.kind,)
    kept = await store.list_links_to(
        runtime.db, home.id, loaded.record.key, kinds, limit=MOST_LINKS
    )
    for each in kept:
        if each.revoked_at is None and each.expires_at > runtime.clock():
            return await address_again(runtime, RESULTS, each, home)
    return ""

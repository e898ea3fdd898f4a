"""What helps where nobody, or one person, has answered yet: link, QR and tag."""

from __future__ import annotations

import base64
from typing import NamedTuple
from urllib.parse import quote

from harken_server.channels.widget.snippets import Choices, script_address
from harken_server.design.markup import xml_text
from harken_server.http.settings import HttpSettings
from harken_server.insights.page.view import ResultsView
from harken_server.insights.store.people_sql import has_more
from harken_server.qr.pictures import qr_svg
from harken_server.surveys.catalog import LoadedSurvey, slug_in_links, survey_url
from harken_server.workspaces.page_keys import list_page_keys
from harken_server.workspaces.signed_in import Visit

FEW = 1


class Sharing(NamedTuple):
    """How to ask the first people."""

    answers: int
    url: str
    picture: str
    """Of its QR, as an address that holds it."""
    snippet: str
    """A tag for a site; empty where there is no key for pages yet."""
    href: str
    """More ways; empty for whoever may not share."""


async def sharing_of(visit: Visit, loaded: LoadedSurvey, view: ResultsView) -> Sharing | None:
    """None where more people have answered, at whatever time, or nobody can."""
    shown = 0 if view.people is None else view.people.responses
    if view.people is None or shown > FEW or view.status != "live" or visit.reach is not None:
        return None
    if await has_more(visit.db, visit.workspace_id, loaded.record.id, most=FEW):
        return None
    settings, key = visit.runtime.settings.of(HttpSettings), loaded.record.key
    slug = slug_in_links(visit.runtime, visit.workspace)
    short = survey_url(settings.short_url, key, workspace=slug)
    keys = await list_page_keys(visit.runtime, visit.workspace_id)
    server, snippet = settings.public_url.rstrip("/"), ""
    if keys:
        address = script_address(server, Choices(key=keys[0].text, survey=key))
        snippet = f'<script async src="{xml_text(address)}"></script>'
    return Sharing(
        answers=shown,
        url=survey_url(settings.public_url, key, workspace=slug),
        picture=f"data:image/svg+xml;base64,{base64.b64encode(qr_svg(short)).decode()}",
        snippet=snippet,
        href=visit.path(f"/share/{quote(key)}") if visit.may("edit") else "",
    )

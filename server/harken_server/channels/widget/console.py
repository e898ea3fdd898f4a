"""`/share/{survey}/widget`: the tag for a web site, with the key that stands in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from harken_server.channels.widget.opening_versions import publish_opening
from harken_server.channels.widget.openings import (
    USUAL,
    WAYS,
    Wish,
    events_of,
    is_left_to_site,
    tell_limits,
    tell_openings,
    visitors_of,
)
from harken_server.channels.widget.snippets import (
    Choices,
    Served,
    Snippet,
    event_snippet,
    snippets_for,
)
from harken_server.channels.widget.state import WidgetState
from harken_server.http.bodies import with_choices
from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError
from harken_server.responses.seen import signal_on
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.surveys.survey import Survey
from harken_server.workspaces.page_keys import PageKey, list_page_keys, make_page_key
from harken_server.workspaces.rules.origins import MAX_ORIGINS
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"
PATH = SURVEY + "/widget"
MODES = (
    ("", "As the survey says"),
    ("popover", "Popover in a corner"),
    ("modal", "Dialog in the middle"),
    ("sheet", "Sheet from below"),
    ("slide_in", "Slides in from the side"),
    ("tab", "Tab at the edge"),
    ("inline", "In the page, where you put it"),
)
POSITIONS = (
    ("", "As the survey says"),
    ("bottom_right", "Bottom right"),
    ("bottom_left", "Bottom left"),
    ("top_right", "Top right"),
    ("top_left", "Top left"),
)
_FIRST = 1
"""Snippets shown at once; the others are folded."""


@page(PATH, right="edit")
async def show_widget(visit: Visit, survey: str) -> Shown:
    """The tag, or the form that makes its key."""
    return await _show(await open_shared(visit, survey))


@act(PATH + "/key", "create_page_key", right="edit")
async def make_widget_key(visit: Visit, form: Form, survey: str) -> Shown:
    """A public key for the sites that are named."""
    shared = await open_shared(visit, survey)
    text = form.text("origins")
    try:
        made = await make_page_key(visit.runtime, visit.workspace_id, "Web sites", text.split())
    except InvalidInputError as error:
        return await _show(shared, origins=text, problems=[one.message for one in error.problems])
    visit.note(key=str(made.key.id), origins=list(made.key.origins))
    return visit.to(shared.path("/widget"), said="The key is made. Paste the tag.")


@act(PATH + "/opening", "set_survey_opening", right="edit")
async def set_opening(visit: Visit, form: Form, survey: str) -> Shown:
    """Publish the survey with another way to open; all else of it stays."""
    shared = await open_shared(visit, survey)
    wish = Wish(form.text("way"), form.text("detail"), form.text("visitors"))
    outcome = await publish_opening(shared, wish)
    if outcome.survey is None or outcome.pushed is None:
        return await _show(shared, wish=wish, refused=outcome.refused)
    visit.runtime.of(Catalog).forget()
    visit.runtime.of(WidgetState).forget()
    visit.note(version=outcome.pushed.version, change=outcome.pushed.change)
    return visit.to(shared.path("/widget"), said=tell_openings(outcome.survey))


async def _show(
    shared: Shared,
    origins: str = "",
    problems: list[str] | None = None,
    wish: Wish | None = None,
    refused: Mapping[str, str] | None = None,
) -> Shown:
    visit, survey = shared.visit, shared.loaded.survey
    keys = await list_page_keys(visit.runtime, visit.workspace_id)
    chosen = _choices(shared, keys)
    tagged = _with_place(survey, chosen)
    snippets = snippets_for(_served(shared), tagged, shared.key) if chosen.key else ()
    return visit.render(
        FOLDER, "share_widget.html", title="On your web site",
        status=422 if problems or refused else 200,
        crumbs=shared.crumbs, shared=shared, signal=await signal_on(shared, "widget"),
        keys=[_named(each) for each in keys], chosen=chosen, origins=origins,
        problem=" ".join(problems or ()), most=MAX_ORIGINS, modes=MODES, positions=POSITIONS,
        first=snippets[:_FIRST], more=_useful(snippets[_FIRST:]), playground=_playground(chosen),
        is_placed=tagged.mode == "inline", opens=tell_openings(survey), limits=tell_limits(survey),
        is_left_to_site=is_left_to_site(survey), usual=USUAL, ways=WAYS,
        events=[event_snippet(*each) for each in events_of(survey)],
        wish=wish or Wish(visitors=visitors_of(survey.widget)),
        refused=defaultdict(str, refused or {}),
    )  # fmt: skip


def _choices(shared: Shared, keys: list[PageKey]) -> Choices:
    """What the address chooses, with a key that is there; the newest unless it says which."""
    said = shared.visit.said()
    given = [(name, said[name]) for name in ("mode", "position") if said.get(name)]
    chosen = with_choices(Choices(survey=shared.key), given)
    wanted = said.get("key", "")
    texts = [each.text for each in keys]
    found = next(
        (each.text for each in keys if str(each.key.id) == wanted), texts[0] if texts else ""
    )
    return msgspec.structs.replace(chosen, key=found)


def _with_place(survey: Survey, chosen: Choices) -> Choices:
    """The tag of a survey that stands in the page brings the place along: pages have none yet."""
    is_placed = survey.widget is not None and survey.widget.mode == "inline"
    return (
        msgspec.structs.replace(chosen, mode="inline") if is_placed and not chosen.mode else chosen
    )


def _named(page_key: PageKey) -> tuple[str, str]:
    key = page_key.key
    where = ", ".join(key.origins) or "any site"
    return str(key.id), f"{key.prefix}… for {where}"


def _served(shared: Shared) -> Served:
    runtime = shared.visit.runtime
    files = runtime.of(WidgetState).files
    return Served(
        url=runtime.settings.of(HttpSettings).public_url.rstrip("/"),
        whole=files.whole,
        integrity=files.integrity[files.whole],
        has_logo=bool(shared.loaded.survey.presentation.theme.logo),
    )


def _useful(snippets: tuple[Snippet, ...]) -> list[Snippet]:
    """Those for marketers first: a tag manager, an element, then what developers want."""
    order = {"gtm": 0, "element": 1}
    return sorted(snippets, key=lambda one: order.get(one.id, 2))


def _playground(chosen: Choices) -> str:
    said = {"key": chosen.key, **chosen.options()}
    said.pop("element", None)
    return f"/widget/playground?{urlencode(said)}"

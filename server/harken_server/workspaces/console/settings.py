"""Settings of a workspace: its name, what it counts by, its own channels; what the server sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import msgspec

from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError
from harken_server.kernel.settings import options_of
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.api.keys import (
    ChannelsBody,
    DimensionBody,
    DimensionsBody,
    count_by,
    name_channels,
)
from harken_server.workspaces.api.timezone import TimezoneBody, keep_timezone
from harken_server.workspaces.field_errors import Errors, check_line, errors_of
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.signed_in import Form, Visit, act, page
from harken_server.workspaces.store import dimensions, workspaces
from harken_server.workspaces.workspace import Dimension, DimensionSource

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = FOLDER
"""Where pages of other slices find `settings_tabs.html`."""
MAX_NAME = 120
SOURCES: tuple[DimensionSource, ...] = ("context", "trait")
SHOWN = ("public_url", "short_url", "host", "port", "trusted_proxies", "rate_limit")
"""Options of the server that its owners may want to know; none is a secret."""


def tabs_of(visit: Visit) -> list[tuple[str, str]]:
    """The pages of the settings."""
    pages = (("Workspace", ""), ("Asking", "/asking"), ("Mail", "/mail"), ("Kiosks", "/kiosks"))
    return [(label, visit.path(f"/settings{path}")) for label, path in pages]


@page("/settings", right="manage")
async def show_settings(visit: Visit) -> Shown:
    """The workspace as it is."""
    return await _page(visit, {}, {})


@act("/settings/name", "rename_workspace", right="manage")
async def rename_workspace(visit: Visit, form: Form) -> Shown:
    """Call the workspace otherwise; addresses stay."""
    name, errors = form.text("name"), Errors()
    check_line(errors, "name", "Name", name, MAX_NAME)
    if errors:
        return await _page(visit, errors, {"name": name})
    await workspaces.rename_workspace(visit.db, visit.workspace_id, name)
    visit.runtime.of(WorkspaceCatalog).forget()
    visit.note(name=name, was=visit.workspace.name)
    return visit.to("/settings", said="The workspace was renamed.")


@act("/settings/timezone", "put_timezone", right="manage")
async def set_timezone(visit: Visit, form: Form) -> Shown:
    """Count days by another zone from now on."""
    name = form.text("timezone").strip()
    try:
        await keep_timezone(visit, TimezoneBody(name))
    except InvalidInputError as error:
        return await _page(visit, errors_of(error, "timezone"), {"timezone": name})
    return visit.to("/settings", said=f"Days are counted by {name} from now on.")


@act("/settings/dimensions", "put_dimensions", right="manage")
async def set_dimensions(visit: Visit, form: Form) -> Shown:
    """Declare all dimensions, one a line; those that have shares keep them."""
    text = form.text("dimensions")
    wanted, errors = read_dimensions(text)
    if not errors:
        try:
            kept = {one.name: dict(one.shares) for one in visit.workspace.dimensions}
            shared = (msgspec.structs.replace(w, shares=kept.get(w.name, {})) for w in wanted)
            await count_by(visit, DimensionsBody(tuple(shared)))
        except InvalidInputError as error:
            errors = {"dimensions": " ".join(errors_of(error, "dimensions").values())}
    if errors:
        return await _page(visit, errors, {"dimensions": text})
    return visit.to("/settings", said="Dimensions were saved. Earlier answers are being filled in.")


@act("/settings/channels", "put_channels", right="manage")
async def set_channels(visit: Visit, form: Form) -> Shown:
    """Declare all channels of the workspace's own, one a line."""
    text = form.text("channels")
    try:
        await name_channels(visit, ChannelsBody(tuple(text.split())))
    except InvalidInputError as error:
        said = " ".join(errors_of(error, "channels").values())
        return await _page(visit, {"channels": said}, {"channels": text})
    return visit.to("/settings", said="Channels were saved.")


def read_dimensions(text: str) -> tuple[tuple[DimensionBody, ...], Errors]:
    """Lines such as `store`, `region = context.area` and `plan = trait.plan_name`.

    >>> read_dimensions("store\\nplan = trait.tier")[0][1]
    DimensionBody(name='plan', source='trait', key='tier', shares={})
    """
    found: list[DimensionBody] = []
    for line in filter(str.strip, text.splitlines()):
        name, is_told, source = (part.strip() for part in line.partition("="))
        kind, _, key = source.partition(".")
        if is_told and (kind not in SOURCES or not key):
            return (), {
                "dimensions": f"“{line.strip()}” must be a name alone, or “name = context.value”, "
                "or “name = trait.value”."
            }
        shape = (cast("DimensionSource", kind), key) if is_told else ("context", name)
        found.append(DimensionBody(name, *shape))
    return tuple(found), {}


async def _page(visit: Visit, errors: Errors, typed: dict[str, str]) -> Shown:
    declared = await dimensions.get_declaration(visit.db, visit.workspace_id)
    own = await workspaces.declared_channels(visit.db, visit.workspace_id)
    values = {
        "name": visit.workspace.name,
        "dimensions": "\n".join(_line(each) for each in declared.declared),
        "channels": "\n".join(own),
        "timezone": visit.workspace.timezone,
        **typed,
    }
    return visit.render(
        FOLDER, "settings.html", title="Settings", tabs=tabs_of(visit), values=values,
        errors=errors, is_filling=bool(declared.filling), status=422 if errors else 200,
        built_in=visit.runtime.of(ChannelNames).built_in, options=_options(visit),
    )  # fmt: skip


def _options(visit: Visit) -> list[tuple[str, Any, str]]:
    settings = visit.runtime.settings.of(HttpSettings)
    return [
        (option.name, getattr(settings, option.field), option.meaning)
        for option in options_of(HttpSettings)
        if option.field in SHOWN and not option.is_secret
    ]


def _line(one: Dimension) -> str:
    is_plain = one.source == "context" and one.key == one.name
    return one.name if is_plain else f"{one.name} = {one.source}.{one.key}"

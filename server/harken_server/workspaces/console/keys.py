"""API keys: what each may do, a new one shown once, and how one is ended."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, cast

from harken_server.http.operations import Scope
from harken_server.http.pages import Shown
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import InvalidInputError
from harken_server.kernel.shown_text import hidden_character
from harken_server.workspaces.access import write_down
from harken_server.workspaces.api.keys import KEY, KeyBody, KeyItem, add_key, end_key
from harken_server.workspaces.console.words import SCOPES
from harken_server.workspaces.field_errors import Errors, check_line, errors_of
from harken_server.workspaces.rules.origins import MAX_ORIGIN_CHARS, MAX_ORIGINS
from harken_server.workspaces.signed_in import Form, Visit, act, page
from harken_server.workspaces.store import keys

FOLDER = Path(__file__).parent / "templates"
MAX_NAME = 120
CRUMBS = (("Keys", "/keys"),)


class Shape(NamedTuple):
    """What the form of a new key holds."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    origins: str = ""


@page("/keys", right="manage")
async def show_keys(visit: Visit) -> Shown:
    """All keys, the newest first; revoked ones last."""
    found = await keys.list_keys(visit.db, visit.workspace_id)
    found.sort(key=lambda key: (key.revoked_at is None, key.created_at), reverse=True)
    return visit.render(
        FOLDER, "keys.html", title="Keys", keys=found, scopes=SCOPES,
    )  # fmt: skip


@page("/keys/new", right="manage", is_confirmed=True)
async def show_new_key(visit: Visit) -> Shown:
    """The form of a new key."""
    return _form(visit, Shape(), {})


@act("/keys/new", "create_key", right="manage", is_confirmed=True)
async def create_key(visit: Visit, form: Form) -> Shown:
    """Make a key and show it: it is not kept, and not shown again."""
    shape = Shape(form.text("name"), tuple(form.all("scopes")), form.text("origins"))
    body, errors = _read(shape)
    if body is None:
        return _form(visit, shape, errors)
    try:
        item = await add_key(visit, body)
    except InvalidInputError as error:
        return _form(visit, shape, errors_of(error, "name", "scopes", "origins"))
    await write_down(visit, "create_key", str(item.id))
    return _made(visit, item)


@act("/keys/{key_id:str}/revoke", "revoke_key", right="manage")
async def revoke(visit: Visit, key_id: str) -> Shown:
    """End a key for good."""
    await end_key(visit, KEY.id_of(key_id))
    return visit.to("/keys", said="The key was revoked. What uses it is refused from now on.")


def _read(shape: Shape) -> tuple[KeyBody | None, Errors]:
    errors: Errors = {}
    check_line(errors, "name", "Name", shape.name, MAX_NAME)
    if not shape.scopes or not {*shape.scopes} <= SCOPES.keys():
        errors["scopes"] = "Choose at least one: what the key may do."
    origins = tuple(shape.origins.split())
    if len(origins) > MAX_ORIGINS or any(len(each) > MAX_ORIGIN_CHARS for each in origins):
        errors["origins"] = (
            f"Sites: at most {MAX_ORIGINS}, each of at most {MAX_ORIGIN_CHARS} characters."
        )
    elif hidden := hidden_character(shape.origins, is_line=False):
        errors["origins"] = f"Sites must not hold {hidden}, which cannot be seen."
    if errors:
        return None, errors
    return KeyBody(shape.name, cast("tuple[Scope, ...]", shape.scopes), origins), {}


def _form(visit: Visit, shape: Shape, errors: Errors) -> Shown:
    return visit.render(
        FOLDER, "new_key.html", title="New key", status=422 if errors else 200, shape=shape,
        errors=errors, scopes=SCOPES, crumbs=_crumbs(visit),
    )  # fmt: skip


def _made(visit: Visit, item: KeyItem) -> Shown:
    url = visit.runtime.settings.of(HttpSettings).public_url
    site = f'<script async src="{url}/widget/v1.js?key={item.key}"></script>'
    python = (
        "import harken\n\n"
        f'client = harken.Client("{url}", api_key="{item.key}")\n'
        "print(client.surveys.list())"
    )
    curl = f'curl "{url}/v1/surveys" -H "Authorization: Bearer {item.key}"'
    return visit.render(
        FOLDER, "made_key.html", title=f"Key {item.name}", item=item, site=site, python=python,
        curl=curl, crumbs=_crumbs(visit),
    )  # fmt: skip


def _crumbs(visit: Visit) -> tuple[tuple[str, str], ...]:
    return tuple((label, visit.path(path)) for label, path in CRUMBS)

"""Workspaces: another one is made by an owner, who owns it then, and one has a name."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from harken_server.http.pages import Shown
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.field_errors import Errors, check_line
from harken_server.workspaces.people.account import Membership
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.people.visit import go_to
from harken_server.workspaces.signed_in import Form, Visit, act, page
from harken_server.workspaces.store import audit, workspaces

FOLDER = Path(__file__).parent / "templates"
MAX_NAME = 120
SLUG = re.compile(r"[a-z][a-z0-9_-]{0,31}")
"""As it stands in addresses."""


@page("/workspaces/new", right="manage")
async def show_new_workspace(visit: Visit) -> Shown:
    """The form of another workspace."""
    return _form(visit, "", "", {})


@act("/workspaces/new", "create_workspace", right="manage")
async def create_workspace(visit: Visit, form: Form) -> Shown:
    """Make it; who made it owns it."""
    name, slug = form.text("name"), form.text("slug").lower()
    errors: Errors = {}
    check_line(errors, "name", "Name", name, MAX_NAME)
    if not SLUG.fullmatch(slug):
        errors["slug"] = (
            "Short name must begin with a letter and have 1 to 32 small letters, digits, - or _."
        )
    if errors:
        return _form(visit, name, slug, errors)
    try:
        await _make(visit, name, slug)
    except ConflictError:
        return _form(visit, name, slug, {"slug": f"Short name “{slug}” is taken: choose another."})
    visit.note(slug=slug, name=name)
    return go_to(f"/console/{slug}")


async def _make(visit: Visit, name: str, slug: str) -> None:
    """The workspace, its owner, and its first entry in its own audit log."""
    now, new_id = visit.now(), visit.runtime.new_id()
    async with visit.db.transaction() as tx:
        await workspaces.add_workspace(tx, new_id, slug, name, now)
        member = Membership(
            workspace_id=new_id, account_id=visit.account.id, role="owner", created_at=now
        )
        await accounts.put_membership(tx, member)
        made_by = visit.act_of("create_workspace")
        there = msgspec.structs.replace(made_by, workspace_id=new_id)
        await audit.write(tx, there, slug, name=name)


def _form(visit: Visit, name: str, slug: str, errors: Errors) -> Shown:
    return visit.render(
        FOLDER, "new_workspace.html", title="New workspace", called=name, slug=slug, errors=errors,
        status=422 if errors else 200, crumbs=(("Settings", visit.path("/settings")),),
    )  # fmt: skip

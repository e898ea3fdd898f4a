"""People of the workspace: who they are, what each may do, and how one leaves."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harken_server.database.database import Transaction
from harken_server.http.pages import Shown
from harken_server.http.problems import ForbiddenError
from harken_server.http.resources import Resource
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.access import begin, write_down
from harken_server.workspaces.api.keys import DimensionBody, DimensionsBody, count_by
from harken_server.workspaces.field_errors import Errors
from harken_server.workspaces.people.account import Account, Membership
from harken_server.workspaces.people.choices import Choices
from harken_server.workspaces.people.invites import list_invitations
from harken_server.workspaces.people.resetting import make_reset_link
from harken_server.workspaces.people.rules import Reach, Role
from harken_server.workspaces.people.store import accounts, members, sessions
from harken_server.workspaces.rules.dimensions import MAX_DIMENSIONS, STORE
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parent / "templates"
MEMBER = Resource("member", "member_unknown")
ROLES: dict[Role, tuple[str, str]] = {
    "owner": ("Owner", "Everything, also people, keys and settings."),
    "editor": ("Editor", "Surveys and where they are shared; reads answers."),
    "analyst": ("Analyst", "Reads answers, comments and exports; changes nothing."),
    "viewer": ("Viewer", "Sees surveys and scores; no single answer."),
    "frontline": ("Front line", "Reads what their own stores or touchpoints are told."),
}
"""What each role is called, and what it may do."""


@page("/people", right="manage")
async def show_people(visit: Visit) -> Shown:
    """Everybody who may do something here."""
    found = await members.list_members(visit.db, visit.workspace_id)
    seen = await members.last_seen(visit.db, [account.id for account, _ in found])
    return visit.render(
        FOLDER, "people.html", title="People", found=found, seen=seen, roles=ROLES,
        invited=await list_invitations(visit),
    )  # fmt: skip


@page("/people/{account_id:str}", right="manage", is_confirmed=True)
async def show_member(visit: Visit, account_id: str) -> Shown:
    """One person: what they may do, and the ways to end it."""
    account, member = await find_member(visit, account_id)
    return await _member_page(visit, account, member, {})


@act("/people/{account_id:str}/role", "change_member", right="manage", is_confirmed=True)
async def change_member(visit: Visit, account_id: str, form: Form) -> Shown:
    """Give somebody another role, or other stores and touchpoints."""
    account, member = await find_member(visit, account_id)
    role, reach, errors = await read_role(visit, form)
    wished = msgspec.structs.replace(
        member, role=role, stores=reach.stores, touchpoints=reach.touchpoints
    )
    if errors:
        return await _member_page(visit, account, wished, errors)
    async with visit.db.transaction() as tx:
        await members.lock_members(tx, visit.workspace_id)
        current = await accounts.get_membership(tx, visit.workspace_id, account.id)
        await _require_another_owner(
            visit, tx, MEMBER.found(current, account_id), is_owner=role == "owner"
        )
        await accounts.put_membership(tx, wished)
    visit.note(email=account.email, role=role, was=member.role, **reach._asdict())
    begun = await count_by_store(visit, reach)
    return visit.to(
        "/people", said=f"{account.email} is {ROLES[role][0].lower()} now. {begun}".strip()
    )


@act("/people/{account_id:str}/remove", "remove_member", right="manage", is_confirmed=True)
async def remove_member(visit: Visit, account_id: str) -> Shown:
    """Take somebody out of the workspace; their account and other workspaces stay."""
    account, _ = await find_member(visit, account_id)
    async with visit.db.transaction() as tx:
        await members.lock_members(tx, visit.workspace_id)
        current = await accounts.get_membership(tx, visit.workspace_id, account.id)
        await _require_another_owner(visit, tx, MEMBER.found(current, account_id), is_owner=False)
        await members.remove_member(tx, visit.workspace_id, account.id)
    visit.note(email=account.email)
    return visit.to("/people", said=f"{account.email} is no longer in this workspace.")


@act("/people/{account_id:str}/sign-out", "end_member_sessions", right="manage", is_confirmed=True)
async def end_member_sessions(visit: Visit, account_id: str) -> Shown:
    """Sign somebody out of every browser."""
    account, _ = await find_member(visit, account_id)
    await require_own(visit, account)
    ended = await sessions.end_others(visit.db, account.id, "", visit.now())
    visit.note(email=account.email, sessions=ended)
    return visit.to("/people", said=f"{account.email} was signed out everywhere.")


@act("/people/{account_id:str}/reset", "reset_member", right="manage", is_confirmed=True)
async def reset_member(visit: Visit, account_id: str) -> Shown:
    """Make a link by which somebody chooses a new password; it is shown once."""
    account, _ = await find_member(visit, account_id)
    await require_own(visit, account)
    url = await make_reset_link(visit.runtime, account)
    visit.note(email=account.email)
    await write_down(visit, "reset_member", account_id)
    return show_link(visit, f"New password for {account.email}", url, "within an hour")


def show_link(visit: Visit, title: str, url: str, until: str, begun: str = "") -> Shown:
    """A link to hand on, which is told here only; and what was begun with it."""
    return visit.render(
        FOLDER, "house_link.html", title=title, url=url, until=until, begun=begun,
        crumbs=(("People", visit.path("/people")),),
    )  # fmt: skip


async def find_member(visit: Visit, account_id: str) -> tuple[Account, Membership]:
    """Somebody of this workspace. Raises NotFoundError (`member_unknown`)."""
    id_ = MEMBER.id_of(account_id)
    found = await accounts.get_membership(visit.db, visit.workspace_id, id_)
    account = await accounts.get_account(visit.db, id_)
    return MEMBER.found(account, account_id), MEMBER.found(found, account_id)


async def require_own(visit: Visit, account: Account) -> None:
    """Raise ForbiddenError for somebody who is in a workspace that the visitor does not own.

    An account is one for all workspaces: who could reset its password here would be in there.
    """
    owned = {one.id for one, member in visit.memberships if member.role == "owner"}
    theirs = await accounts.workspaces_of(visit.db, account.id)
    if any(workspace.id not in owned for workspace, _ in theirs):
        raise ForbiddenError(
            f"{account.email} is in another workspace too, which you do not own: only they, or "
            "whoever runs the server, can do this.",
            code="member_elsewhere",
        )


async def read_role(visit: Visit, form: Form) -> tuple[Role, Reach, Errors]:
    """The role and what somebody on the front line sees, of what exists here."""
    errors: Errors = {}
    role = _role_of(form.text("role"))
    if role is None:
        return "viewer", Reach(), {"role": "Choose a role."}
    if role != "frontline":
        return role, Reach(), errors
    stores, touchpoints = await list_choices(visit)
    reach = Reach(_among(form.all("stores"), stores), _among(form.all("touchpoints"), touchpoints))
    declared = [one.name for one in visit.workspace.dimensions]
    if reach.stores and STORE not in declared and len(declared) >= MAX_DIMENSIONS:
        errors["stores"] = (
            f"Answers are not counted by store, and {MAX_DIMENSIONS} dimensions are the most: take "
            "one away in the settings first."
        )
    if not any(reach):
        errors["stores"] = "Choose at least one store or touchpoint: without one they see nothing."
    return role, reach, errors


async def count_by_store(visit: Visit, reach: Reach) -> str:
    """Have answers counted by store when somebody is given one: else they would be shown nothing.

    What to say of it; empty when they are counted so already. It has an entry of its own.
    """
    declared = [
        DimensionBody(one.name, one.source, one.key, dict(one.shares))
        for one in visit.workspace.dimensions
    ]
    if not reach.stores or any(one.name == STORE for one in declared):
        return ""
    apart = begin(msgspec.structs.replace(visit, acts=[], noted={}), "put_dimensions", "")
    await count_by(apart, DimensionsBody((*declared, DimensionBody(STORE, "context", STORE))))
    await write_down(apart, "put_dimensions", "")
    return "Answers are counted by store from now on; earlier ones are being filled in."


def _role_of(text: str) -> Role | None:
    return next((role for role in ROLES if role == text), None)


async def list_choices(visit: Visit) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The stores and the touchpoints of the workspace."""
    choices = visit.runtime.of(Choices)
    return (
        await choices.stores(visit.db, visit.workspace_id),
        await choices.touchpoints(visit.db, visit.workspace_id),
    )


def _among(sent: list[str], known: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(value for value, _ in known if value in sent)


async def _require_another_owner(
    visit: Visit, tx: Transaction, member: Membership, *, is_owner: bool
) -> None:
    is_last = member.role == "owner" and await members.count_owners(tx, visit.workspace_id) == 1
    if is_last and not is_owner:
        raise ConflictError(
            "This is the workspace's only owner: make somebody else an owner first.",
            code="last_owner",
        )


async def _member_page(visit: Visit, account: Account, member: Membership, errors: Errors) -> Shown:
    stores, touchpoints = await list_choices(visit)
    seen = await members.last_seen(visit.db, [account.id])
    return visit.render(
        FOLDER, "member.html", title=account.name or account.email, account=account,
        member=member, errors=errors, roles=ROLES, stores=stores, touchpoints=touchpoints,
        seen=seen.get(account.id),
        status=422 if errors else 200, crumbs=(("People", visit.path("/people")),),
    )  # fmt: skip

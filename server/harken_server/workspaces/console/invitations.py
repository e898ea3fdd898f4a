"""Inviting somebody: a link that is shown once, to hand on; and taking one back."""

from __future__ import annotations

from harken_server.http.pages import Shown
from harken_server.http.resources import Resource
from harken_server.kernel.errors import InvalidInputError
from harken_server.workspaces.console.people import (
    FOLDER,
    ROLES,
    count_by_store,
    list_choices,
    read_role,
    show_link,
)
from harken_server.workspaces.field_errors import Errors, errors_of
from harken_server.workspaces.people.invites import make_invitation, revoke_invitation
from harken_server.workspaces.people.rules import Reach, Role
from harken_server.workspaces.signed_in import Form, Visit, act, page

INVITATION = Resource("invitation", "house_link_unknown")


@page("/people/invite", right="manage", is_confirmed=True)
async def show_invite(visit: Visit) -> Shown:
    """The form of an invitation."""
    return await _form(visit, "", "viewer", Reach(), {})


@act("/people/invite", "invite_person", right="manage", is_confirmed=True)
async def invite(visit: Visit, form: Form) -> Shown:
    """Make the link and show it; that it was made is written down with it."""
    email = form.text("email")
    role, reach, errors = await read_role(visit, form)
    if errors:
        return await _form(visit, email, role, reach, errors)
    try:
        url = await make_invitation(visit, email, role, reach.stores, reach.touchpoints)
    except InvalidInputError as error:
        return await _form(visit, email, role, reach, errors_of(error, "email", "role", "stores"))
    begun = await count_by_store(visit, reach)
    return show_link(visit, f"Invitation for {email}", url, "within seven days", begun)


@act("/people/invited/{link_id:str}/revoke", "revoke_person_invitation", right="manage")
async def revoke(visit: Visit, link_id: str) -> Shown:
    """Nobody joins by it any more."""
    await revoke_invitation(visit, INVITATION.id_of(link_id))
    return visit.to("/people", said="The invitation was taken back.")


async def _form(visit: Visit, email: str, role: Role, reach: Reach, errors: Errors) -> Shown:
    stores, touchpoints = await list_choices(visit)
    return visit.render(
        FOLDER, "invite.html", title="Invite somebody", email=email, role=role, roles=ROLES,
        chosen_stores=reach.stores, chosen_touchpoints=reach.touchpoints, stores=stores,
        touchpoints=touchpoints, errors=errors, status=422 if errors else 200,
        crumbs=(("People", visit.path("/people")),),
    )  # fmt: skip

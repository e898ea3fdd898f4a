"""Coming in for the first time: `/set-up/{token}` for the first owner, `/join/{token}`."""

from __future__ import annotations

from urllib.parse import quote

from harken_server.http.declared import Arrival
from harken_server.http.pages import Document, Shown
from harken_server.http.problems import status_of
from harken_server.kernel.errors import ConflictError, HarkenError, InvalidInputError
from harken_server.workspaces.people import new_people
from harken_server.workspaces.people.account import HouseLink
from harken_server.workspaces.people.addresses import same_address
from harken_server.workspaces.people.new_people import Typed
from harken_server.workspaces.people.plain_pages import errors_of, plain, plain_act, plain_page
from harken_server.workspaces.people.sent_forms import Form, require_token
from harken_server.workspaces.people.signed_on import SignedOn, sign_on, who_is_signed_on
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.people.visit import SIGN_IN, go_to, name_of
from harken_server.workspaces.store.workspaces import get_workspace


@plain_page("/set-up/{token:str}")
async def show_set_up(at: Arrival, token: str) -> Shown:
    """The form for the first owner."""
    await new_people.find_setup(at.runtime, token)
    home = await get_workspace(at.runtime.db, at.runtime.home)
    return _set_up_form(token, {"workspace": home.name if home else ""})


@plain_act("/set-up/{token:str}")
async def set_up(at: Arrival, form: Form, token: str) -> Shown:
    """Make the first owner, who is signed in with that."""
    await new_people.find_setup(at.runtime, token)
    values = {name: form.text(name) for name in ("name", "email", "workspace")}
    try:
        typed = Typed(values["name"], same_address(values["email"]), form.exact("password"))
        account = await new_people.set_up(at.runtime, token, typed, values["workspace"])
    except (InvalidInputError, ConflictError) as error:
        return _set_up_form(token, values, error)
    return go_to("/console", await sign_on(at, account))


@plain_page("/join/{token:str}")
async def show_join(at: Arrival, token: str) -> Shown:
    """What somebody is invited to, and how they join."""
    return await _join_page(at, token, await new_people.find_good(at.runtime, "invite", token), {})


@plain_act("/join/{token:str}")
async def join(at: Arrival, form: Form, token: str) -> Shown:
    """Join with the account that is signed in, else with a new one."""
    link = await new_people.find_good(at.runtime, "invite", token)
    who, cookie = await who_is_signed_on(at), ""
    if who is not None and who.account.email == link.email:
        require_token(who, form)
        await new_people.join(at.runtime, token, who.account)
    else:
        values = {"name": form.text("name")}
        typed = Typed(values["name"], link.email or "", form.exact("password"))
        try:
            account = await new_people.join_as_new(at.runtime, token, typed)
        except InvalidInputError as error:
            return await _join_page(at, token, link, values, error)
        cookie = await sign_on(at, account)
    workspace = link.workspace_id and await get_workspace(at.runtime.db, link.workspace_id)
    return go_to(f"/console/{quote(workspace.slug)}" if workspace else "/console", cookie)


async def _join_page(
    at: Arrival, token: str, link: HouseLink, values: dict[str, str],
    error: HarkenError | None = None,
) -> Document:  # fmt: skip
    workspace = link.workspace_id and await get_workspace(at.runtime.db, link.workspace_id)
    if not workspace:
        raise new_people.gone()
    who = await who_is_signed_on(at)
    account = await accounts.find_account(at.runtime.db, link.email or "")
    return plain(
        "join.html", title=f"Join {name_of(workspace)}", status=status_of(error) if error else 200,
        link=link, who=who, way=_way(link, who, is_known=account is not None), values=values,
        errors=errors_of(error) if error else {}, action=f"/join/{quote(token)}",
        sign_in=f"{SIGN_IN}?next={quote(f'/join/{token}')}",
    )  # fmt: skip


def _way(link: HouseLink, who: SignedOn | None, *, is_known: bool) -> str:
    """How somebody joins who opens the link."""
    if who is not None:
        return "press" if who.account.email == link.email else "other"
    return "sign_in" if is_known else "new"


def _set_up_form(token: str, values: dict[str, str], error: HarkenError | None = None) -> Document:
    errors = errors_of(error) if error else {}
    return plain(
        "set_up.html", title="Set up Harken", status=status_of(error) if error else 200,
        action=f"/set-up/{quote(token)}", values=values, errors=errors,
        message=error.message if error and not errors else "",
    )  # fmt: skip

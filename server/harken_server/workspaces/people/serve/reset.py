"""A forgotten password: asking for a link, and choosing a new one with it."""

from __future__ import annotations

from urllib.parse import quote

from harken_server.http.declared import Arrival
from harken_server.http.pages import Document, Shown
from harken_server.http.problems import status_of
from harken_server.kernel.errors import InvalidInputError
from harken_server.workspaces.people import guessing, resetting
from harken_server.workspaces.people.account import Account
from harken_server.workspaces.people.addresses import check_address
from harken_server.workspaces.people.plain_pages import errors_of, plain, plain_act, plain_page
from harken_server.workspaces.people.resetting import HouseMail
from harken_server.workspaces.people.sent_forms import Form
from harken_server.workspaces.people.signed_on import network_at
from harken_server.workspaces.people.visit import SIGN_IN, go_to


@plain_page("/reset")
async def show_reset(at: Arrival) -> Shown:
    """The form for the address; without mail, who else can help."""
    return _ask_page(at)


@plain_act("/reset")
async def ask_for_reset(at: Arrival, form: Form) -> Shown:
    """Have a link sent; the answer is the same whether somebody has the address."""
    if not at.runtime.of(HouseMail).works:
        return _ask_page(at)
    try:
        email = check_address(form.text("email"))
    except InvalidInputError as error:
        return _ask_page(at, form.text("email"), error)
    of_address, from_network = guessing.OF_RESETS, guessing.OF_RESETS_FROM
    await guessing.count(at.runtime, (of_address, email), (from_network, network_at(at)))
    await resetting.ask_for_reset(at.runtime, email)
    return plain("reset_asked.html", title="Look into your mail", email=email, sign_in=SIGN_IN)


@plain_page("/reset/{token:str}")
async def show_new_password(at: Arrival, token: str) -> Shown:
    """The form for the new password."""
    return _password_page(token, await resetting.whose_reset(at.runtime, token))


@plain_act("/reset/{token:str}")
async def set_new_password(at: Arrival, form: Form, token: str) -> Shown:
    """Set it, end all sessions, and have the person sign in with it."""
    account = await resetting.whose_reset(at.runtime, token)
    try:
        await resetting.reset_password(at.runtime, token, form.exact("password"))
    except InvalidInputError as error:
        return _password_page(token, account, error)
    return go_to(f"{SIGN_IN}?said=password")


def _ask_page(at: Arrival, email: str = "", error: InvalidInputError | None = None) -> Document:
    return plain(
        "reset.html", title="Forgotten password", status=status_of(error) if error else 200,
        works=at.runtime.of(HouseMail).works, email=email, errors=errors_of(error) if error else {},
        sign_in=SIGN_IN,
    )  # fmt: skip


def _password_page(
    token: str, account: Account, error: InvalidInputError | None = None
) -> Document:
    return plain(
        "new_password.html", title="Choose a new password",
        status=status_of(error) if error else 200, account=account,
        errors=errors_of(error) if error else {}, action=f"/reset/{quote(token)}",
    )  # fmt: skip

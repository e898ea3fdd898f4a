"""Giving the password once more, and a code where there is a second factor, before something
dangerous."""

from __future__ import annotations

from urllib.parse import quote

from harken_server.http.pages import Shown
from harken_server.kernel.errors import InvalidInputError
from harken_server.workspaces.console.me import FOLDER, require_code, require_password
from harken_server.workspaces.people.next_page import next_page
from harken_server.workspaces.people.plain_pages import errors_of
from harken_server.workspaces.people.store import sessions
from harken_server.workspaces.people.visit import go_to
from harken_server.workspaces.signed_in import Form, Visit, act, page


@page("/confirm", right="see", is_scoped=True)
async def show_confirm(visit: Visit) -> Shown:
    """The form for the password and the code."""
    return _page(visit, next_page(visit.said().get("next", "")))


@act("/confirm", "confirm_password", right="see", is_scoped=True)
async def confirm(visit: Visit, form: Form) -> Shown:
    """Look at the password and the code, and go on to what was to be done."""
    onward = next_page(form.text("next"))
    try:
        await require_password(visit, form.exact("password"), "password")
        await require_code(visit, form.text("code"))
    except InvalidInputError as error:
        return _page(visit, onward, error)
    await sessions.confirm_session(visit.db, visit.session.digest, visit.now())
    return go_to(onward)


def _page(visit: Visit, onward: str, error: InvalidInputError | None = None) -> Shown:
    return visit.render(
        FOLDER, "confirm.html", title="Is it you?", status=422 if error else 200, onward=onward,
        errors=errors_of(error) if error else {}, account=visit.account,
        action=visit.path(f"/confirm?next={quote(onward)}"),
    )  # fmt: skip

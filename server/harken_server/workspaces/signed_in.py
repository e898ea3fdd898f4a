"""Pages for people of the house, below `/console/{workspace}`: how they are declared.

    @page("/surveys/{key:str}", right="see")
    async def show_survey(visit: Visit, key: str) -> Shown: ...

    @act("/surveys/{key:str}/publish", "publish_survey", right="edit")
    async def publish(visit: Visit, form: Form, key: str) -> Shown:
        ...
        return visit.to(f"/surveys/{key}", said="Published.")

Both work without script. A form that changes something carries the session's token, and what it
changed is in the audit log under its name. Failures are pages here, and no problem documents.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Concatenate, NamedTuple
from urllib.parse import urlsplit

from harken_server.http import pages
from harken_server.http.bodies import pairs_of
from harken_server.http.declared import Arrival
from harken_server.http.packed import Reply
from harken_server.http.pages import PageRoute, Shown
from harken_server.http.problems import BadRequestError, ForbiddenError
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import HarkenError, NotFoundError
from harken_server.workspaces.people.rules import RIGHTS, Right
from harken_server.workspaces.people.visit import (
    CONSOLE,
    Visit,
    ask_to_confirm,
    ask_to_sign_in,
    open_visit,
    show_failure,
)
from harken_server.workspaces.store import audit

__all__ = ["Form", "Visit", "act", "page"]

MAX_FORM_BYTES = 512 * 1024
"""A survey file of the greatest size, percent-encoded, is pasted into one."""
TOKEN = "csrf"  # noqa: S105  # the field's name
RULES, ACT = "console_rules", "console_act"
"""What a route is known by: its `Rules`, and of a form what the audit log calls it."""


class Form(NamedTuple):
    """What a form sent."""

    values: dict[str, list[str]]

    def text(self, name: str) -> str:
        """The first value of that name without blanks at its ends; empty when there is none."""
        return self.values.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """Every value of that name."""
        return self.values.get(name, [])


class Rules(NamedTuple):
    """Who may open a page."""

    right: Right
    is_scoped: bool
    """It shows somebody on the front line no more than their stores and touchpoints."""
    is_confirmed: bool
    """Only soon after the password was given."""


PageFunction = Callable[Concatenate[Visit, ...], Awaitable[Shown]]


def page(
    path: str, *, right: Right, is_scoped: bool = False, is_confirmed: bool = False
) -> Callable[[PageFunction], PageRoute]:
    """Make a function a page of the console; its other parameters are pieces of the path."""
    rules = Rules(right, is_scoped, is_confirmed)

    def declared(function: PageFunction) -> PageRoute:
        reader = pages.Reader(functools.partial(_open, rules), ask_to_sign_in)
        shown = _with_failures(function)
        return pages.page(CONSOLE + path, reader=reader, opt={RULES: rules})(shown)

    return declared


def act(
    path: str,
    name: str,
    *,
    right: Right,
    is_scoped: bool = False,
    is_confirmed: bool = False,
    limit: int = MAX_FORM_BYTES,
) -> Callable[[PageFunction], PageRoute]:
    """Make a function what a form of the console does; `form` is what was sent.

    What ends with a redirection is written to the audit log under the name, unless the story that
    was called wrote it by itself.
    """
    rules = Rules(right, is_scoped, is_confirmed)

    def declared(function: PageFunction) -> PageRoute:
        taken = list(inspect.signature(function).parameters)
        pieces = [piece for piece in taken[1:] if piece != "form"]

        async def work(visit: Visit, *, body: bytes, **given: Any) -> Shown:
            form = read_form(body)
            _require_own_site(visit)
            _require_token(visit, form)
            if "form" in taken:
                given["form"] = form
            shown = await function(visit, **given)
            await _write_down(visit, name, shown, given)
            return shown

        shown = _with_failures(work)
        parameters = [
            inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            for each in ("visit", "body", *pieces)
        ]
        shown.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        reader = pages.Reader(functools.partial(_open, rules), ask_to_sign_in)
        return pages.page(
            CONSOLE + path, reader=reader, method="POST", limit=limit, opt={RULES: rules, ACT: name}
        )(shown)

    return declared


def read_form(body: bytes) -> Form:
    """What a form sent. Raises BadRequestError (`bad_form`, `nul_character`)."""
    values: dict[str, list[str]] = {}
    try:
        for name, value in pairs_of(body, "strict"):
            if "\x00" in value:
                raise BadRequestError(f"The field {name!r} holds NUL.", code="nul_character")
            values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise BadRequestError("The form is not valid UTF-8.", code="bad_form") from None
    return Form(values)


async def _open(rules: Rules, arrival: Arrival) -> Visit | None:
    """Who is signed in, with the right to this page."""
    visit = await open_visit(arrival)
    if visit is not None:
        visit.rules.append(rules)
    return visit


def _with_failures(function: PageFunction) -> PageFunction:
    """The same with a page for each named failure."""

    @functools.wraps(function)
    async def shown(visit: Visit, **given: Any) -> Shown:
        rules: Rules = visit.rules[0]
        try:
            _require_right(visit, rules)
            if rules.is_confirmed and not visit.is_confirmed():
                return ask_to_confirm(visit)
            return await function(visit, **given)
        except HarkenError as error:
            return show_failure(visit, error)

    return shown


def _require_right(visit: Visit, rules: Rules) -> None:
    if visit.member is None:
        raise NotFoundError(
            "There is no such workspace, or you are not in it.", code="workspace_unknown"
        )
    role = visit.member.role
    if rules.right not in RIGHTS[role] or (role == "frontline" and not rules.is_scoped):
        raise ForbiddenError(
            "Your role does not reach this page; ask an owner of the workspace.",
            code="forbidden_role",
        )


def _require_own_site(visit: Visit) -> None:
    """Refuse a form that the browser says another site sent, before its token is looked at.

    `Sec-Fetch-Site` says so (W3C Fetch Metadata); browsers leave it out where the console is
    reached by plain HTTP. The `Origin` says it there, but for our own pages, too, it may be `null`:
    they tell nobody where somebody comes from.
    """
    said, origin = visit.arrival.header("sec-fetch-site"), visit.arrival.header("origin")
    if said is None and origin is not None and origin != "null":
        public = urlsplit(visit.runtime.settings.of(HttpSettings).public_url)
        own = {visit.arrival.header("host"), public.netloc}
        is_own = origin.partition("://")[2] in own
    else:
        is_own = said in {None, "same-origin", "none"}
    if not is_own:
        raise ForbiddenError(
            "This form was sent by a page of another site, so nothing was done. "
            "Open the page here and send it once more.",
            code="form_of_another_site",
        )


def _require_token(visit: Visit, form: Form) -> None:
    if not visit.is_token(form.text(TOKEN)):
        raise ForbiddenError(
            "This form is no longer good: it was opened before you signed in, or not by you. "
            "Go back, load the page again and send it once more.",
            code="form_expired",
        )


async def _write_down(visit: Visit, name: str, shown: Shown, given: Mapping[str, Any]) -> None:
    is_done = isinstance(shown, Reply) and shown.status == 303
    if not is_done or visit.acts:
        return
    subject = " ".join(str(value) for value in _pieces(given))[:200]
    async with visit.db.transaction() as tx:
        await audit.write(tx, visit.act(name), subject, **visit.noted)


def _pieces(given: Mapping[str, Any]) -> Iterator[Any]:
    return (value for key, value in given.items() if key != "form")

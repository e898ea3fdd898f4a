"""Pages of the house outside the console: for whoever has no session yet, or no workspace.

    @plain_page("/sign-in")
    async def show_sign_in(at: Arrival) -> Shown: ...

    @plain_act("/sign-in")
    async def sign_in(at: Arrival, form: Form) -> Shown: ...

Failures are pages too. Requests are counted for the rate limit, and a form must come from a page of
ours: referrers stay within this host, so that browsers say where a form comes from.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate

from harken_server.design.pages import POLICY, render
from harken_server.http import pages
from harken_server.http.declared import Arrival
from harken_server.http.pages import PRIVATE, Document, PageRoute, Shown
from harken_server.http.problems import RateLimitedError, status_of
from harken_server.http.runtime import admit
from harken_server.kernel.errors import HarkenError, InvalidInputError
from harken_server.workspaces.people.sent_forms import read_form, require_no_nul, require_own_page

FOLDER = Path(__file__).parent / "templates"
HEADERS = {**PRIVATE, "referrer-policy": "same-origin"}
MAX_FORM_BYTES = 16 * 1024

Function = Callable[Concatenate[Arrival, ...], Awaitable[Shown]]


def plain_page(path: str) -> Callable[[Function], PageRoute]:
    """Make a function the page of an address; its other parameters are pieces of the path."""

    def declared(function: Function) -> PageRoute:
        return pages.page(path, headers=HEADERS)(_with_failures(function))

    return declared


def plain_act(path: str) -> Callable[[Function], PageRoute]:
    """Make a function what a form there does; `form` is what was sent."""

    def declared(function: Function) -> PageRoute:
        pieces = [name for name in inspect.signature(function).parameters if name != "form"]

        async def work(at: Arrival, *, body: bytes, **given: Any) -> Shown:
            require_own_page(at, has_token=False)
            form = read_form(body)
            require_no_nul(form)
            return await function(at, form=form, **given)

        shown = _with_failures(work)
        takes = ("body", *pieces[1:])
        return pages.page(
            path, method="POST", headers=HEADERS, limit=MAX_FORM_BYTES, takes=takes
        )(shown)  # fmt: skip

    return declared


def plain(name: str, *, title: str, status: int = 200, **parts: Any) -> Document:
    """One of the pages in this folder; a browser's tab says whose it is."""
    body = render(FOLDER, name, title=f"{title} · Harken", heading=title, **parts)
    return Document(body.encode(), POLICY, status, "en")


def errors_of(error: HarkenError) -> dict[str, str]:
    """What to say at each field."""
    problems = error.problems if isinstance(error, InvalidInputError) else ()
    return {each.path.removeprefix("$."): each.message for each in problems}


def _with_failures(function: Function) -> Function:
    @functools.wraps(function)
    async def shown(at: Arrival, **given: Any) -> Shown:
        try:
            admit(at.runtime, at.scope)
            return await function(at, **given)
        except HarkenError as error:
            document = plain(
                "stopped.html", title="This did not work", status=status_of(error),
                message=error.message,
            )  # fmt: skip
            if not isinstance(error, RateLimitedError):
                return document
            wait = ("retry-after", str(error.retry_after_s))
            return Document(document.body, POLICY, document.status, "en", (wait,))

    return shown

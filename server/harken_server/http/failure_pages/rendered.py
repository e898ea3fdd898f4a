"""Failures as pages for people with a browser; programs get problem documents of the same status.

A browser names `text/html` among what it takes. `*/*` is a program, and so is whoever likes JSON as
well.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from harken_server.design.pages import POLICY, render
from harken_server.http.problems import TITLES, headers_of, problem_of
from harken_server.kernel.errors import HarkenError

FOLDER = Path(__file__).parent / "templates"
HTML = "text/html; charset=utf-8"
_DATA = (b"application/problem+json", b"application/json", b"application/*")
_WEIGHT = re.compile(rb"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


class Words(NamedTuple):
    """What a page says of a status."""

    title: str
    text: str = ""
    """In place of the error's own message, which is for programs."""
    next: str = ""
    leads_home: bool = False


_SAID = {
    401: Words("You need a key for this", next="Programs send one with each request."),
    403: Words("This is not open to you", next="Ask whoever sent you here."),
    404: Words(
        "There is no page at this address",
        "It may have been moved, or a part of the address got lost.",
        "Check the address, or begin at the start page.",
        leads_home=True,
    ),
    405: Words(
        "This address cannot be opened like this",
        "It takes another kind of request, such as a form that was sent or a program's call.",
        "Go back and try it from the page where you were.",
        leads_home=True,
    ),
    429: Words("That was a lot at once", next="Wait a moment, then load the page again."),
    500: Words("Something went wrong on our side", next="Load the page again in a moment."),
    503: Words("This is not available right now", next="Load the page again in a moment."),
}
"""Other statuses have the title of their problem documents."""
OTHERWISE = "This did not work"
_OTHERWISE = "Go back, change what is named here and try again."


def title_of(status: int) -> str:
    """What a page inside another frame, which tells of a failure, is called."""
    return _SAID.get(status, Words(OTHERWISE)).title


def wants_page(scope: Any) -> bool:
    """Whether a request comes from somebody with a browser."""
    return _likes_pages(b",".join(value for name, value in scope["headers"] if name == b"accept"))


def failure_page(error: HarkenError) -> tuple[dict[str, str], bytes]:
    """Headers and body of the page that tells of it."""
    problem = problem_of(error)
    said = _SAID.get(problem.status) or Words(TITLES.get(problem.status, OTHERWISE))
    page = render(
        FOLDER,
        "failure.html",
        title=said.title,
        text=said.text or problem.detail,
        problems=problem.problems,
        next=said.next or _OTHERWISE,
        leads_home=said.leads_home,
    )
    headers = {
        **headers_of(error),
        "content-type": HTML,
        "content-security-policy": POLICY,
        "content-language": "en",
        "vary": "Accept",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex, nofollow",
    }
    return headers, page.encode()


@lru_cache(maxsize=64)
def _likes_pages(accepted: bytes) -> bool:
    """Remembered: a few headers are those of all browsers.

    >>> _likes_pages(b"text/html,application/xhtml+xml,*/*;q=0.8"), _likes_pages(b"*/*")
    (True, False)
    >>> _likes_pages(b"text/html;q=0"), _likes_pages(b"application/json, text/html;q=0.9")
    (False, False)
    """
    weights: dict[bytes, float] = {}
    for part in accepted.lower().split(b","):
        kind, *parameters = (each.strip() for each in part.split(b";"))
        weight = next((each for each in parameters if each.startswith(b"q=")), b"q=1")
        found = _WEIGHT.fullmatch(weight)
        weights[kind] = float(found[1]) if found else 0.0
    return weights.get(b"text/html", 0.0) > max(weights.get(kind, 0.0) for kind in _DATA)

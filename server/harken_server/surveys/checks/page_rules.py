"""Rules for addresses: each must be able to match what a browser calls the page's address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from harken_server.kernel.errors import Problem
from harken_server.surveys.targeting import PageRule, Targeting

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_WILD = re.compile(r"[*?]")
_USUAL_STARTS = ("http://", "https://")


def check_pages(widget: Targeting, path: str) -> Iterator[Problem]:
    """Every rule of `pages` and `not_pages`, and both together."""
    for field, rules in (("pages", widget.pages), ("not_pages", widget.not_pages)):
        for place, rule in enumerate(rules):
            yield from _check_rule(f"{path}.{field}[{place}].url", rule)
    if widget.pages and set(widget.pages) <= set(widget.not_pages):
        message = "Every rule of `pages` is one of `not_pages` too, so that no page is left."
        yield Problem(f"{path}.not_pages", "never_true", message)


def _check_rule(path: str, rule: PageRule) -> Iterator[Problem]:
    url = rule.url
    if any(sign.isspace() for sign in url):
        message = "An address holds no spaces; browsers write them as %20."
        yield Problem(path, "bad_page", message)
    elif not url.isascii():
        message = f"Browsers write this address as {_as_browsers_write(url)}: write it so."
        yield Problem(path, "bad_page", message)
    elif rule.match != "glob" and "*" in url:
        message = f"`*` stands for any text in a glob only, and this is `match: {rule.match}`."
        yield Problem(path, "bad_page", message)
    elif rule.match != "contains" and not _can_begin(rule):
        message = (
            f"`match: {rule.match}` is compared with the whole address, or from the path on: "
            "begin with https:// or with /."
        )
        yield Problem(path, "bad_page", message)


def _can_begin(rule: PageRule) -> bool:
    """Whether an address, or its path, could begin like the rule."""
    begin = _WILD.split(rule.url, maxsplit=1)[0] if rule.match == "glob" else rule.url
    if begin.startswith("/") or _SCHEME.match(begin):
        return True
    is_open_ended = rule.match == "glob" and begin != rule.url
    return is_open_ended and any(start.startswith(begin) for start in _USUAL_STARTS)


def _as_browsers_write(url: str) -> str:
    return quote(url[:80], safe="/:?#[]@!$&'()*+,;=%~")

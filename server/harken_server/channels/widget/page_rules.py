"""Targeting as the widget is given it: what can be worked out once is not left to every page.

Rules for pages and locales become regular expressions of JavaScript, and what the browser would
take for granted is filled in; the rest stays as in the survey file.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

import msgspec

from harken_server.surveys.targeting import (
    Cooldowns,
    OnEvent,
    Opening,
    PageRule,
    PropertyRule,
    Targeting,
)

ORIGIN = "^[^:]*://[^/]*"
"""The start of an address up to its path."""

WIDTHS = {
    "phone": "(max-width:599.98px)",
    "tablet": "(min-width:600px) and (max-width:1023.98px)",
    "desktop": "(min-width:1024px)",
}
"""Media queries of the devices."""


def browser_rules(targeting: Targeting) -> dict[str, Any]:
    """Targeting by the type `Targeting` of widget/src/types.ts; defaults are left out."""
    found: dict[str, Any] = msgspec.to_builtins(targeting)
    found.pop("not_pages", None)
    if targeting.pages or targeting.not_pages:
        found["pages"] = pages_pattern(targeting.pages, targeting.not_pages)
    if targeting.locales:
        found["locales"] = f"^({'|'.join(targeting.locales)})\\b"
    if targeting.devices:
        found["devices"] = ",".join(WIDTHS[device] for device in targeting.devices)
    is_part = targeting.mode in {"inline", "tab"}
    found["opens"] = [_opening(opening) for opening in targeting.opens]
    if not targeting.opens:
        found["opens"] = [{"on": "load"}] if is_part else []
    # What is part of the page stays there, unless the survey says how long it is to be away.
    if targeting.cooldown != Cooldowns() or not is_part:
        rest = targeting.cooldown
        found["cooldown"] = {
            "shown": rest.shown_days,
            "dismissed": rest.dismissed_days,
            "answered": rest.answered_days,
        }
    return found


def _opening(opening: Opening) -> dict[str, Any]:
    """Rules for properties become a condition, in which the properties stand for the context."""
    if not isinstance(opening, OnEvent) or not opening.where:
        return msgspec.to_builtins(opening)
    rules = [{"context": rule.property, **_comparison(rule)} for rule in opening.where]
    return {"on": "event", "name": opening.name, "when": {"all": rules}}


def _comparison(rule: PropertyRule) -> dict[str, Any]:
    match rule.op:
        case "equals":
            return {"is": [rule.value]}
        case "not_equals":
            return {"isnt": rule.value}
        case "at_least":
            return {"min": rule.value}
        case "at_most":
            return {"max": rule.value}
        case "contains":
            return {"part": str(rule.value)}
        case _:
            assert_never(rule.op)


def pages_pattern(only: Iterable[PageRule], never: Iterable[PageRule] = ()) -> str:
    """A pattern that is found in the addresses that one of `only` means and none of `never`.

    >>> pages_pattern([PageRule(match="prefix", url="/shop?a=1")])
    '^(?=.*(?:^[^:]*://[^/]*/shop\\\\?a=1))'
    """
    groups = itertools.count(1)
    wanted, unwanted = (
        "|".join(_pattern(rule, groups) for rule in rules) for rules in (only, never)
    )
    found = f"(?=.*(?:{wanted}))" if wanted else ""
    return f"^{found}(?!.*(?:{unwanted}))" if unwanted else f"^{found}"


def _pattern(rule: PageRule, groups: Iterator[int]) -> str:
    is_path = rule.url.startswith("/")
    if rule.match == "contains":
        # A path's slash is never one of the two before the host.
        return f"{ORIGIN}.*{_literal(rule.url)}" if is_path else _literal(rule.url)
    start = ORIGIN if is_path else "^"
    if rule.match == "glob":
        return f"{start}{_glob(rule.url, groups)}$"
    return f"{start}{_literal(rule.url)}{'$' if rule.match == 'exact' else ''}"


def _glob(url: str, groups: Iterator[int]) -> str:
    """Each `*` takes as little as will do and is not tried again: no address takes long.

    A lookahead with a back reference does what other dialects call an atomic group. Only the last
    `*` takes what is left: what follows it stands at the end.
    """
    first, *others = map(_one_each, url.split("*"))
    if not others:
        return first
    *middle, last = others
    jumps = "".join(f"(?=(.*?{part}))\\{next(groups)}(?:)" for part in middle if part)
    return f"{first}{jumps}.*{last}"


def _one_each(part: str) -> str:
    return ".".join(map(_literal, part.split("?")))


def _literal(text: str) -> str:
    """Escape what means something in a pattern, and nothing else.

    >>> _literal("/a.b-c+d")
    '/a\\\\.b-c\\\\+d'
    """
    return re.sub(r"[.*+?^${}()|[\]\\]", r"\\\g<0>", text)

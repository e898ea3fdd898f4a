"""What opens a survey in the widget: told in plain words, and changed in its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, assert_never

import msgspec

from harken_server.surveys.survey import Survey
from harken_server.surveys.targeting import (
    OnClick,
    OnEvent,
    OnExit,
    OnLoad,
    OnScroll,
    OnTime,
    Opening,
    PropertyRule,
    Targeting,
)

KEEP, TAB, ASKED = "", "tab", "asked"
WAYS = (
    (KEEP, "As it does now"),
    ("load", "As soon as the page is ready"),
    ("time", "After some seconds"),
    ("scroll", "When so much of the page was scrolled through"),
    ("exit", "When somebody is about to leave"),
    ("click", "When something in the page is clicked"),
    (TAB, "By a feedback tab at the edge"),
    ("event", "When your application reports an event"),
    (ASKED, "Only when your application asks for it"),
)
"""What Share offers; most are the file's own words."""
DETAILS = {"time": "seconds", "scroll": "percent", "click": "selector", "event": "name"}
"""The field of an opening that must be said."""
_PARTS = ("inline", "tab")
"""Modes that are part of the page, and there at once."""
_EVERYBODY = 100


class Wish(NamedTuple):
    """How a survey is to open, as it was typed."""

    way: str = KEEP
    detail: str = ""
    visitors: str = ""
    """How many of a hundred are asked; empty: as many as now."""


USUAL = Wish("time", "5")
"""For a survey that nothing on the page opens."""


def openings_of(survey: Survey) -> tuple[Opening, ...]:
    """What opens it by a tag that names it; none: it waits to be asked for."""
    widget = survey.widget
    if widget is None or (not widget.opens and widget.mode in _PARTS):
        return (OnLoad(),)
    return widget.opens


def is_left_to_site(survey: Survey) -> bool:
    """Whether a page with the tag alone never shows it: the site's application has to act."""
    events = [isinstance(each, OnEvent) for each in openings_of(survey)]
    needs_all = survey.widget is not None and survey.widget.needs == "all"
    return any(events) if needs_all and events else all(events)


def tell_openings(survey: Survey) -> str:
    """What opens it, as a sentence."""
    told = [_told(each) for each in openings_of(survey)]
    if not told:
        return "Nothing in the page opens it: it waits until your application asks for it."
    needs_all = survey.widget is not None and survey.widget.needs == "all"
    return f"It opens {(' and ' if needs_all else ', or ').join(told)}."


def tell_limits(survey: Survey) -> list[str]:
    """Why a visitor may not be shown it although it opens."""
    return [] if survey.widget is None else list(_limits(survey.widget))


def _limits(widget: Targeting) -> Iterator[str]:
    if widget.sample_rate < 1:
        yield f"It asks {visitors_of(widget)} of 100 visitors; the others see nothing."
    if widget.pages:
        yield f"Only on pages such as {widget.pages[0].url}."
    if widget.not_pages:
        yield f"Never on pages such as {widget.not_pages[0].url}."
    if widget.locales:
        yield f"Only on pages in {', '.join(widget.locales)}."
    if widget.devices:
        yield f"Only on: {', '.join(widget.devices)}."


def visitors_of(widget: Targeting | None) -> str:
    """How many of a hundred visitors are asked."""
    return f"{_EVERYBODY * (1 if widget is None else widget.sample_rate):g}"


def events_of(survey: Survey) -> list[tuple[str, dict[str, Any]]]:
    """The events it waits for, with properties that fit."""
    found = [each for each in openings_of(survey) if isinstance(each, OnEvent)]
    return [(each.name, {rule.property: _fitting(rule) for rule in each.where}) for each in found]


def with_opening(tree: dict[str, Any], wish: Wish) -> dict[str, Any]:
    """A survey's tree that opens as was wished; whether that is sound is not looked at."""
    widget: dict[str, Any] = {**tree.get("widget", {"opens": [{"on": "load"}]})}
    if wish.visitors:
        widget["sample_rate"] = _number(wish.visitors, 1 / _EVERYBODY)
    if wish.way != KEEP:
        widget.pop("needs", None)
        widget.pop("opens", None)
        _set_mode(widget, is_tab=wish.way == TAB)
    if wish.way not in {KEEP, TAB, ASKED}:
        detail = DETAILS.get(wish.way)
        said = {detail: _detail(wish)} if detail else {}
        widget["opens"] = [{"on": wish.way, **said}]
    return _in_order({**tree, "widget": widget})


def _set_mode(widget: dict[str, Any], *, is_tab: bool) -> None:
    """A tab has no place in the page, and what is no tab has no label."""
    if is_tab:
        widget["mode"] = "tab"
        widget.pop("element", None)
    elif widget.get("mode") == "tab":
        widget["mode"] = "popover"
        widget.pop("button", None)


def _in_order(tree: dict[str, Any]) -> dict[str, Any]:
    """With `widget` before the questions, as files have it."""
    first = {name: value for name, value in tree.items() if name not in {"questions", "endings"}}
    return {**first, **tree}


def _detail(wish: Wish) -> str | float:
    return _number(wish.detail) if wish.way in {"time", "scroll"} else wish.detail


def _number(typed: str, times: float = 1) -> str | float:
    """The number, or the text if it is none: the file's checks say what is wrong with it."""
    if not (typed.isascii() and typed.replace(".", "", 1).isdigit()):
        return typed
    number = float(typed) * times
    return int(number) if number.is_integer() else round(number, 6)


def _told(opening: Opening) -> str:
    match opening:
        case OnLoad():
            return "as soon as the page is ready"
        case OnTime():
            return f"after {opening.seconds:g} seconds on the page"
        case OnScroll():
            return f"when {opening.percent} % of the page was scrolled through"
        case OnExit():
            return "when somebody is about to leave"
        case OnClick():
            return f"when {opening.selector} is clicked"
        case OnEvent():
            return f"when your site reports {opening.name}"
        case _:
            assert_never(opening)


def _fitting(rule: PropertyRule) -> str | float | bool:
    """A value for which the rule holds."""
    match rule.op, rule.value:
        case "not_equals", bool(value):
            return not value
        case "not_equals", str(value):
            return f"not {value}"
        case "not_equals", value:
            return msgspec.convert(value, float) + 1
        case _, value:
            return value

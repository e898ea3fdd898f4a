"""Targeting of the web widget: rules that could never hold, or that say nothing in their mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.logic.placeholders import placeholder_names
from harken_server.surveys.targeting import OnClick, OnEvent, PageRule, PropertyRule, Targeting
from harken_server.surveys.texts import LocalText

MAX_LABEL_CHARS = 40
"""A tab stands on the edge of the page in one line; on a phone no more fits."""
_PATH = "$.widget"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_WILD = re.compile(r"[*?]")
_USUAL_STARTS = ("http://", "https://")


def check_targeting(draft: Draft) -> Iterator[Problem]:
    """All of `widget`, when it could be read."""
    widget = draft.survey.widget
    if widget is None or "widget" in draft.unread_fields:
        return
    yield from _check_mode(widget)
    yield from _check_openings(widget)
    yield from check_pages(widget, _PATH)
    if widget.button is not None:
        yield from _check_label(widget.button)
    if not 0 <= widget.sample_rate <= 1:
        message = "A sample rate is a number from 0 to 1."
        yield Problem(f"{_PATH}.sample_rate", "out_of_range", message, limit=1)


def check_pages(widget: Targeting, path: str) -> Iterator[Problem]:
    """Every rule of `pages` and `not_pages`, and both together."""
    for field, rules in (("pages", widget.pages), ("not_pages", widget.not_pages)):
        for place, rule in enumerate(rules):
            yield from _check_rule(f"{path}.{field}[{place}].url", rule)
    if widget.pages and set(widget.pages) <= set(widget.not_pages):
        message = "Every rule of `pages` is one of `not_pages` too, so that no page is left."
        yield Problem(f"{path}.not_pages", "never_true", message)


def _check_mode(widget: Targeting) -> Iterator[Problem]:
    mode = widget.mode
    if widget.element is not None:
        path = f"{_PATH}.element"
        if mode != "inline":
            message = f"`element` says where an inline survey is put, but the mode is {mode}."
            yield Problem(path, "unsuitable_field", message)
        yield from _check_selector(path, widget.element)
    if widget.button is not None and mode != "tab":
        message = f"`button` is the label of a tab, but the mode is {mode}."
        yield Problem(f"{_PATH}.button", "unsuitable_field", message)
    if widget.needs == "all" and not widget.opens:
        message = "`needs: all` counts what is under `opens`, and nothing is."
        yield Problem(f"{_PATH}.needs", "unsuitable_field", message)


def _check_openings(widget: Targeting) -> Iterator[Problem]:
    for place, opening in enumerate(widget.opens):
        path = f"{_PATH}.opens[{place}]"
        if isinstance(opening, OnClick):
            yield from _check_selector(f"{path}.selector", opening.selector)
        if isinstance(opening, OnEvent):
            for number, rule in enumerate(opening.where):
                yield from _check_property(f"{path}.where[{number}]", rule)


def _check_selector(path: str, selector: str) -> Iterator[Problem]:
    if not selector.strip() or any(sign in selector for sign in "\0\n\r\f"):
        message = "A CSS selector is one line and not blank, such as #feedback or .buy > button."
        yield Problem(path, "bad_selector", message)


def _check_property(path: str, rule: PropertyRule) -> Iterator[Problem]:
    value = rule.value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if rule.op in ("at_least", "at_most") and not is_number:
        message = f"`{rule.op}` compares with a number."
        yield Problem(f"{path}.value", "wrong_type", message)
    if rule.op == "contains" and not isinstance(value, str):
        message = "`contains` looks for a text."
        yield Problem(f"{path}.value", "wrong_type", message)


def _check_label(label: LocalText) -> Iterator[Problem]:
    path = f"{_PATH}.button"
    for locale, string in ({"": label} if isinstance(label, str) else label).items():
        if len(string) > MAX_LABEL_CHARS:
            message = f"A tab's label may have {MAX_LABEL_CHARS} characters, not {len(string)}."
            where = f"{path}.{locale}" if locale else path
            yield Problem(where, "too_long", message, limit=MAX_LABEL_CHARS)
    if placeholder_names(label):
        message = "A tab's label is there before anything is known: it takes no placeholders."
        yield Problem(path, "bad_placeholder", message)


def _check_rule(path: str, rule: PageRule) -> Iterator[Problem]:
    url = rule.url
    if any(sign.isspace() for sign in url):
        message = "An address holds no spaces; browsers write them as %20."
        yield Problem(path, "bad_page", message)
    elif not url.isascii():
        written = quote(url[:80], safe="/:?#[]@!$&'()*+,;=%~")
        message = f"Browsers write this address as {written}: write it so."
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

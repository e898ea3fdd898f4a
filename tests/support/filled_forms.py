"""What a browser would send of a page's form, read from its HTML."""

from __future__ import annotations

import html
import re

_INPUT = re.compile(r"<input ([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_AREA = re.compile(r'<textarea\b[^>]*? name="([^"]*)"[^>]*>\n?(.*?)</textarea>', re.S)
_SELECT = re.compile(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', re.S)
_SELECTED = re.compile(r'value="([^"]*)" selected')


def fields_of(page: str) -> dict[str, str]:
    """The fields of a console page's form as they are filled, without a button; searches aside."""
    found: dict[str, str] = {}
    for match in _INPUT.finditer(page):
        said = dict(_ATTRIBUTE.findall(match[1]))
        is_sent = said.get("type") not in {"checkbox", "radio"} or " checked" in match[1]
        if "name" in said and said.get("type") != "search" and is_sent:
            found[said["name"]] = said.get("value", "")
    found |= {match[1]: match[2] for match in _AREA.finditer(page)}
    for match in _SELECT.finditer(page):
        chosen = _SELECTED.search(match[2])
        found[match[1]] = chosen[1] if chosen else ""
    return {html.unescape(name): html.unescape(value) for name, value in found.items()}

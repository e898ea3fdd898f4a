"""A picture as a file of its own: title, sentence and style within, light and dark, no script."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

from markupsafe import Markup

from harken_server.design.assets import FOLDER
from harken_server.design.markup import xml_text
from harken_server.insights.page.pictures.canvas import place

Theme: TypeAlias = Literal["auto", "light", "dark"]
LEAST_WIDTH, MOST_WIDTH = 240, 2_000
NARROW = 320
"""For which a file is drawn that takes the width it is given."""
_EDGE = 16
_GRADES = 48
"""What the grades of a trend need on its left."""
_SMALL = 12
_LETTER = {14: 8.2, _SMALL: 6.8}
"""Pixels of a letter by its size, about."""
_BLOCK = re.compile(r"([^{}]*)\{((?:[^{}]|\{[^{}]*\})*)\}")
_PLAIN = "@media screen and (prefers-color-scheme: dark)"
_FORCED = "@media (forced-colors: active)"


def picture_file(
    picture: Markup, title: str, says: str, *, theme: Theme = "auto", width: int | None = None
) -> bytes:
    """The SVG; without a width it takes what it is given, and its texts keep their size."""
    drawn = ET.fromstring(str(picture))  # noqa: S314  (our own drawing)
    wide = width or NARROW
    edge = 100 * _EDGE / wide
    inside = wide - 2 * _EDGE
    lines = [(14, line) for line in _lines(title, 14, inside)]
    lines += [(_SMALL, line) for line in _lines(says, _SMALL, inside)]
    parts, top = list[str](), 8
    for size, line in lines:
        top += size + 6
        parts.append(_line(line, size, edge, top))
    height = top + 16 + int(drawn.get("height", "0")) + _EDGE
    left = 100 * _GRADES / wide if drawn.get("class") == "trend" else edge
    held = f'<svg x="{place(left)}%" y="{top + 16}" width="{place(100 - left - edge)}%" '
    body = str(picture).replace("<svg ", held, 1).replace(' role="img"', "", 1)
    said = f"{says} {drawn.get('aria-label', '')}".strip()
    size = f'width="{width or "100%"}" height="{height}"'
    box = f' viewBox="0 0 {width} {height}"' if width else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}{box} class="chart" role="img"'
        f' aria-labelledby="title desc"><title id="title">{xml_text(title)}</title>'
        f'<desc id="desc">{xml_text(said)}</desc>'
        f"<style>{style_of(theme)}</style>"
        f'<rect width="100%" height="100%" class="ground"/>{"".join(parts)}{body}</svg>'
    ).encode()


@cache
def style_of(theme: Theme) -> str:
    """The house's chart style with the colours that it names."""
    sheet = _packed("charts")
    names = sorted(set(re.findall(r"var\((--[a-z0-9-]+)\)", sheet)))
    tokens = _tokens()
    plain = tokens[""] | (tokens[_PLAIN] if theme == "dark" else {})
    blocks = [_named(plain, names)]
    if theme == "auto":
        blocks.append(f"{_PLAIN}{{{_named(tokens[_PLAIN], names)}}}")
    blocks.append(f"{_FORCED}{{{_named(tokens[_FORCED], names)}}}")
    return "".join([*blocks, sheet])


def _line(text: str, size: int, edge: float, y: int) -> str:
    kind = "strong start" if size > _SMALL else "start"
    return f'<text x="{place(edge)}%" y="{y}" class="{kind} size-{size}">{xml_text(text)}</text>'


def _lines(text: str, size: int, inside: int) -> list[str]:
    most, lines = max(8, int(inside / _LETTER[size])), list[str]()
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _packed(name: str) -> str:
    text = (FOLDER / "styles" / f"{name}.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def _tokens() -> dict[str, dict[str, str]]:
    """What each name stands for, by the circumstances; without any: of the light page."""
    found: dict[str, dict[str, str]] = {}
    for head, body in _BLOCK.findall(_packed("tokens")):
        inner = body if head == ":root" else body.partition("{")[2].rpartition("}")[0]
        pairs = (line.partition(":") for line in inner.split(";") if line.startswith("--"))
        found["" if head == ":root" else head] = {name: value.strip() for name, _, value in pairs}
    return found


def _named(tokens: dict[str, str], names: list[str]) -> str:
    told = ";".join(f"{name}:{tokens[name]}" for name in names if name in tokens)
    return f".chart{{{told}}}"

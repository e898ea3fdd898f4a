"""How a survey looks, as fields of its form: brand, colours, font, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from harken_server.kernel.colours import hex_colour
from harken_server.surveys.console.form_fields import Option, Path, TextBox, read_at
from harken_server.surveys.survey import Theme
from harken_server.surveys.theme_colours import accent_of, background_of, ink_of

THEME: Path = ("presentation", "theme")
LOGO: Path = (*THEME, "logo")
_TRUTHS = {"true": True, "false": False}


def looks_of(tree: Mapping[str, Any]) -> Iterator[TextBox]:
    """The fields; what the file does not say has the value that is used then."""
    brand = str(read_at(tree, ("presentation", "brand")) or "")
    yield TextBox(("presentation", "brand"), "Brand", brand, "Above the survey, as text.")
    theme = _theme_of(tree)
    for name, label, help_, colour in (
        ("accent", "Colour", "Of buttons and chosen ratings.", accent_of(theme)),
        ("background", "Ground", "Behind the questions, where it is light.", background_of(theme)),
        ("ink", "Text", "On this ground, where it is light.", ink_of(theme)),
    ):
        written = str(read_at(tree, (*THEME, name)) or hex_colour(colour))
        yield TextBox((*THEME, name), label, written, help_, is_optional=False, kind="color")
    for path, label, options in _CHOSEN:
        said = read_at(tree, path)
        value = options[0][0] if said is None else str(said).lower()
        yield TextBox(path, label, value, is_optional=False, options=options)


def _theme_of(tree: Mapping[str, Any]) -> Theme:
    """The defaults where what was typed is no theme."""
    try:
        return msgspec.convert(read_at(tree, THEME) or {}, Theme)
    except msgspec.ValidationError:
        return Theme()


def look_in_file(box: TextBox, typed: str) -> str | bool:
    """What the file says for what was chosen."""
    words = {word for word, _ in box.options}
    return _TRUTHS[typed] if words == set(_TRUTHS) and typed in words else typed


_CHOSEN: Sequence[tuple[Path, str, tuple[Option, ...]]] = (
    (
        (*THEME, "font"),
        "Font",
        (("system", "Plain"), ("serif", "Serif"), ("rounded", "Rounded"), ("mono", "Typewriter")),
    ),
    (
        (*THEME, "radius"),
        "Corners",
        (("large", "Round"), ("small", "Slightly round"), ("none", "Square")),
    ),
    (
        (*THEME, "scheme"),
        "Light or dark",
        (("auto", "As the device has it"), ("light", "Light"), ("dark", "Dark")),
    ),
    (
        ("presentation", "pages"),
        "Pages",
        (("single", "All on one page, as far as possible"), ("question", "One question a page")),
    ),
    (
        ("presentation", "show_progress"),
        "How far one is",
        (("true", "Shown"), ("false", "Not shown")),
    ),
)
"""What is chosen from a list; the first is the file's default."""

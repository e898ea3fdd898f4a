"""The tokens: what stands on one another can be read, in both schemes and by everybody."""

from __future__ import annotations

import itertools
import re

import pytest
from house_sheets import SCHEMES, STYLES, tokens_of

from harken_server.kernel.colours import (
    EDGE_CONTRAST,
    TEXT_CONTRAST,
    Rgb,
    contrast,
    parse_colour,
)

GROUNDS = ("paper", "card", "sunken")
TEXTS = [
    *itertools.product(("ink", "quiet", "accent", "accent-strong", "danger"), GROUNDS),
    *itertools.product(("error", "warning", "note"), ("paper", "card")),
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-danger", "danger"),
    ("on-danger", "danger-strong"), ("accent", "accent-ground"), ("ink", "accent-ground"),
    ("on-good", "good"), ("on-middle", "middle"), ("on-bad", "bad"), ("paper", "ink"),
    ("ink", "good-ground"), ("ink", "middle-ground"), ("ink", "bad-ground"),
    ("ink", "error-ground"), ("ink", "warning-ground"), ("ink", "note-ground"),
    ("error", "error-ground"), ("warning", "warning-ground"), ("note", "note-ground"),
    ("on-step-low", "step-0"), ("on-step-low", "step-1"), ("on-step-high", "step-4"),
]  # fmt: skip
CONTROLS = [
    *itertools.product(("edge", "accent", "danger", "good", "bad", "middle"), GROUNDS[:2]),
    ("series", "paper"), ("series", "card"),
    ("good", "good-ground"), ("middle", "middle-ground"), ("bad", "bad-ground"),
    ("note", "note-ground"), ("quiet", "sunken"), ("accent", "sunken"),
]  # fmt: skip
DATA = ("good", "bad", "series")
LEAST_APART = 40
"""Between two data colours as somebody with a colour blindness sees them, of 441 in sRGB."""
BLINDNESSES = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
"""By Machado, Oliveira and Fernandes (2009), at full severity."""


def ratio(scheme: str, one: str, other: str) -> float:
    tokens = tokens_of(scheme)
    return contrast(parse_colour(tokens[one]), parse_colour(tokens[other]))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_every_ground_that_it_stands_on(scheme: str) -> None:
    poor = {
        pair: round(found, 2)
        for pair in TEXTS
        if (found := ratio(scheme, *pair)) < TEXT_CONTRAST
    }  # fmt: skip

    assert poor == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_controls_and_data_can_be_told_from_their_ground(scheme: str) -> None:
    poor = {
        pair: round(found, 2)
        for pair in CONTROLS
        if (found := ratio(scheme, *pair)) < EDGE_CONTRAST
    }  # fmt: skip

    assert poor == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_good_and_bad_are_alike_in_lightness(scheme: str) -> None:
    assert ratio(scheme, "good", "bad") < 1.15


@pytest.mark.parametrize("blindness", BLINDNESSES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_data_colours_differ_for_the_colour_blind(scheme: str, blindness: str) -> None:
    tokens = tokens_of(scheme)
    seen = {name: as_seen(parse_colour(tokens[name]), blindness) for name in DATA}
    near = {
        pair: round(found)
        for pair in itertools.combinations(DATA, 2)
        if (found := distance(seen[pair[0]], seen[pair[1]])) < LEAST_APART
    }

    assert near == {}


def as_seen(colour: Rgb, blindness: str) -> tuple[float, ...]:
    rows = BLINDNESSES[blindness]
    return tuple(sum(a * b for a, b in zip(row, colour, strict=True)) for row in rows)


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def test_the_schemes_name_the_same_colours() -> None:
    light, dark = (
        {name for name, value in tokens_of(scheme, own=True).items() if value.startswith("#")}
        for scheme in SCHEMES
    )

    on_paper = {"sheet", "sheet-ink"}
    assert light - on_paper == dark, "paper and QR symbols are black on white in both"


def test_sheets_use_only_tokens_that_there_are_and_name_no_colour_but_there() -> None:
    declared = set(tokens_of("light"))
    for sheet in STYLES.glob("*.css"):
        text = sheet.read_text("utf-8")
        used = set(re.findall(r"var\(--([a-z0-9-]+)", text))
        assert used <= declared, sheet.name
        if sheet.name != "tokens.css":
            assert re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*;)|rgba?\(|hsla?\(", text) == [], (
                sheet.name
            )

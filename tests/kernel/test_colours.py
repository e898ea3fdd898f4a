"""Contrast as WCAG 2.2 defines it, and colours moved until they can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.colours import (
    BLACK,
    TEXT_CONTRAST,
    WHITE,
    Rgb,
    contrast,
    hex_colour,
    luminance,
    mix,
    parse_colour,
    readable,
    text_on,
    tinted,
)

PART = st.integers(0, 255)
COLOURS: st.SearchStrategy[Rgb] = st.tuples(PART, PART, PART)
SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#00ff00", 2.91),
        ("#0b6e5f", "#ffffff", 6.16),
    ],
)
def test_known_ratios(one: str, other: str, ratio: float) -> None:
    assert contrast(parse_colour(one), parse_colour(other)) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_from_1_to_21(one: Rgb, other: Rgb) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.000001
    assert contrast(one, one) == 1


@given(COLOURS, PART)
def test_more_of_any_part_is_never_darker(colour: Rgb, more: int) -> None:
    red, green, blue = colour
    assert luminance((max(red, more), green, blue)) >= luminance(colour)
    assert luminance(BLACK) <= luminance(colour) <= luminance(WHITE)


@given(COLOURS)
def test_a_colour_is_written_as_it_is_read(colour: Rgb) -> None:
    assert parse_colour(hex_colour(colour)) == colour
    assert parse_colour(hex_colour(colour).upper()) == colour


@given(COLOURS, COLOURS, SHARES)
def test_a_mixture_lies_between(one: Rgb, other: Rgb, share: float) -> None:
    for a, b, mixed in zip(one, other, mix(one, other, share), strict=True):
        assert min(a, b) <= mixed <= max(a, b)
    assert mix(one, other, 0) == other
    assert mix(one, other, 1) == one


@given(COLOURS)
def test_black_or_white_can_be_read_on_every_colour(ground: Rgb) -> None:
    assert contrast(text_on(ground), ground) >= TEXT_CONTRAST


@given(COLOURS, COLOURS)
def test_a_colour_moved_for_reading_can_be_read_and_moves_only_when_it_must(
    colour: Rgb, ground: Rgb
) -> None:
    moved = readable(colour, (ground,), text_on(ground))
    assert contrast(moved, ground) >= TEXT_CONTRAST
    if contrast(colour, ground) >= TEXT_CONTRAST:
        assert moved == colour


@given(COLOURS, COLOURS, SHARES)
def test_a_tint_leaves_text_readable(ground: Rgb, tint: Rgb, share: float) -> None:
    ink = text_on(ground)
    assert contrast(ink, tinted(ground, tint, share, ink)) >= TEXT_CONTRAST

"""A theme that could not be read, or whose logo is none, is refused with figures."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.colours import contrast, parse_colour
from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.checks import check_survey
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.survey import Survey

PNG = b"\x89PNG\r\n\x1a\n"
THEME = "$.presentation.theme"
COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def problems(**theme: Any) -> list[Problem]:
    tree = {
        "key": "s",
        "title": "S",
        "questions": [{"type": "nps", "key": "q", "text": "?"}],
        "presentation": {"theme": theme},
    }
    return check_survey(msgspec.convert(tree, Survey))


def logo(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def test_ink_that_cannot_be_read_is_refused_with_the_ratio_the_limit_and_both_colours() -> None:
    [problem] = problems(ink="#777777", background="#ffffff")
    assert (problem.path, problem.code, problem.limit) == (f"{THEME}.ink", "low_contrast", 4.5)
    assert problem.message == (
        "The ink #777777 on the background #ffffff has a contrast of 4.47:1; "
        "text needs 4.5:1 at least."
    )


def test_ink_alone_is_measured_on_white() -> None:
    [problem] = problems(ink="#999999")
    assert problem.path == f"{THEME}.ink"
    assert "background #ffffff (used unless you name one)" in problem.message


def test_a_background_alone_is_measured_under_the_usual_ink() -> None:
    [problem] = problems(background="#202020")
    assert problem.path == f"{THEME}.background"
    assert re.search(r"ink #[0-9a-f]{6} \(used unless you name one\)", problem.message)
    assert problems(background="#202020", ink="#f5f5f5") == []


@given(COLOURS, COLOURS)
def test_exactly_what_misses_the_limit_is_refused(ink: str, background: str) -> None:
    ratio = contrast(parse_colour(ink), parse_colour(background))
    found = problems(ink=ink, background=background)
    assert [problem.code for problem in found] == (["low_contrast"] if ratio < 4.5 else [])
    assert problems(ink=background, background=ink) == [] or found


@given(COLOURS)
def test_every_accent_is_accepted_because_it_is_adjusted(accent: str) -> None:
    assert problems(accent=accent) == []


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPrest", "image/webp"),
        (PNG + b"x" * (24 * 1024 - 8), "image/png"),
    ],
)
def test_a_small_picture_is_a_logo(content: bytes, media_type: str) -> None:
    assert problems(logo=logo(content, media_type)) == []


@pytest.mark.parametrize(
    ("address", "code", "part"),
    [
        (logo(PNG, "image/jpeg"), "bad_logo", "says image/jpeg, but holds a PNG picture"),
        (logo(b"GIF89a"), "bad_logo", "is no PNG picture"),
        ("data:image/png;base64,AAA", "bad_logo", "no well-formed base64"),
        (logo(PNG + b"x" * 40_000), "logo_too_large", "24576 bytes (24 KiB) at most; it has 40008"),
    ],
)
def test_what_is_no_logo_is_refused(address: str, code: str, part: str) -> None:
    [problem] = problems(logo=address)
    assert (problem.path, problem.code) == (f"{THEME}.logo", code)
    assert part in problem.message


@pytest.mark.parametrize(
    "address",
    ["https://example.com/logo.png", "data:image/svg+xml;base64,AAAA", "data:image/png,AAAA", ""],
)
def test_an_address_of_another_kind_is_refused_by_its_shape(address: str) -> None:
    tree = {
        "key": "s",
        "title": "S",
        "questions": [{"type": "nps", "key": "q", "text": "?"}],
        "presentation": {"theme": {"logo": address}},
    }
    with pytest.raises(InvalidDefinitionError) as caught:
        decode_survey(json.dumps(tree).encode(), "json")
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == (f"{THEME}.logo", "bad_format")
    assert "PNG, JPEG or WebP" in problem.message

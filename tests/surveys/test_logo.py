"""Logos come out of their `data:` address as the bytes that went in, or not at all."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.surveys.logo import logo_file, picture_type
from harken_server.surveys.survey import Theme

PNG = b"\x89PNG\r\n\x1a\n"
STARTS = {
    "image/png": (PNG, "png"),
    "image/jpeg": (b"\xff\xd8\xff\xe0", "jpg"),
    "image/webp": (b"RIFF\x24\0\0\0WEBP", "webp"),
}


def address(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


@given(st.sampled_from(sorted(STARTS)), st.binary(max_size=500))
def test_a_logo_is_served_as_it_was_written(media_type: str, rest: bytes) -> None:
    start, extension = STARTS[media_type]
    logo = logo_file(Theme(logo=address(start + rest, media_type)))
    assert logo is not None
    assert (logo.media_type, logo.content) == (media_type, start + rest)
    digest, _, found = logo.name.partition(".")
    assert (len(digest), found) == (16, extension)
    assert int(digest, 16) >= 0


def test_other_bytes_have_another_name_and_the_same_the_same() -> None:
    one, other = (logo_file(Theme(logo=address(PNG + end))) for end in (b"a", b"b"))
    again = logo_file(Theme(logo=address(PNG + b"a")))
    assert one is not None
    assert other is not None
    assert again == one
    assert one.name != other.name


def test_a_theme_without_a_logo_has_no_file() -> None:
    assert logo_file(Theme()) is None


@pytest.mark.parametrize(
    "logo",
    [
        "",
        "https://example.com/logo.png",
        "data:image/png;base64,",
        "data:image/png;base64,!!!!",
        "data:image/png;base64,AAA",
        "data:image/png," + PNG.decode("latin-1"),
        address(PNG, "image/svg+xml"),
        address(PNG, "text/html"),
        address(PNG, "image/jpeg"),
        address(b"<svg onload=alert(1)>"),
        "data:image/png;base64,\u00e9",
    ],
)
def test_what_is_no_picture_is_never_served_whatever_was_stored(logo: str) -> None:
    assert logo_file(Theme(logo=logo)) is None


@given(st.binary(max_size=40))
def test_any_bytes_can_be_looked_at(content: bytes) -> None:
    assert picture_type(content) in {None, *STARTS}

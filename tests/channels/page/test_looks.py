"""Colours, languages and kept pages."""

from __future__ import annotations

import gzip
import re
import string
from pathlib import Path
from uuid import uuid4

import brotli
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.page import themes
from harken_server.channels.page.documents import ID_SLOT, pack_document
from harken_server.channels.page.forms import make_form_id
from harken_server.channels.page.themes import (
    dark_scheme,
    light_scheme,
    style_tokens,
    theme_tokens,
)
from harken_server.channels.page.wording import choose_locale, preferred_locales
from harken_server.http.pages import Document
from harken_server.kernel.colours import contrast, hex_colour, parse_colour, readable, text_on
from harken_server.surveys.survey import Survey, Theme

STATIC = Path(themes.__file__).parent / "static"
COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(COLOURS)
def test_every_accent_is_readable_in_light_and_in_dark(accent):
    theme = Theme(accent=accent)
    for scheme in (light_scheme(theme), dark_scheme(theme)):
        _assert_readable(scheme)
        for ground in (scheme.card, scheme.page, scheme.soft):
            assert contrast(scheme.ink, ground) >= 7


@given(COLOURS, COLOURS, COLOURS)
def test_every_background_that_its_ink_can_be_read_on_is_readable_all_over(accent, ink, background):
    ground = parse_colour(background)
    ink = hex_colour(readable(parse_colour(ink), (ground,), text_on(ground)))

    scheme = light_scheme(Theme(accent=accent, ink=ink, background=background))

    assert (scheme.card, hex_colour(scheme.ink)) == (ground, ink)
    _assert_readable(scheme)


def _assert_readable(scheme):
    assert contrast(scheme.accent, scheme.on_accent) >= 4.5
    for ground in (scheme.card, scheme.page, scheme.soft):
        assert contrast(scheme.accent_ink, ground) >= 4.5
        assert contrast(scheme.ink, ground) >= 4.5
        assert contrast(scheme.muted, ground) >= 4.5
    assert contrast(scheme.accent, scheme.card) >= 1.25
    assert contrast(scheme.error, scheme.card) >= 4.5
    assert contrast(scheme.edge, scheme.card) >= 3


def test_an_accent_that_can_be_read_is_left_as_it_is():
    scheme = light_scheme(Theme(accent="#0b6e5f"))

    assert scheme.accent == scheme.accent_ink == (0x0B, 0x6E, 0x5F)


@pytest.mark.parametrize(
    ("scheme", "declared", "follows_device"),
    [("auto", ["light", "dark"], True), ("light", ["light"], False), ("dark", ["dark"], False)],
)
def test_a_theme_shows_one_scheme_or_follows_the_device(scheme, declared, follows_device):
    style = style_tokens(Theme(scheme=scheme))

    assert re.findall("color-scheme:(light|dark);", style) == declared
    assert ("@media" in style) == follows_device
    assert "prefers-color-scheme" not in (STATIC / "page.css").read_text("utf-8")


def test_what_the_browser_draws_fits_a_dark_background_too():
    dark = Theme(background="#101820", ink="#ffffff", scheme="light")

    assert "color-scheme:dark;" in theme_tokens(dark).light


@given(COLOURS, st.sampled_from(["auto", "light", "dark"]))
def test_both_schemes_are_given_as_plain_declarations(accent, scheme):
    for part in theme_tokens(Theme(accent=accent, scheme=scheme)):
        assert re.fullmatch(r"([a-zA-Z-]+:[^;{}<>]+;)+", part)
    names = [re.findall(r"--[a-z-]+(?=:)", part) for part in theme_tokens(Theme())[1:]]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("wanted", "header", "locale"),
    [
        (None, "", "en"),
        (None, "de", "de"),
        (None, "de-CH;q=0.9, en;q=0.1", "de"),
        (None, "pt", "pt-BR"),
        ("pt-BR", "de", "pt-BR"),
        ("PT_br", "", "pt-BR"),
        ("xx", "de", "de"),
        ("<script>", "*", "en"),
        (None, "de;q=0", "en"),
        (None, "de;q=high, pt-BR", "pt-BR"),
        (None, ",;;=,q" * 400, "en"),
    ],
)
def test_only_a_locale_that_the_survey_offers_is_chosen(wanted, header, locale):
    survey = msgspec.convert(
        {"key": "s", "title": "S", "locales": ["de", "pt-BR"],
         "questions": [{"type": "nps", "key": "q", "text": "Q"}]},
        Survey,
    )  # fmt: skip

    assert choose_locale(survey, wanted, header) == locale


@given(st.text(max_size=60))
def test_any_language_header_can_be_read(header):
    assert all(isinstance(tag, str) for tag in preferred_locales(header))


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_a_kept_page_is_the_same_plain_and_compressed(head, tail):
    head, tail = head.replace(b"\0", b"-"), tail.replace(b"\0", b"-")
    kept = pack_document(Document(head + ID_SLOT + tail, "policy"))
    form_id = str(make_form_id([b"key"], uuid4()))

    plain = kept.plain(form_id)

    assert plain == head + form_id.encode() + tail
    assert gzip.decompress(kept.gzipped(form_id)) == plain
    assert brotli.decompress(kept.brotlied(form_id)) == plain


def test_a_kept_page_is_put_together_from_two_brotli_pieces_rather_than_compressed_each_time():
    kept = pack_document(Document(b"<p>Hello</p>" * 50 + ID_SLOT + b"<p>Hello</p>" * 50, "policy"))

    assert kept.brotli_head
    assert len(kept.brotlied(str(make_form_id([b"key"], uuid4())))) < 150


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}

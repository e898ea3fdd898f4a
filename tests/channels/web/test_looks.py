"""Colours, languages and kept pages."""

from __future__ import annotations

import gzip
import string
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.web.documents import ID_SLOT, Document, keep_document
from harken_server.channels.web.phrases import LANGUAGES, Phrases, phrases_for
from harken_server.channels.web.themes import contrast, dark_scheme, light_scheme
from harken_server.channels.web.wording import choose_locale, preferred_locales
from harken_server.core.survey import Survey

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(COLOURS)
def test_every_accent_is_readable_in_light_and_in_dark(accent):
    for scheme in (light_scheme(accent), dark_scheme(accent)):
        assert contrast(scheme.accent, scheme.on_accent) >= 4.5
        for ground in (scheme.card, scheme.page, scheme.soft):
            assert contrast(scheme.accent_ink, ground) >= 4.5
            assert contrast(scheme.ink, ground) >= 7
            assert contrast(scheme.muted, ground) >= 4.5
        assert contrast(scheme.accent, scheme.card) >= 1.25
        assert contrast(scheme.error, scheme.card) >= 4.5
        assert contrast(scheme.edge, scheme.card) >= 3


def test_an_accent_that_can_be_read_is_left_as_it_is():
    assert light_scheme("#0b6e5f").accent == (0x0B, 0x6E, 0x5F)
    assert light_scheme("#0b6e5f").accent_ink == (0x0B, 0x6E, 0x5F)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same_names_as_english(language):
    english, own = phrases_for("en"), phrases_for(language)

    for name in Phrases.__struct_fields__:
        text = getattr(own, name)
        assert text.strip() == text
        assert text
        assert _names(text) == _names(getattr(english, name)), name


def test_languages_differ_from_english():
    english = msgspec.to_builtins(phrases_for("en"))
    for language in LANGUAGES[1:]:
        own = msgspec.to_builtins(phrases_for(language))
        same = [name for name, text in own.items() if text == english[name]]
        assert len(same) <= 8, (language, same)


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
    kept = keep_document(Document(head + ID_SLOT + tail, "policy"))
    response_id = uuid4()

    plain = kept.plain(response_id)

    assert plain == head + str(response_id).encode() + tail
    assert gzip.decompress(kept.gzipped(response_id)) == plain


def test_a_kept_page_without_a_slot_is_the_same_for_everybody():
    kept = keep_document(Document(b"<p>Hello", "policy"))

    assert gzip.decompress(kept.gzipped(None)) == kept.plain(None) == b"<p>Hello"


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}

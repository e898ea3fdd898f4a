"""Every catalogue of words is whole in every language it has; a faulty file says what is wrong."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec
import pytest
from source_files import SERVER

from harken_server.channels.email.words import MAIL_WORDS
from harken_server.channels.kiosk.words import KIOSK_WORDS
from harken_server.channels.messages.words import MESSAGE_WORDS
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.channels.receipts.words import RECEIPT_WORDS
from harken_server.insights.page.words import RESULT_WORDS
from harken_server.kernel.languages import LANGUAGES
from harken_server.kernel.words import Catalogue


class Spoken(NamedTuple):
    """A catalogue and how many of its words a language may share with English."""

    words: Catalogue[Any]
    most_as_in_english: int


CATALOGUES = {
    "email": Spoken(MAIL_WORDS, 0),
    "kiosk": Spoken(KIOSK_WORDS, 0),
    "messages": Spoken(MESSAGE_WORDS, 1),
    "page": Spoken(PAGE_WORDS, 8),
    "receipts": Spoken(RECEIPT_WORDS, 0),
    "results": Spoken(RESULT_WORDS, 0),
}
FILES = [
    (name, language) for name, spoken in CATALOGUES.items() for language in spoken.words.languages
]


def test_every_folder_of_words_is_in_the_table_above():
    folders = {path for path in SERVER.rglob("words") if path.is_dir()}

    assert {spoken.words.folder for spoken in CATALOGUES.values()} == folders


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_has_one_file_a_language_and_no_other(name):
    words = CATALOGUES[name].words

    assert {path.stem for path in words.folder.glob("*.toml")} == set(words.languages)
    assert set(words.languages) in ({"en"}, set(LANGUAGES))


@pytest.mark.parametrize(("name", "language"), FILES)
def test_every_language_has_every_word_and_fills_in_what_english_does(name, language):
    spoken = CATALOGUES[name]
    english, own = _texts(spoken.words, "en"), _texts(spoken.words, language)

    assert own.keys() == english.keys()
    for key, text in own.items():
        assert text.strip() == text
        assert text
        assert _slots(text) == _slots(english[key]), key
    same = [key for key, text in own.items() if text == english[key]]
    assert language == "en" or len(same) <= spoken.most_as_in_english, same


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('go = "Los"', "missing required field `stop`"),
        ('go = "Los"\nstop = 3', "$.stop"),
        ('go = "Los"\nstop = "Halt"\nwait = "Warte"', "unknown field `wait`"),
        ('go = "Los', "string"),
    ],
)
def test_a_faulty_file_is_named_with_the_word_that_is_wrong(tmp_path, text, fault):
    (tmp_path / "de.toml").write_text(text)

    with pytest.raises(ValueError, match=re.escape(str(tmp_path / "de.toml"))) as raised:
        Catalogue(tmp_path, _Signs).of("de-AT")

    assert fault in str(raised.value)


def test_words_are_those_of_the_nearest_language_and_read_once(tmp_path):
    for language, text in (("de", "Los"), ("en", "Go")):
        (tmp_path / f"{language}.toml").write_text(f'go = "{text}"\nstop = "Stop"')
    signs = Catalogue(tmp_path, _Signs)

    assert signs.of("eo", "de-CH").go == "Los"
    assert signs.of("eo") is signs.of("en-GB")


def test_a_catalogue_in_english_alone_says_everything_in_english(tmp_path):
    (tmp_path / "en.toml").write_text('go = "Go"\nstop = "Stop"')

    assert Catalogue(tmp_path, _Signs, ("en",)).of("de").go == "Go"


class _Signs(msgspec.Struct, forbid_unknown_fields=True):
    go: str
    stop: str


def _texts(words: Catalogue[Any], language: str) -> dict[str, str]:
    """All texts by their path in the file."""
    found: dict[str, str] = {}
    for key, value in msgspec.to_builtins(words.of(language)).items():
        parts = value if isinstance(value, dict) else {"": value}
        found |= {f"{key}.{part}": text for part, text in parts.items()}
    return found


def _slots(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))

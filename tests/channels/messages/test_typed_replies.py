"""Replies read as answers: digits, words, texts; in messages and on keypads."""

from __future__ import annotations

from typing import Any

import pytest
from every_type import TYPES, question_of
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.messages.rules import (
    SKIP_WORDS,
    STOP_WORDS,
    Medium,
    is_askable,
    is_stop,
    keys_of,
    read_reply,
)
from harken_server.channels.messages.words import MESSAGE_WORDS
from harken_server.kernel.languages import LANGUAGES
from harken_server.surveys.questions.types import (
    Choice,
    Consent,
    Date,
    LongText,
    Matrix,
    MultipleChoice,
    Nps,
    Number,
    Question,
    Ranking,
    Rating,
    SingleChoice,
    Statement,
)

CHOICES = (
    Choice(value="price", label={"en": "Price", "de": "Preis"}),
    Choice(value="speed", label="Speed"),
    Choice(value="taste", label="Taste"),
)
NPS = Nps(key="q", text="?")
PICK = SingleChoice(key="q", text="?", choices=CHOICES)
PICK_OTHER = SingleChoice(key="q", text="?", choices=CHOICES, other="Other")
MANY = MultipleChoice(
    key="q", text="?", choices=CHOICES, other="Other", none=Choice(value="nothing", label="None")
)
RANK = Ranking(key="q", text="?", choices=CHOICES)
MATRIX = Matrix(key="q", text="?", rows=CHOICES, columns=CHOICES)
QUESTIONS = (*(question_of(kind) for kind in TYPES), PICK, PICK_OTHER, MANY)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        (NPS, "9", 9),
        (NPS, " 10 ", 10),
        (NPS, "0", 0),
        (NPS, "9/10, thanks!", 9),
        (NPS, "I say 7", 7),
        (NPS, "٩", 9),
        (NPS, "८", 8),
        (Rating(key="q", text="?", low=0, high=1, style="thumbs"), "\U0001f44d\U0001f3fd", 1),
        (Rating(key="q", text="?", low=0, high=1, style="thumbs"), "\U0001f44e", 0),
        (PICK, "2", "speed"),
        (PICK, "2.", "speed"),
        (PICK, "preis", "price"),
        (PICK, "Taste!", "taste"),
        (PICK_OTHER, "the music", {"other": "the music"}),
        (MANY, "1 3", ["price", "taste"]),
        (MANY, "13", ["price", "taste"]),
        (MANY, "3,1,3", ["taste", "price"]),
        (MANY, "4", ["nothing"]),
        (MANY, "speed", ["speed"]),
        (MANY, "the music", [{"other": "the music"}]),
        (RANK, "3 1 2", ["taste", "price", "speed"]),
        (RANK, "312", ["taste", "price", "speed"]),
        (Consent(key="q", text="?", label="I agree"), "1", True),
        (Consent(key="q", text="?", label="I agree"), "2", False),
        (Number(key="q", text="?"), "12,5", 12.5),
        (Number(key="q", text="?"), "12", 12),
        (Date(key="q", text="?"), "2026-11-21", "2026-11-21"),
        (Date(key="q", text="?"), "1.3.2026", "2026-03-01"),
        (LongText(key="q", text="?"), "It was cold. 9 degrees", "It was cold. 9 degrees"),
    ],
)
def test_a_message_is_read(question: Question, text: str, value: Any) -> None:
    assert read_reply(question, text, "text", "en").value == value


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (NPS, ""),
        (NPS, "11"),
        (NPS, "-1 or 2"),
        (NPS, "8 or 9"),
        (NPS, "9/11"),
        (NPS, "great"),
        (PICK, "4"),
        (PICK, "12"),
        (PICK, "no idea"),
        (PICK_OTHER, "77"),
        (MANY, "1 9"),
        (RANK, "1 1 2"),
        (RANK, "first"),
        (Consent(key="q", text="?", label="I agree"), "maybe"),
        (Number(key="q", text="?"), "about 12"),
        (Date(key="q", text="?"), "yesterday"),
        (MATRIX, "1"),
        (Statement(key="q", text="?"), "1"),
    ],
)
def test_what_cannot_be_read_is_unclear(question: Question, text: str) -> None:
    assert read_reply(question, text, "text", "en").is_unclear


@pytest.mark.parametrize(
    ("question", "digits", "value"),
    [
        (NPS, "10", 10),
        (PICK_OTHER, "3", "taste"),
        (MANY, "13", ["price", "taste"]),
        (Number(key="q", text="?"), "12*5", 12.5),
        (Date(key="q", text="?"), "20261121", "2026-11-21"),
    ],
)
def test_a_keypad_is_read(question: Question, digits: str, value: Any) -> None:
    assert read_reply(question, digits, "digits", "en").value == value


def test_skipping_is_only_for_what_need_not_be_answered() -> None:
    needed = Nps(key="q", text="?", required=True)
    for word in SKIP_WORDS:
        assert read_reply(NPS, f" {word.upper()}. ", "text", "en").is_skip
        assert not read_reply(needed, word, "text", "en").is_skip
    assert read_reply(NPS, "#", "digits", "en").is_skip
    assert read_reply(NPS, "", "digits", "en").is_skip
    assert read_reply(needed, "#", "digits", "en").is_unclear


def test_the_skip_word_of_each_language_is_read() -> None:
    for language in LANGUAGES:
        assert MESSAGE_WORDS.of(language).skip_word in SKIP_WORDS


def test_stop_is_the_whole_message() -> None:
    assert all(is_stop(f"{word.upper()} !") for word in STOP_WORDS)
    assert not any(map(is_stop, ["please stop it", "9", "", "the end of it", "unstoppable"]))


def test_what_a_keypad_cannot_say_is_not_asked_there() -> None:
    asked: dict[Medium, set[str]] = {
        medium: {type(each).__name__ for each in QUESTIONS if is_askable(each, medium)}
        for medium in ("text", "digits")
    }

    assert asked["text"] - asked["digits"] == {"ShortText", "LongText", "Email", "Phone"}
    assert not asked["text"] & {"Matrix", "Statement"}


@pytest.mark.parametrize("medium", ["text", "digits"])
@pytest.mark.parametrize("kind", TYPES)
def test_every_question_that_is_asked_can_be_answered(kind: str, medium: Medium) -> None:
    question = question_of(kind, required=question_of(kind).behaviour.takes_answer)
    keys = [key.send for key in keys_of(question)]

    read = [read_reply(question, text, medium, "en") for text in keys or ("20261121", "in words")]

    assert is_askable(question, medium) == any(not reading.is_unclear for reading in read)


@pytest.mark.parametrize("question", [each for each in QUESTIONS if keys_of(each)], ids=repr)
def test_every_key_is_read_as_what_it_stands_for(question: Question) -> None:
    for key in keys_of(question):
        for medium in ("text", "digits"):
            read = read_reply(question, key.send, medium, "en").value
            assert read in (key.value, [key.value])


@given(st.sampled_from(QUESTIONS), st.text(max_size=60), st.sampled_from(["text", "digits"]))
def test_no_reply_breaks_the_reading(question: Question, text: str, medium: Medium) -> None:
    read_reply(question, text, medium, "en")

"""What somebody sends back to one question: a digit, some digits, a word, a text. Pure.

The same reading serves text messages, chat and the keypad of a telephone. Numbers may be written in
the digits of any script. Whatever is read is checked by the survey's own validator afterwards.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias

from harken_server.kernel.formats import normalise_phone
from harken_server.kernel.local.days import read_day
from harken_server.kernel.local.numbers import DECIMAL_SIGN, read_number
from harken_server.surveys.questions import types as q
from harken_server.surveys.texts import LocalText

Medium: TypeAlias = Literal["text", "digits"]
"""`text` for messages; `digits` for a keypad, which has 0 to 9, * and # only."""

YES, NO = "1", "2"
KEYPAD_SKIP = "#"
STOP_WORDS = frozenset({
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "stopp", "arret", "arrêt", "parar",
    "basta", "fermati", "stoppen", "avsluta", "afslut", "koniec", "توقف", "إيقاف", "הסר", "עצור",
})  # fmt: skip
"""What ends all asking when a text message says only this."""

SKIP_WORDS = frozenset({
    "skip", "weiter", "passer", "omitir", "salta", "overslaan", "hopp", "hoppa", "spring", "pomiń",
    "saltar", "تخطي", "דלג",
})  # fmt: skip
"""What leaves a question out; the prompts name the one of their language."""

_LONGEST_TYPED = 12_000
_MOST_NUMBERS = 100
"""Choices that a question may have."""
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d{1,20}")
_KEYED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_THUMBS = {"\N{THUMBS DOWN SIGN}": 0, "\N{THUMBS UP SIGN}": 1}


class Reading(NamedTuple):
    """What a reply means; no value and not left out means that it was not understood."""

    value: Any = None
    is_skip: bool = False

    @property
    def is_unclear(self) -> bool:
        """Whether the question has to be put again."""
        return self.value is None and not self.is_skip


UNCLEAR = Reading()
LEFT_OUT = Reading(is_skip=True)


class Key(NamedTuple):
    """Something that can be sent or pressed, and what it stands for."""

    send: str
    value: Any
    label: LocalText | None
    """None for a number that speaks for itself, and for yes and no."""


def is_askable(question: q.Question, medium: Medium) -> bool:
    """Whether a question can be put in this medium at all.

    A matrix never can; texts, e-mail addresses and phone numbers cannot be keyed in.
    """
    replies = question.behaviour.replies
    return replies == "all" or replies == medium


def keys_of(question: q.Question) -> tuple[Key, ...]:
    """What can be sent, for questions with a list of answers; empty for the others."""
    match question:
        case q.RatingBase():
            low, high = q.scale_of(question)
            return tuple(Key(str(number), number, None) for number in range(low, high + 1))
        case q.OneChoice() | q.MultipleChoice() | q.Ranking():
            return _numbered(question.listed())
        case q.Consent():
            return (Key(YES, True, None), Key(NO, False, None))
        case q.Matrix() | q.Written() | q.Statement():
            return ()


def is_stop(text: str) -> bool:
    """Whether the whole message asks for no more messages."""
    return text.strip(" \t\r\n.!\"'").casefold() in STOP_WORDS


def read_reply(question: q.Question, text: str, medium: Medium, locale: str) -> Reading:
    """Read a reply to this question. Never raises.

    A skip word of any language leaves a question out in a text, `#` on a keypad; both are read as
    skipping only where an answer is not required.

    >>> read_reply(q.Nps(key="nps", text="?"), "9/10, thanks!", "text", "en")
    Reading(value=9, is_skip=False)
    """
    given = _plain_digits(text[:_LONGEST_TYPED]).strip()
    if not question.required and _is_skip(given, medium):
        return LEFT_OUT
    if not given:
        return UNCLEAR
    match question:
        case q.RatingBase():
            return _read_rating(question, given)
        case q.OneChoice():
            return _read_choice(question, given, medium)
        case q.MultipleChoice():
            return _read_choices(question, given)
        case q.Ranking():
            return _read_ranking(question, given)
        case q.Consent():
            found = _choice_number(given, 2)
            return UNCLEAR if found is None else Reading(found == 1)
        case q.Number():
            return _read_number(question, given, medium, locale)
        case q.Date():
            return _read_day(given, locale)
        case q.Phone() if medium == "text":
            return Reading(normalise_phone(given))
        case q.ShortText() | q.LongText() | q.Email() | q.Phone():
            return Reading(given) if medium == "text" else UNCLEAR
        case q.Matrix() | q.Statement():
            return UNCLEAR


def _numbered(choices: tuple[q.Choice, ...]) -> tuple[Key, ...]:
    return tuple(
        Key(str(number), choice.value, choice.label) for number, choice in enumerate(choices, 1)
    )


def _is_skip(given: str, medium: Medium) -> bool:
    if medium == "digits":
        return given in {"", KEYPAD_SKIP}
    return given.strip(".!").casefold() in SKIP_WORDS


def _read_rating(question: q.RatingQuestion, given: str) -> Reading:
    low, high = q.scale_of(question)
    for sign, end in _THUMBS.items():
        if sign in given and high - low == 1:
            return Reading((low, high)[end])
    found = [int(number) for number in _numbers(given)[:2]]
    is_of_ten = len(found) == 2 and found[1] == high and "/" in given
    if len(found) != 1 and not is_of_ten:
        return UNCLEAR
    return Reading(found[0]) if low <= found[0] <= high else UNCLEAR


def _read_choice(question: q.OneChoiceQuestion, given: str, medium: Medium) -> Reading:
    number = _choice_number(given, len(question.choices))
    if number is not None:
        return Reading(question.choices[number - 1].value)
    named = _named(question.choices, given)
    if named is not None:
        return Reading(named)
    if question.other is not None and medium == "text" and not _NUMBER.fullmatch(given):
        return Reading({q.OTHER: given})
    return UNCLEAR


def _read_choices(question: q.MultipleChoice, given: str) -> Reading:
    choices = question.listed()
    numbers = _listed(given, len(choices))
    if numbers:
        return Reading([choices[number - 1].value for number in dict.fromkeys(numbers)])
    named = _named(choices, given)
    if named is not None:
        return Reading([named])
    if question.other is not None and not _NUMBER.search(given):
        return Reading([{q.OTHER: given}])
    return UNCLEAR


def _read_ranking(question: q.Ranking, given: str) -> Reading:
    numbers = _listed(given, len(question.choices))
    if not numbers or len(set(numbers)) < len(numbers):
        return UNCLEAR
    return Reading([question.choices[number - 1].value for number in numbers])


def _read_number(question: q.Number, given: str, medium: Medium, locale: str) -> Reading:
    """On a keypad `*` is the decimal sign."""
    text = given.replace("*", DECIMAL_SIGN) if medium == "digits" else given
    return Reading(read_number(text, locale, is_whole=question.is_whole))


def _read_day(given: str, locale: str) -> Reading:
    """A keypad has no signs: `20261121` is a day too."""
    if (found := _KEYED_DAY.fullmatch(given)) is not None:
        return Reading(f"{found[1]}-{found[2]}-{found[3]}")
    return Reading(read_day(given, locale))


def _numbers(given: str) -> list[str]:
    """As many numbers as a reply can be, and one more."""
    return [found[0] for found in islice(_NUMBER.finditer(given), _MOST_NUMBERS + 1)]


def _choice_number(given: str, count: int) -> int | None:
    """The one number that the reply is, alone or before a dot or a word; None otherwise."""
    found = _numbers(given)
    if len(found) != 1 or not given.startswith(found[0]):
        return None
    number = int(found[0][:4])
    return number if 1 <= number <= count else None


def _listed(given: str, count: int) -> list[int]:
    """Numbers of choices; digits without a gap are one number each where 9 or fewer exist."""
    runs = _numbers(given)
    if count <= 9:
        runs = [digit for run in runs for digit in run]
    numbers = [int(run[:4]) for run in runs]
    return numbers if all(1 <= number <= count for number in numbers) else []


def _named(choices: tuple[q.Choice, ...], given: str) -> str | None:
    wanted = given.strip(".!").casefold()
    for choice in choices:
        labels = [choice.label] if isinstance(choice.label, str) else list(choice.label.values())
        if wanted in {choice.value, *(label.casefold() for label in labels)}:
            return choice.value
    return None


def _plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9."""
    return _DIGIT.sub(lambda digit: "0123456789"[int(digit[0])], text)

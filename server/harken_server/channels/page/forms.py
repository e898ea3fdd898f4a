"""Form fields to wire answers, one rule a question type; nothing here judges an answer.

What cannot be read as the type asked for is passed on as it was typed, so that the one validator
names the problem and the page shows the text again.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.bodies import pairs_of
from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import normalise_phone
from harken_server.kernel.local.days import read_day
from harken_server.kernel.local.numbers import read_number
from harken_server.surveys.answers.problems import answer_problem
from harken_server.surveys.questions import types as q

PREFIX = "a_"
"""Before a question's key in a field name, so that no key can clash with the page's own fields."""
LANGUAGE = "lang"
"""The field that says in which locale a page was shown and filled in."""
TRAP = "more"
"""The field that nobody sees; no browser knows a person's data by such a name."""
MAX_FIELDS = 2_000
OTHER_MISSING = "other_missing"
"""Code of the problem that the choice of one's own has no words."""
Form: TypeAlias = Mapping[str, list[str]]
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}[.][0-9]{1,20}")
SENT = "go"
"""Ends the query of the address that a first page's form is sent to (`had_again.py`)."""
SENT_TO = f"?{SENT}"
"""That address for a link without a query."""
FORM_ID_CHARS = 59
"""36 of the id, a point, 22 of the secret."""
_LABEL = b"harken page form 1"
_MAC_BYTES = 16
_SECRET_CHARS = 22


def read_form(raw: bytes) -> dict[str, list[str]]:
    """The fields of an `application/x-www-form-urlencoded` body or query, repeats kept.

    Raises BadRequestError (`malformed_form`) for more than MAX_FIELDS, or what is not UTF-8.
    """
    if not raw:
        return {}
    if not raw.isascii() or raw.count(b"&") >= MAX_FIELDS:
        message = f"This is not a form of {MAX_FIELDS} fields at most."
        raise BadRequestError(message, code="malformed_form")
    fields: dict[str, list[str]] = {}
    try:
        for name, value in pairs_of(raw, "strict"):
            fields.setdefault(name, []).append(value)
    except UnicodeDecodeError as error:
        raise BadRequestError("This is not a form.", code="malformed_form") from error
    return fields


def first_value(form: Form, name: str) -> str:
    """The first value of a field; empty when there is none."""
    return form.get(name, [""])[0]


def decode_answers(
    questions: Iterable[q.Question], form: Form, *, is_whole: bool = False
) -> dict[str, Any]:
    """The answers that the form gives to these questions; left-out and empty fields give none.

    In a page that was sent whole, an empty box is a refusal and not a missing answer.
    """
    answers: dict[str, Any] = {}
    for question in questions:
        value = decode_answer(question, form, is_whole=is_whole)
        if value is not None:
            answers[question.key] = value
    return answers


def decode_answer(question: q.Question, form: Form, *, is_whole: bool = False) -> Any:
    """The wire value of one question, or None when it was not answered."""
    name = PREFIX + question.key
    match question:
        case q.RatingBase():
            return _rating(first_value(form, name))
        case q.OneChoice():
            return _single_choice(form, name)
        case q.MultipleChoice():
            return _multiple_choice(form, name)
        case q.Matrix():
            chosen = {row.value: first_value(form, f"{name}.{row.value}") for row in question.rows}
            return {row: column for row, column in chosen.items() if column} or None
        case q.Ranking():
            return _ranking(first_value(form, f"{name}.{place}") for place in places_of(question))
        case q.ShortText() | q.LongText():
            return _text(form, name)
        case q.Number():
            return _number(question, first_value(form, name), first_value(form, LANGUAGE))
        case q.Date():
            typed = first_value(form, name).strip()
            return read_day(typed, first_value(form, LANGUAGE)) or typed or None
        case q.Phone():
            typed = first_value(form, name).strip()
            return normalise_phone(typed) or typed or None
        case q.Email():
            return first_value(form, name).strip() or None
        case q.Consent():
            return bool(first_value(form, name)) if is_whole or name in form else None
        case q.Statement():
            return None


def filled_by(link: Form) -> frozenset[str]:
    """The questions that a link answers by itself, such as `?a_recommend=9`.

    >>> sorted(filled_by({"a_recommend": ["9"], "a_reason.other": ["Rain"], "lang": ["de"]}))
    ['reason', 'recommend']
    """
    named = (name.removeprefix(PREFIX) for name in link if name.startswith(PREFIX))
    return frozenset(name.partition(".")[0] for name in named)


def problems_beside(questions: Iterable[q.Question], answers: Mapping[str, Any]) -> list[Problem]:
    """What a page asks about though the answer is sound: a choice of one's own without words."""
    return [
        answer_problem(question.key, OTHER_MISSING, f"`{question.key}` has no words for `other`.")
        for question in questions
        if question.required and _is_wordless(answers.get(question.key))
    ]


def places_of(question: q.Ranking) -> range:
    """The places to fill, from 1."""
    return range(1, min(question.max_ranked or len(question.choices), len(question.choices)) + 1)


class FormId(msgspec.Struct, frozen=True):
    """Whose form a page is."""

    response_id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{self.response_id}.{self.secret}"


NO_FORM = FormId(UUID(int=0), "")
"""Where no page is shown."""


def make_form_id(keys: Sequence[bytes], response_id: UUID) -> FormId:
    """The id of a new page's form, signed with the first key."""
    return FormId(response_id, _secret(keys[0], response_id))


def read_form_id(keys: Sequence[bytes], text: str) -> FormId | None:
    """What a form names; None for what no key of this server signed. Any text may be passed."""
    name, _, secret = text.partition(".")
    if len(text) != FORM_ID_CHARS or not text.isascii():
        return None
    try:
        response_id = UUID(name)
    except ValueError:
        return None
    is_ours = any(hmac.compare_digest(_secret(key, response_id), secret) for key in keys)
    return FormId(response_id, secret) if is_ours else None


def _is_wordless(value: Any) -> bool:
    return value == q.OTHER or (isinstance(value, list) and q.OTHER in value)


def _rating(typed: str) -> Any:
    return int(typed) if _WHOLE.fullmatch(typed) else typed or None


def _number(question: q.Number, typed: str, locale: str) -> Any:
    """A number as people of a language type it; without a language, as programs write it."""
    if locale:
        read = read_number(typed, locale, is_whole=question.is_whole)
        return (typed.strip() or None) if read is None else read
    if _WHOLE.fullmatch(typed):
        return int(typed)
    return float(typed) if _DECIMAL.fullmatch(typed) else typed.strip() or None


def _text(form: Form, name: str) -> str | None:
    typed = first_value(form, name).replace("\r\n", "\n").replace("\r", "\n")
    return typed if typed.strip() else None


def _ranking(places: Iterable[str]) -> list[str] | None:
    """The choices in their places; one left empty before others stays empty, to be asked about."""
    filled = list(places)
    while filled and not filled[-1]:
        filled.pop()
    return filled or None


def _single_choice(form: Form, name: str) -> Any:
    """Words beside another choice than their own are kept with it, to be asked about."""
    chosen, own = first_value(form, name), first_value(form, f"{name}.{q.OTHER}").strip()
    if not own:
        return chosen or None
    return {q.OTHER: own} if chosen in {"", q.OTHER} else [chosen, {q.OTHER: own}]


def _multiple_choice(form: Form, name: str) -> Any:
    own = first_value(form, f"{name}.{q.OTHER}").strip()
    chosen: list[Any] = [value for value in dict.fromkeys(form.get(name, [])) if value]
    if own:
        return [*(value for value in chosen if value != q.OTHER), {q.OTHER: own}]
    return chosen or None


def _secret(key: bytes, response_id: UUID) -> str:
    mac = hmac.digest(_derived(key), response_id.bytes, "sha256")[:_MAC_BYTES]
    return urlsafe_b64encode(mac)[:_SECRET_CHARS].decode()


@lru_cache(maxsize=16)
def _derived(key: bytes) -> bytes:
    return hmac.digest(key, _LABEL, "sha256")

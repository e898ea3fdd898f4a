"""What is remembered of forms: little, for a while, and nothing that can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from harken_server.responses.programs import rules
from harken_server.responses.programs.rules import (
    LIMITS,
    Limit,
    RepeatedForms,
    digests_of,
    is_too_quick,
    passes,
)
from harken_server.surveys.answers.typed_rows import AnswerRow

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WORDS = "The queue was long, the lift did not work, and nobody could tell us where to go instead."


def sent_again(
    forms: RepeatedForms, words: str, *, client: bytes = b"c", at: datetime = NOW, rating: int = 0
) -> bool:
    rows = [AnswerRow("recommend", rating=rating), AnswerRow("why", text=words)]
    return forms.is_repeated(digests_of(forms.key, b"s", client, rows, {"why"}), uuid4(), at)


@pytest.mark.parametrize("strictness", [1, 50, 100, 200, 400])
@pytest.mark.parametrize("limit", LIMITS)
def test_as_many_pass_as_the_limit_says_and_no_more(limit: Limit, strictness: int) -> None:
    forms = RepeatedForms(b"key", strictness)
    words = WORDS.replace(" ", "-")[: limit.min_characters]
    clients = [b"one"] * 60 if limit.is_of_client else [b"%d" % n for n in range(60)]

    found = [sent_again(forms, words, client=each) for each in clients]

    assert found.index(True) == passes(limit, strictness)
    assert all(found[found.index(True) :])


def test_after_its_time_a_form_is_new_again() -> None:
    forms = RepeatedForms(b"key", 100)
    assert [sent_again(forms, WORDS) for _ in range(6)] == [False] * 5 + [True]

    assert not sent_again(forms, WORDS, at=NOW + timedelta(hours=24))
    assert not sent_again(forms, WORDS, at=NOW - timedelta(days=400)), "a clock that was put back"


def test_other_surveys_words_and_hidden_answers_are_another_form() -> None:
    rows = [AnswerRow("why", text=WORDS)]
    same = [AnswerRow("why", text=f"  {WORDS.upper()} ")]
    hidden = [AnswerRow("why", text=WORDS, is_hidden=True)]

    def digest(key: bytes, place: bytes, rows: list[AnswerRow]) -> set[bytes]:
        return {each for _, each in digests_of(key, place, b"c", rows, {"why"})}

    usual = digest(b"k", b"s", rows)
    assert len(usual) == len(LIMITS)
    assert digest(b"k", b"s", same) == usual
    assert digest(b"k", b"s", hidden) == set()
    assert usual.isdisjoint(digest(b"k", b"other", rows) | digest(b"other", b"s", rows))


def test_memory_is_bounded_and_holds_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_FORMS", 50)
    forms = RepeatedForms(b"key", 100)

    for number in range(200):
        sent_again(forms, f"{WORDS} {number}", client=b"203.0.113.7")

    kept = forms.digests()
    assert len(kept) == 50
    assert {len(digest) for digest in kept} == {16}
    assert b"queue" not in b"".join(kept)


@pytest.mark.parametrize(
    ("took_ms", "choices", "strictness", "is_sign"),
    [(499, 1, 100, True), (500, 1, 100, False), (1500, 1, 100, False), (600, 3, 100, True),
     (700, 3, 100, False), (999, 1, 200, True), (300, 0, 50, False), (0, 0, 100, True)],
)  # fmt: skip
def test_a_page_takes_a_person_so_long(
    took_ms: int, choices: int, strictness: int, is_sign: bool
) -> None:
    sent_at = NOW + timedelta(milliseconds=took_ms)

    assert is_too_quick(NOW, sent_at, choices, strictness) == is_sign
    assert not is_too_quick(None, sent_at, choices, strictness), "nobody knows when it was made"

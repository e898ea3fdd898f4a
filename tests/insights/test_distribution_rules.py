"""Distributions over choices: bases, shares, intervals, versions that offered other things."""

from __future__ import annotations

import pytest

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import distribute
from harken_server.surveys.questions.types import (
    Choice,
    Consent,
    Matrix,
    MultipleChoice,
    Ranking,
    SingleChoice,
)

A, B, C = (Choice(value=value, label=value.upper()) for value in "abc")


def test_single_choice_shares_are_of_answers_with_wilson_intervals() -> None:
    question = SingleChoice(key="q", text="?", choices=(A, B), other="Else")
    rows = [CountRow("q", "", "a", 18), CountRow("q", "", "other", 2), CountRow("x", "", "a", 9)]

    [found] = distribute(question, rows)

    assert found.n == 20
    assert [(choice.value, choice.n) for choice in found.choices] == [
        ("a", 18), ("b", 0), ("other", 2),
    ]  # fmt: skip
    assert found.choices[0].share == 90
    assert found.choices[0].low == pytest.approx(69.9, abs=0.05)
    assert found.choices[0].high == pytest.approx(97.2, abs=0.05)


def test_a_choice_that_only_older_versions_had_is_kept_last() -> None:
    question = SingleChoice(key="q", text="?", choices=(A, B))

    [found] = distribute(question, [CountRow("q", "", "old", 1), CountRow("q", "", "b", 1)])

    assert [choice.value for choice in found.choices] == ["a", "b", "old"]
    assert found.n == 2


def test_multiple_choice_shares_are_of_answers_with_wilson_intervals() -> None:
    question = MultipleChoice(key="q", text="?", choices=(A, B), none=C)
    rows = [
        CountRow("q", "", "", 20),
        CountRow("q", "a", "a", 18),
        CountRow("q", "b", "b", 10),
        CountRow("q", "c", "c", 2),
        CountRow("x", "", "", 7),
    ]

    [found] = distribute(question, rows)

    assert found.n == 20
    assert [(choice.value, choice.share) for choice in found.choices] == [
        ("a", 90), ("b", 50), ("c", 10),
    ]  # fmt: skip
    assert found.choices[0].low == pytest.approx(69.9, abs=0.05)
    assert found.choices[0].high == pytest.approx(97.2, abs=0.05)


def test_answers_of_several_days_are_added_up() -> None:
    question = MultipleChoice(key="q", text="?", choices=(A, B))
    rows = [
        CountRow("q", "", "", 1, 5), CountRow("q", "", "", 3, 6),
        CountRow("q", "a", "a", 1, 5), CountRow("q", "a", "a", 2, 6),
    ]  # fmt: skip

    [found] = distribute(question, rows)

    assert (found.n, [choice.share for choice in found.choices]) == (4, [75, 0])


def test_a_matrix_has_one_distribution_a_row_with_its_own_n() -> None:
    question = Matrix(key="q", text="?", rows=(A, B), columns=(B, C))

    rows = [CountRow("q", "", "", 5), CountRow("q", "a", "c", 2), CountRow("q", "a", "b", 2)]

    first, second = distribute(question, rows)

    assert (first.row, first.n, [choice.share for choice in first.choices]) == ("a", 4, [50, 50])
    assert (second.row, second.n, second.choices[0].share) == ("b", 0, None)


def test_a_ranking_counts_people_by_their_one_first_place() -> None:
    question = Ranking(key="q", text="?", choices=(A, B))
    rows = [
        CountRow("q", "", "", 4),
        CountRow("q", "a", "1", 3),
        CountRow("q", "a", "2", 1),
        CountRow("q", "b", "1", 1),
        CountRow("q", "b", "2", 3),
    ]

    [found] = distribute(question, rows)

    assert found.n == 4
    assert [(choice.value, choice.share, choice.mean_place) for choice in found.choices] == [
        ("a", 75, 1.25),
        ("b", 25, 1.75),
    ]


def test_consent_is_given_or_refused() -> None:
    question = Consent(key="q", text="?", label="Yes")

    [found] = distribute(question, [CountRow("q", "", "1", 4)])

    assert [(choice.value, choice.n) for choice in found.choices] == [("1", 4), ("0", 0)]


def test_nobody_answered_has_no_shares() -> None:
    [found] = distribute(SingleChoice(key="q", text="?", choices=(A, B)), [])

    assert found.n == 0
    assert {choice.share for choice in found.choices} == {None}


def test_a_new_choice_is_a_share_of_those_who_could_choose_it() -> None:
    old, new = (SingleChoice(key="q", text="?", choices=offered) for offered in ((A, B), (A, B, C)))
    rows = [
        CountRow("q", "", "a", 80, version=1),
        CountRow("q", "", "a", 10, version=2),
        CountRow("q", "", "c", 10, version=2),
    ]

    [found] = distribute(new, rows, {1: [old], 2: [new]})

    assert found.n == 100
    assert [(choice.value, choice.n, choice.of, choice.share) for choice in found.choices] == [
        ("a", 90, 100, 90), ("b", 0, 100, 0), ("c", 10, 20, 50),
    ]  # fmt: skip


def test_a_removed_choice_is_a_share_of_those_who_could_choose_it() -> None:
    old, new = (MultipleChoice(key="q", text="?", choices=offered) for offered in ((A, C), (A, B)))
    rows = [
        CountRow("q", "", "", 4, version=1),
        CountRow("q", "c", "c", 3, version=1),
        CountRow("q", "", "", 6, version=2),
        CountRow("q", "b", "b", 6, version=2),
    ]

    [found] = distribute(new, rows, {1: [old], 2: [new]})

    assert [(choice.value, choice.of, choice.share) for choice in found.choices] == [
        ("a", 10, 0), ("b", 6, 100), ("c", 4, 75),
    ]  # fmt: skip


def test_rows_of_older_versions_come_last_and_say_in_how_many_answers_they_were_asked() -> None:
    old, new = (Matrix(key="q", text="?", rows=rows, columns=(A, B)) for rows in ((A, C), (A, B)))
    rows = [
        CountRow("q", "", "", 4, version=1),
        CountRow("q", "c", "a", 3, version=1),
        CountRow("q", "", "", 6, version=2),
        CountRow("q", "a", "a", 6, version=2),
    ]

    found = distribute(new, rows, {1: [old], 2: [new]})

    assert [(part.row, part.n, part.offered, part.asked) for part in found] == [
        ("a", 6, 10, 10), ("b", 0, 6, 10), ("c", 3, 4, 10),
    ]  # fmt: skip

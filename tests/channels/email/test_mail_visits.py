"""Visits to the links of a message are told apart by when they happened, and how."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harken_server.channels.email.rules.visits import LinkVisit, judge_visit

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(seconds: float, kind: str = "open", value: str = "9") -> LinkVisit:
    return LinkVisit(kind=kind, value=value, visited_at=NOON + timedelta(seconds=seconds))


def test_who_opens_reads_and_confirms_is_a_person():
    assert judge_visit(at(1.5, "confirm"), [at(0), at(1.5, "confirm")]) == ()


def test_a_scan_minutes_before_is_not_held_against_a_person():
    scan = [at(-120 + place / 10, value=str(place)) for place in range(11)]
    scan += [at(-119, "trap", ""), at(-118, "head")]
    assert judge_visit(at(3, "confirm"), [*scan, at(0), at(3, "confirm")]) == ()


@pytest.mark.parametrize("apart_s", [0, 1, 9.9, 10])
def test_two_ratings_within_ten_seconds_are_a_program(apart_s):
    visits = [at(0, value="8"), at(apart_s)]
    assert judge_visit(at(apart_s + 3, "confirm"), visits) == ("several_ratings",)


def test_another_rating_after_fifteen_seconds_is_a_change_of_mind():
    visits = [at(0), at(4, "confirm"), at(19, value="7"), at(22, "confirm", "7")]
    assert judge_visit(visits[-1], visits) == ()
    assert judge_visit(visits[1], visits) == ()


def test_waiting_before_sending_does_not_hide_what_was_opened_together():
    visits = [at(0, value=str(rating)) for rating in range(11)]
    assert judge_visit(at(40, "confirm"), visits) == ("several_ratings",)


def test_ratings_sent_one_after_the_other_are_a_program():
    visits = [at(0, value="1"), at(30, value="2"), at(31, "confirm", "1")]
    assert judge_visit(at(31.5, "confirm", "2"), visits) == ("several_ratings",)


@pytest.mark.parametrize("kind", ["trap", "head", "prefetch"])
def test_what_people_do_not_do_marks_the_burst(kind):
    assert judge_visit(at(2, "confirm"), [at(0), at(9, kind, "")]) == (kind,)
    assert judge_visit(at(2, "confirm"), [at(0), at(-10.1, kind, "")]) == ()


def test_nobody_confirms_sooner_than_a_second_after_opening():
    assert judge_visit(at(0.99, "confirm"), [at(0)]) == ("too_quick",)
    assert judge_visit(at(1, "confirm"), [at(0)]) == ()
    assert judge_visit(at(0.5, "seen"), [at(0)]) == ()


def test_a_form_of_a_page_that_nobody_opened_is_a_program():
    assert judge_visit(at(5, "confirm"), []) == ("unopened",)
    assert judge_visit(at(5, "confirm"), [at(0, "prefetch")]) == ("prefetch", "unopened")
    assert judge_visit(at(5, "confirm", "9"), [at(-20, value="8")]) == ("unopened",)


@pytest.mark.parametrize(("after_s", "signs"), [
    (-60, ("at_hand_over",)), (0, ("at_hand_over",)), (4.9, ("at_hand_over",)), (5, ()), (-61, ()),
])  # fmt: skip
def test_nobody_reads_a_message_while_it_is_handed_over(after_s, signs):
    handed_over = [NOON + timedelta(seconds=3 - after_s)]
    assert judge_visit(at(3, "confirm"), [at(0)], handed_over) == signs

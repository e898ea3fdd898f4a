"""What a made-up customer answers: ratings, reasons and words of one and the same experience."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

Mood: TypeAlias = Literal["happy", "mixed", "unhappy", "bad_week"]
"""How pleased a comment is; `bad_week` is unhappy about what went wrong in that week."""


class Words(NamedTuple):
    """A comment, and what it is about: a value among the survey's own choices or rows."""

    about: str
    text: str


Comments: TypeAlias = dict[str, dict[Mood, tuple[Words, ...]]]
"""By language and mood. Each is said once at most."""

_COMMENTS = msgspec.toml.decode(
    (Path(__file__).parent / "comments.toml").read_bytes(), type=dict[str, Comments]
)
ORDER, MEAL, WRONG_MEAL = _COMMENTS["order"], _COMMENTS["meal"], _COMMENTS["wrong_meal"]
BETTER_HELP, STILL_OPEN = _COMMENTS["better_help"], _COMMENTS["still_open"]


COMMENT_SHARE = 0.35
REASONS = ("quality", "price", "delivery", "finding", "checkout", "service")
PARTS = ("food", "service", "speed", "cleanliness", "value")


class Visit(NamedTuple):
    """One customer's experience."""

    felt: float
    """From 0 (terrible) to 1 (wonderful)."""
    locale: str
    is_spoilt: bool
    """By what went wrong in the bad week."""
    is_brief: bool
    """Only the first question was answered."""


class Talk:
    """What is left to say: nobody says what another said before."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._said: set[str] = set()

    def say(self, comments: Comments, visit: Visit, mood: Mood) -> Words | None:
        """Something in the customer's language that fits; nothing when there is nothing left."""
        wanted: Mood = "bad_week" if visit.is_spoilt and mood in {"mixed", "unhappy"} else mood
        if visit.is_brief or not (visit.is_spoilt or self._dice.random() < COMMENT_SHARE):
            return None
        pool = comments.get(visit.locale, {}).get(wanted, ())
        left = [words for words in pool if words.text not in self._said]
        if not left:
            return None
        words = self._dice.choice(left)
        self._said.add(words.text)
        return words


def answer_order(visit: Visit, dice: random.Random, talk: Talk) -> dict[str, Any]:
    """Answers to `post_purchase`; what is complained of is among the reasons."""
    recommend = _scaled(visit.felt, 0, 10)
    mood: Mood = "happy" if recommend >= 9 else "mixed" if recommend >= 7 else "unhappy"
    words = talk.say(ORDER, visit, mood)
    reasons = {words.about} if words else set[str]()
    if visit.is_spoilt:
        reasons.add("delivery")
    if dice.random() < 0.7:
        reasons.add(dice.choice(REASONS))
    answers: dict[str, Any] = {"recommend": recommend}
    if reasons:
        answers["reasons"] = [reason for reason in REASONS if reason in reasons]
    return answers | ({"why": words.text} if words else {})


def answer_meal(visit: Visit, dice: random.Random, talk: Talk) -> dict[str, Any]:
    """Answers to `restaurant_receipt`; what is complained of is a poor part."""
    overall = _scaled(visit.felt, 1, 5)
    mood: Mood = "happy" if overall >= 4 else "mixed" if overall == 3 else "unhappy"
    is_wrong = mood != "happy" and (visit.is_spoilt or dice.random() < 0.4)
    words = talk.say(WRONG_MEAL if is_wrong else MEAL, visit, "unhappy" if is_wrong else mood)
    worst = "food" if is_wrong else words.about if words else dice.choice(PARTS)
    answers: dict[str, Any] = {"overall": overall}
    if words or is_wrong or dice.random() < 0.7:
        answers["parts"] = {part: _part(visit, mood, dice, part == worst) for part in PARTS}
    if is_wrong or dice.random() < 0.7:
        answers["order_wrong"] = "yes" if is_wrong else "no"
    if words:
        answers["what_was_wrong" if is_wrong else "comment"] = words.text
    return answers


def answer_ticket(visit: Visit, dice: random.Random, talk: Talk) -> dict[str, Any]:
    """Answers to `support_ticket`: who was not helped finds it neither easy nor good."""
    mood: Mood = "happy" if visit.felt > 0.7 else "mixed" if visit.felt > 0.45 else "unhappy"
    is_let_down = mood == "unhappy" or (visit.is_spoilt and mood == "mixed")
    resolved = "no" if is_let_down else "yes"
    if mood == "mixed" and not is_let_down and dice.random() < 0.6:
        resolved = "partly"
    answers: dict[str, Any] = {
        "resolved": resolved,
        "ease": _scaled(visit.felt + dice.gauss(0, 0.05), 1, 7),
        "agent": _scaled(visit.felt + dice.gauss(0, 0.1), 1, 5),
    }
    is_open = resolved != "yes"
    words = talk.say(STILL_OPEN if is_open else BETTER_HELP, visit, mood)
    return answers | ({"still_open" if is_open else "better": words.text} if words else {})


def _part(visit: Visit, mood: Mood, dice: random.Random, is_told_of: bool) -> str:
    if is_told_of:
        return {"happy": "good", "mixed": "fair"}.get(mood, "poor")
    return ("poor", "fair", "good")[_scaled(visit.felt + dice.gauss(0.05, 0.15), 0, 2)]


def _scaled(felt: float, low: int, high: int) -> int:
    return round(low + min(1.0, max(0.0, felt)) * (high - low))

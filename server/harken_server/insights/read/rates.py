"""How far asking and answering came, and how carefully people answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.insights.rules.estimates import Certainty, share_estimate
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.quality import (
    QualitySign,
    Sitting,
    find_signs,
    usual_duration,
)
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.store.reached_sql import Reached, Told, read_reached, read_told
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question, as_rating, scale_of

AT_ONCE = 50
"""Looked at in half a millisecond."""
OPEN_LINK = "no response rate (open link): who came by one was not asked by name"


class Rate(msgspec.Struct, kw_only=True, frozen=True):
    """A share in percent, with its interval; `n` of `of`."""

    n: int
    of: int
    rate: float | None
    low: float | None
    high: float | None


class QuestionRates(msgspec.Struct, kw_only=True, frozen=True):
    """How far a question came."""

    question: str
    answered: int
    skipped: int | None
    """Complete responses without an answer to it; None where logic may have hidden it."""
    left_after: int
    """Partial responses whose last answer it is: where people went."""


class SignedScores(msgspec.Struct, kw_only=True, frozen=True):
    """What was noticed about how people answered; nothing is left out because of it."""

    signs: dict[QualitySign, int]
    """Complete responses with each sign."""
    with_signs: int
    """Of these, how many have any."""
    scores: list[Score]
    """Of all responses that count."""
    scores_without: list[Score]
    """Of those alone that have no sign."""


class Rates(msgspec.Struct, kw_only=True, frozen=True):
    """How far asking and answering came."""

    reached: Reached
    delivery: Rate
    """Of messages that were to go out, those that were handed over and did not come back."""
    response: Rate
    """Of personal links, those that were answered."""
    started: int
    completion: Rate
    """Of responses that were begun, those that came to the end."""
    open_link: int
    """Responses that came by no personal link."""
    open_link_note: str | None
    """Why these have no response rate; None where there are none."""
    seconds: float | None
    """From beginning to end: the median of complete responses; None where it is not known."""
    questions: list[QuestionRates]
    quality: SignedScores


async def read_rates(
    db: Database,
    workspace_id: UUID,
    survey_id: UUID,
    questions: Sequence[Question],
    selection: CountFilter,
    *,
    certainty: Certainty,
    most: int,
) -> Rates | None:
    """None where there are more than `most` responses: they are looked at one by one."""
    told = await read_told(db, workspace_id, survey_id, selection, most=most)
    if told is None:
        return None
    reached = await read_reached(db, workspace_id, survey_id, selection)
    complete = [each for each in told if each.state == "complete"]
    sittings = [
        _sitting(each, questions) async for some in pieces_of(complete, AT_ONCE) for each in some
    ]
    arrived = reached.handed_over - reached.failed
    strangers = sum(not each.is_invited for each in told)
    return Rates(
        reached=reached,
        delivery=_rate(arrived, reached.queued, certainty),
        response=_rate(reached.answered, reached.invited, certainty),
        started=len(told),
        completion=_rate(len(complete), len(told), certainty),
        open_link=strangers,
        open_link_note=OPEN_LINK if strangers else None,
        seconds=usual_duration(sittings),
        questions=_questions(questions, told),
        quality=_quality(questions, complete, sittings, told, certainty),
    )


def _rate(n: int, of: int, certainty: Certainty) -> Rate:
    share = share_estimate(min(n, of), of, certainty)
    return Rate(n=n, of=of, rate=share.value, low=share.low, high=share.high)


def _sitting(told: Told, questions: Sequence[Question]) -> Sitting:
    scales = {each.key: scale_of(rated) for each in questions if (rated := as_rating(each))}
    rows = {each.key for each in questions if each.behaviour.wire == "map"}
    ratings: dict[str, list[int | str]] = {}
    for answer in told.answers:
        if answer.rating is not None and answer.question in scales:
            low, high = scales[answer.question]
            ratings.setdefault(f"{low}-{high}", []).append(answer.rating)
        elif answer.choice is not None and answer.question in rows:
            ratings.setdefault(answer.question, []).append(answer.choice)
    began = told.began_at
    return Sitting(
        ratings=ratings,
        duration_s=None if began is None else max(0.0, (told.ended_at - began).total_seconds()),
        answers=len({each.question for each in told.answers}),
        texts=[each.text for each in told.answers if each.text],
        flags=told.flags,
    )


def _questions(questions: Sequence[Question], told: Sequence[Told]) -> list[QuestionRates]:
    answered: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    left: Counter[str] = Counter()
    order = {each.key: place for place, each in enumerate(questions)}
    for each in told:
        given = {answer.question for answer in each.answers} & order.keys()
        answered.update(given)
        if each.state == "complete":
            skipped.update(order.keys() - given)
        elif given:
            left[max(given, key=order.__getitem__)] += 1
    has_jumps = any(each.jumps for each in questions)
    return [
        QuestionRates(
            question=each.key,
            answered=answered[each.key],
            skipped=None if has_jumps or each.show_if is not None else skipped[each.key],
            left_after=left[each.key],
        )
        for each in questions
        if each.behaviour.takes_answer
    ]


def _quality(
    questions: Sequence[Question],
    complete: Sequence[Told],
    sittings: Sequence[Sitting],
    told: Sequence[Told],
    certainty: Certainty,
) -> SignedScores:
    found = find_signs(sittings)
    doubtful = {id(each) for each, signs in zip(complete, found, strict=True) if signs}
    counts: Counter[QualitySign] = Counter(sign for signs in found for sign in signs)
    careful = [each for each in told if id(each) not in doubtful]
    return SignedScores(
        signs={sign: counts[sign] for sign in sorted(counts)},
        with_signs=len(doubtful),
        scores=_scores(questions, told, certainty),
        scores_without=_scores(questions, careful, certainty),
    )


def _scores(
    questions: Sequence[Question], told: Sequence[Told], certainty: Certainty
) -> list[Score]:
    counts: dict[str, Counter[int]] = {}
    for each in told:
        for answer in each.answers:
            if answer.rating is not None and not answer.part:
                counts.setdefault(answer.question, Counter())[answer.rating] += 1
    known: Mapping[str, Counter[int]] = counts
    return [
        score_question(each, known.get(each.key, Counter()), certainty)
        for each in scored_questions(questions)
    ]

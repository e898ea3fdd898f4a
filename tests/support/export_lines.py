"""Responses for export tests, written straight into the tables, and the files made of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.exports.csv import stream_csv
from harken_server.exports.jsonl import stream_jsonl
from harken_server.responses.codes import PROOF_CODES, PROOFS, STATE_CODES
from harken_server.responses.response import CountFilter, Proof
from harken_server.responses.store.row import encode_answers, has_text
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey

START = datetime(2026, 11, 1, 10, 0, 0, 250_000, tzinfo=UTC)
SHOP = UUID(int=1)
RECORD = SurveyRecord(
    id=UUID(int=2), number=1, workspace_id=SHOP, key="visit", status="live", version=2,
    created_at=START, updated_at=START,
)  # fmt: skip
LABELS = [{"value": value, "label": value} for value in ("price", "speed", "food")]
FIRST: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "questions": [
        {"type": "statement", "key": "hello", "text": "Hello"},
        {"type": "nps", "key": "recommend", "text": "Recommend?"},
        {
            "type": "single_choice",
            "key": "reason",
            "text": "Why?",
            "choices": LABELS,
            "other": "Other",
        },
        {
            "type": "multiple_choice",
            "key": "liked",
            "text": "Liked?",
            "choices": LABELS,
            "other": "Other",
            "none": {"value": "nothing", "label": "Nothing"},
        },
        {
            "type": "matrix",
            "key": "parts",
            "text": "Parts?",
            "rows": LABELS,
            "columns": [{"value": "good", "label": "Good"}, {"value": "poor", "label": "Poor"}],
        },
        {"type": "ranking", "key": "order", "text": "Order?", "choices": LABELS},
        {"type": "number", "key": "spent", "text": "Spent?"},
        {"type": "consent", "key": "contact", "text": "Contact?", "label": "Yes"},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}
SECOND: dict[str, Any] = {
    **FIRST,
    "questions": [
        {"type": "short_text", "key": "channel", "text": "How did you hear of us?"},
        *[question for question in FIRST["questions"] if question["key"] != "parts"],
    ],
}
VERSIONS = [(1, msgspec.convert(FIRST, Survey)), (2, msgspec.convert(SECOND, Survey))]
TEXTS = [
    "", " ", "fine", 'She said "no"', "two\nlines", "two\r\nlines", "a,b;c\td", "=1+1", " =1",
    "'=1", "+47", "-1", "@SUM(A1)", "\t=1", "\uff1d1", '"=1"', "grüße 東京 🍕", "\\.", "%s%d",
    "\x1f\x01\x7f", "$1", "'; --", "\u2028", "-", "\ufeff=1",
]  # fmt: skip
NUMBERS = [
    0.0,
    -0.0,
    12.0,
    12.5,
    -3.25,
    0.1,
    0.1 + 0.2,
    1e15,
    1e16,
    1234567890123456.0,
    1e-5,
    1e300,
]


class Line(NamedTuple):
    """One response to be stored as it is."""

    number: int
    answers: list[AnswerRow]
    state: str = "complete"
    version: int = 2
    touchpoint: str = "till"
    channel: str = "receipt"
    locale: str = "en"
    respondent: str | None = None
    context: str = "{}"
    started_at: datetime | None = START
    submitted_at: datetime = START
    answered_at: datetime | None = None
    updated_at: datetime = START + timedelta(seconds=9, milliseconds=900)
    is_sample: bool = False
    proof: Proof = ""
    origin_proof: Proof = ""
    claimed: str = ""
    probability: float | None = None
    survey_number: int = RECORD.number


RESPONSE_SQL = """INSERT INTO response
(number, id, survey_number, version, position, state, sequence, digest, touchpoint,
channel, locale, respondent, invitation_id, context, started_at, submitted_at, answered_at,
updated_at, day, is_sample, proof, claimed, standing, flags, dimensions, answers, has_text, quotas,
 history, probability, origin_proof)
 VALUES ($1, $2, $3, $4, $5, $6, 1, $21, $7, $8, $9, $10, NULL, $11, $12, $13, $14, $15, $16, $17,
 $18, $22, 0, '', '', $19, $20, '', '', $23, $24)"""
SURVEY_SQL = """INSERT INTO survey
(id, number, workspace_id, key, status, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, 'live', 2, $5, $5) ON CONFLICT DO NOTHING"""


async def store_lines(db: Database, lines: Sequence[Line]) -> None:
    """The survey, and its responses: straight into the tables, past rules that refuse some."""
    async with db.transaction() as tx:
        await tx.execute(
            SURVEY_SQL, RECORD.id, RECORD.number, RECORD.workspace_id, RECORD.key, START
        )
        for line in lines:
            await tx.execute(
                RESPONSE_SQL,
                line.number, UUID(int=line.number), line.survey_number,
                line.version, line.number, STATE_CODES[line.state], line.touchpoint, line.channel,
                line.locale, line.respondent, line.context, line.started_at, line.submitted_at,
                line.answered_at, line.updated_at,
                (line.answered_at or line.submitted_at).toordinal(),
                line.is_sample, PROOF_CODES[line.proof], encode_answers(line.answers),
                has_text(line.answers), b"", line.claimed, line.probability,
                PROOF_CODES[line.origin_proof],
            )  # fmt: skip


def random_lines(seed: int, size: int) -> list[Line]:
    """Responses of every kind, with texts that break careless writers."""
    pick = random.Random(seed)
    return [_random_line(pick, number) for number in range(1, size + 1)]


def _random_line(pick: random.Random, number: int) -> Line:
    submitted = START + timedelta(days=pick.randrange(4), milliseconds=pick.randrange(86_400_000))
    version = pick.choice([1, 2])
    return Line(
        number,
        [row for question in _ANSWERS if pick.random() < 0.7
         for row in _hide(pick, _ANSWERS[question](pick))],
        state=pick.choice(["partial", "complete", "complete", "erased"]),
        version=version,
        touchpoint=pick.choice(["till", "delivery", "=x"]),
        channel=pick.choice(["receipt", "web"]),
        respondent=pick.choice([None, *TEXTS[1:]]),
        context=json.dumps({"note": pick.choice(TEXTS)}),
        started_at=pick.choice([None, submitted, submitted + timedelta(seconds=99)]),
        submitted_at=submitted,
        answered_at=pick.choice([None, submitted - timedelta(hours=pick.randrange(1, 99))]),
        updated_at=submitted + timedelta(seconds=pick.randrange(99)),
        is_sample=pick.random() < 0.2,
        proof=PROOFS[number % 5],
        origin_proof=PROOFS[number % len(PROOFS)],
        claimed=("", "*", '["note"]')[number % 3],
        probability=(None, 1.0, 0.25, 1e-07)[number % 4],
    )  # fmt: skip


def _hide(pick: random.Random, rows: list[AnswerRow]) -> list[AnswerRow]:
    is_hidden = pick.random() < 0.2
    return [row._replace(is_hidden=is_hidden) for row in rows]


def _some(pick: random.Random, values: list[str]) -> list[str]:
    return pick.sample(values, pick.randrange(1, len(values) + 1))


_ANSWERS: dict[str, Callable[[random.Random], list[AnswerRow]]] = {
    "recommend": lambda pick: [AnswerRow("recommend", rating=pick.randrange(11))],
    "reason": lambda pick: [
        pick.choice([AnswerRow("reason", choice="price"),
                     AnswerRow("reason", choice="other", text=pick.choice(TEXTS))])],
    "liked": lambda pick: [
        AnswerRow("liked", value, choice=value,
                  text=pick.choice(TEXTS[1:]) if value == "other" else None)
        for value in _some(pick, ["price", "speed", "food", "other", "nothing"])],
    "parts": lambda pick: [
        AnswerRow("parts", row, choice=pick.choice(["good", "poor"]))
        for row in _some(pick, ["price", "speed", "food"])],
    "order": lambda pick: [
        AnswerRow("order", value, rating=place, choice=value)
        for place, value in enumerate(_some(pick, ["price", "speed", "food"]), 1)],
    "spent": lambda pick: [
        AnswerRow("spent", number=pick.choice([*NUMBERS, pick.uniform(-1e4, 1e4),
                                               pick.uniform(1e14, 1e16)]))],
    "contact": lambda pick: [AnswerRow("contact", rating=pick.randrange(2))],
    "why": lambda pick: [AnswerRow("why", text=pick.choice(TEXTS))],
    "channel": lambda pick: [AnswerRow("channel", text=pick.choice(TEXTS))],
}  # fmt: skip


async def csv_of(db: Database, selection: CountFilter | None = None, dialect: Any = "raw") -> bytes:
    chunks = stream_csv(db, SHOP, RECORD, VERSIONS, selection or CountFilter(), dialect)
    return b"".join([chunk async for chunk in chunks])


async def jsonl_of(db: Database, selection: CountFilter | None = None) -> bytes:
    chunks = stream_jsonl(db, SHOP, RECORD, VERSIONS, selection or CountFilter())
    return b"".join([chunk async for chunk in chunks])

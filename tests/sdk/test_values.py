"""Context and traits take what Python applications hold: each kind of value has one form."""

from __future__ import annotations

import enum
import json
import logging
from collections import UserString
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PureWindowsPath
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx
import pytest
from markupsafe import Markup

import harken
from harken import _values
from harken_server.asking import requests as server_limits
from harken_server.kernel.person_names import MAX_RESPONDENT


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Plan(str, enum.Enum):  # noqa: UP042 - as applications write it that run on Python 3.10
    PRO = "pro"


class Price(enum.Enum):
    FULL = Decimal("4.50")


class Amount(float):
    pass


class Count(int):
    pass


class LazyText:
    """A translation as web frameworks hand it out: no `str`, but everything that one has."""

    def __str__(self) -> str:
        return "später"

    def __getattr__(self, name: str) -> Any:
        return getattr(str(self), name)


class ArrayNumber:
    """One value of an array library, as numpy shows itself."""

    shape = ()

    def __init__(self, kind: str, value: Any) -> None:
        self.dtype = type("dtype", (), {"kind": kind, "__str__": lambda _: f"<{kind}8"})()
        self.value = value

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return str(self.value)


class Tensor(ArrayNumber):
    shape = (3,)


class Broken:
    def __float__(self) -> float:
        raise RuntimeError("the secret value")


class Index:
    def __index__(self) -> int:
        return 7


OSLO = timezone(timedelta(hours=2))
TAKEN: dict[str, tuple[Any, Any]] = {
    "text": ("x", "x"),
    "safe HTML": (Markup("a<b"), "a<b"),
    "text of a library": (UserString("u"), "u"),
    "lazy text": (LazyText(), "später"),
    "whole number": (42, 42),
    "its subclass": (Count(42), 42),
    "what counts as an index": (Index(), 7),
    "real number": (42.5, 42.5),
    "its subclass too": (Amount(42.5), 42.5),
    "decimal": (Decimal("42.50"), 42.5),
    "whole decimal": (Decimal("9007199254740993"), 9007199254740993),
    "large decimal": (Decimal("1e30"), 1e30),
    "fraction": (Fraction(1, 4), 0.25),
    "array int": (ArrayNumber("i", 42), 42),
    "array float": (ArrayNumber("f", 42.5), 42.5),
    "array bool": (ArrayNumber("b", 0), False),
    "array time": (ArrayNumber("M", "2026-05-31"), "2026-05-31"),
    "yes": (True, True),
    "nothing": (None, None),
    "enum": (Colour.RED, "red"),
    "enum of numbers": (Level.HIGH, 3),
    "enum of texts": (Plan.PRO, "pro"),
    "enum of decimals": (Price.FULL, 4.5),
    "UUID": (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    "path": (Path("/a/b"), "/a/b"),
    "path of another system": (PureWindowsPath("a\\b"), "a/b"),
    "day": (date(2026, 5, 31), "2026-05-31"),
    "time": (time(9, 30), "09:30:00"),
    "moment without zone": (datetime(2026, 5, 31, 9), "2026-05-31T09:00:00"),  # noqa: DTZ001
    "moment in UTC": (datetime(2026, 5, 31, 9, tzinfo=UTC), "2026-05-31T09:00:00Z"),
    "moment elsewhere": (datetime(2026, 5, 31, 9, tzinfo=OSLO), "2026-05-31T09:00:00+02:00"),
    "time span": (timedelta(hours=2), 7200.0),
}
UNUSABLE: dict[str, tuple[Any, str]] = {
    "list": ([1], "list"),
    "mapping": ({"a": 1}, "dict"),
    "bytes": (b"x", "bytes"),
    "object": (object(), "object"),
    "class": (Broken, "type"),
    "what fails": (Broken(), "Broken that cannot be read (RuntimeError)"),
    "no number": (float("nan"), "float that is no finite number"),
    "endless": (Decimal("Infinity"), "Decimal that is no finite number"),
    "no decimal": (Decimal("NaN"), "Decimal that is no value"),
    "complex": (1j, "complex"),
    "array": (Tensor("f", 1), "Tensor of <f8"),
    "array span": (ArrayNumber("m", 1), "ArrayNumber of <m8"),
    "too long": ("x" * 501, "text of more than 500 characters"),
    "too large": (2**64, "whole number of more than 64 bits"),
    "NUL": ("a\0b", "NUL"),
    "half a pair": ("\ud800", "surrogate"),
}


def sent_by(given: Mapping[str, Any], **more: Any) -> tuple[harken.Decision, dict[str, Any]]:
    bodies: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(201, json={"asked": False, "reason": "cooldown"})

    with harken.Client("http://x", "hk_x", transport=httpx.MockTransport(answer)) as client:
        decision = client.trigger("a.b", **given, **more)
    return decision, bodies[0] if bodies else {}


@pytest.mark.parametrize("field", ["context", "traits"])
@pytest.mark.parametrize("kind", TAKEN)
def test_a_value_is_sent_in_its_one_form(
    field: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    value, form = TAKEN[kind]

    _, sent = sent_by({field: {"it": value}})

    assert json.dumps(sent[field]) == json.dumps({"it": form})
    assert caplog.text == ""


@pytest.mark.parametrize("field", ["context", "traits"])
@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_value_is_left_out_alone_and_named_with_its_type(
    field: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    value, said = UNUSABLE[kind]

    decision, sent = sent_by({field: {"it": value, "store": "oslo"}})

    assert decision.reason == "cooldown"
    assert sent[field] == {"store": "oslo"}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert f"{field}.it is" in record.getMessage()
    assert said in record.getMessage()
    assert "secret" not in record.getMessage()


@pytest.mark.parametrize(
    ("name", "said"),
    [(None, "NoneType"), ("", "without a name"), (("a",), "tuple"), ("n" * 65, "64 characters")],
)
def test_an_entry_that_cannot_be_named_is_left_out(
    name: Any, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, sent = sent_by({"context": {name: 1, Plan.PRO: 2, 7: 3}})

    assert sent["context"] == {"pro": 2, "7": 3}
    assert said in caplog.text


def test_what_is_no_mapping_leaves_the_trigger_alone(caplog: pytest.LogCaptureFixture) -> None:
    _, sent = sent_by({"context": 7, "traits": MappingProxyType({"plan": "pro"})})

    assert sent["traits"] == {"plan": "pro"}
    assert sent["context"] == {}
    assert "context is a int and no mapping" in caplog.text


def test_entries_behind_the_fiftieth_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    _, sent = sent_by({"context": {f"n{number}": number for number in range(52)}})

    assert len(sent["context"]) == 50
    assert "context.n51 is a int behind 50 others" in caplog.text


def test_the_limits_are_the_servers() -> None:
    assert _values.MAX_ENTRIES == server_limits.MAX_CONTEXT_ENTRIES
    assert _values.MAX_TEXT_CHARS == server_limits.MAX_CONTEXT_TEXT
    assert _values.MAX_NAME_CHARS == server_limits.MAX_NAME
    assert _values.MAX_RESPONDENT_CHARS == MAX_RESPONDENT


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (42, "42"),
        (Decimal(42), "42"),
        (Count(42), "42"),
        (Level.HIGH, "3"),
        (ArrayNumber("i", 42), "42"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (" c-1\n", "c-1"),
        (Markup("c-1"), "c-1"),
        (Plan.PRO, "pro"),
    ],
)
def test_a_respondent_is_taken_as_the_application_holds_it(given: Any, taken: str) -> None:
    _, sent = sent_by({"respondent": given, "idempotency_key": given})

    assert sent["respondent"] == taken


@pytest.mark.parametrize("given", [True, 4.5, b"c-1", "", " ", ["c-1"], "x" * 201, "a\0"])
def test_a_respondent_that_is_none_asks_nobody_and_is_named(given: Any) -> None:
    decision, sent = sent_by({"respondent": given})

    assert (decision.reason, sent) == ("invalid", {})
    assert "respondent" in decision.explanation


def test_words_about_a_person_are_taken_as_text_and_left_out_where_empty(
    caplog: pytest.LogCaptureFixture,
) -> None:
    given = {"email": LazyText(), "phone": " ", "locale": "", "timezone": 7.5}

    _, sent = sent_by(given, consent=ArrayNumber("b", 1))

    assert sent == {"touchpoint": "a.b", "channel": "api", "email": "später", "consent": True}
    assert "timezone must be text, not a float" in caplog.text


def test_a_call_that_may_raise_names_field_and_type() -> None:
    with harken.Client("http://x", "hk_x") as client:
        calls = [
            lambda: client.respondents.put("c-1", traits={"x": [1]}),
            lambda: client.responses.submit("s", {}, context={"x": [1]}),
            lambda: client.programmes.add_members("p", [{"respondent": 1, "traits": {"x": [1]}}]),
            lambda: client.mail.links("s", [{"respondent": 1, "context": {"x": [1]}}]),
        ]
        for call in calls:
            with pytest.raises(ValueError, match=r"\.x is a list"):
                call()


def test_answers_are_taken_as_the_application_holds_them() -> None:
    bodies: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        receipt = {"id": "1", "survey": "s", "version": 1, "complete": True, "sequence": 1}
        return httpx.Response(201, json={**receipt, "received_at": "2026-06-01T10:00:00Z"})

    answers = {"n": ArrayNumber("i", 9), "d": Decimal("4.5"), "t": Markup("x"), "m": [Count(1)]}
    with harken.Client("http://x", "hk_x", transport=httpx.MockTransport(answer)) as client:
        client.responses.submit("s", answers, respondent=42)

    assert bodies[0]["answers"] == {"n": 9, "d": 4.5, "t": "x", "m": [1]}
    assert bodies[0]["respondent"] == "42"

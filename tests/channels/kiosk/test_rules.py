"""Kiosks: when they ask, how they are registered, and which response is which."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.kiosk.rules import (
    Device,
    DeviceSettings,
    is_open,
    make_pairing_code,
    parse_pairing_code,
    response_id,
    smiley_question,
    state_of,
)
from harken_server.surveys.questions.types import Csat, Nps, Rating, Statement

VECTORS = Path(__file__).parents[2] / "vectors" / "kiosk_hours.json"
HOURS = json.loads(VECTORS.read_text("utf-8"))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("case", HOURS, ids=[case["name"] for case in HOURS])
def test_opening_hours_go_by_the_clock_on_the_wall(case: dict[str, Any]) -> None:
    settings = msgspec.convert({"opening_hours": case["opening_hours"]}, DeviceSettings)
    local = datetime.fromisoformat(case["at"]).astimezone(ZoneInfo(case["timezone"]))

    assert is_open(settings, local) is case["open"]


@given(st.binary(min_size=8, max_size=8))
def test_a_pairing_code_can_be_typed_in_groups(random: bytes) -> None:
    code = make_pairing_code(random)

    assert len(code) == 8
    assert parse_pairing_code(f" {code[:4]}-{code[4:6]} {code[6:]} ") == code


@given(st.text())
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    code = parse_pairing_code(typed)

    assert code is None or (len(code) == 8 and code.isascii() and code.isdecimal())


@given(st.text(min_size=1), st.integers(1, 2**31 - 1))
def test_token_and_sequence_make_the_id(token: str, sequence: int) -> None:
    made = response_id(token, sequence)

    assert made == response_id(token, sequence)
    assert made.version == 8
    assert made not in {response_id(token, sequence + 1), response_id(f"{token}x", sequence)}


def test_a_device_waits_then_is_registered_and_may_be_revoked() -> None:
    device = Device(
        id=uuid4(), workspace_id=uuid4(), name="Door", touchpoint="store.exit", survey=None,
        settings=DeviceSettings(), created_at=NOW, pairing_expires_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    registered = msgspec.structs.replace(device, registered_at=NOW)

    assert state_of(device, NOW) == "waiting"
    assert state_of(device, NOW + timedelta(hours=1)) == "expired"
    assert state_of(registered, NOW + timedelta(days=9)) == "registered"
    assert state_of(msgspec.structs.replace(registered, revoked_at=NOW), NOW) == "revoked"


def test_faces_ask_the_first_question_of_three_to_five_points() -> None:
    happy = Csat(key="happy", text="How was it?")
    hello = Statement(key="hello", text="Welcome.")

    assert smiley_question((hello, happy)) is happy
    assert smiley_question((Rating(key="a", text="?", low=1, high=3),)) is not None
    assert smiley_question((Rating(key="a", text="?", low=1, high=7),)) is None
    assert smiley_question((Nps(key="a", text="?"), happy)) is None
    assert smiley_question((hello,)) is None

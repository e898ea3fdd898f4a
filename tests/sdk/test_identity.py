"""Identities signed by the SDK are those of the reference vectors; nothing is sent for them."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import harken

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "identity.json").read_text("utf-8"))
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda vector: vector["about"])
def test_a_vector_is_signed_alike(vector: dict[str, Any]) -> None:
    expires_at = datetime.fromtimestamp(vector["expires"], UTC)

    signed = harken.sign_identity(vector["api_key"], vector["respondent"], expires_at)

    assert signed == vector["signature"]


def test_the_zone_and_parts_of_a_second_do_not_matter() -> None:
    elsewhere = UNTIL.astimezone(timezone(timedelta(hours=-5))) + timedelta(milliseconds=700)

    assert harken.sign_identity("hk_a", "c-42", elsewhere) == harken.sign_identity(
        "hk_a", "c-42", UNTIL
    )


@pytest.mark.parametrize(
    ("respondent", "expires_at", "said"),
    [
        ("", UNTIL, "1 to 200 characters, not 0"),
        ("x" * 201, UNTIL, "1 to 200 characters, not 201"),
        ("\ud800", UNTIL, "surrogate"),
        ("c-42", datetime(2027, 1, 1), "time zone"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_signed_is_said(respondent: str, expires_at: datetime, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        harken.sign_identity("hk_a", respondent, expires_at)


@pytest.mark.parametrize("respondent", [" c-42\t", uuid.UUID(int=42), 42])
def test_a_name_is_signed_as_the_server_takes_it(respondent: Any) -> None:
    plain = str(respondent).strip()

    assert harken.sign_identity("hk_a", respondent, UNTIL) == harken.sign_identity(
        "hk_a", plain, UNTIL
    )


def test_a_client_signs_with_its_own_key_for_a_day_and_sends_nothing(
    client: harken.Client, server: Any
) -> None:
    before = int(datetime.now(UTC).timestamp())

    day, hour = (
        client.sign_identity("c-42"),
        client.sign_identity("c-42", valid_for=timedelta(hours=1)),
    )

    after = int(datetime.now(UTC).timestamp())
    version, prefix, expires, mac = day.split(".")
    assert (version, prefix, len(mac)) == ("1", "hk_test_", 43)
    assert before + 86_400 <= int(expires) <= after + 86_400
    assert before + 3_600 <= int(hour.split(".")[2]) <= after + 3_600
    assert server.requests == []


def test_an_asynchronous_client_signs_without_waiting(async_client: harken.AsyncClient) -> None:
    signed = async_client.sign_identity("c-42", valid_for=timedelta(days=2))

    assert signed.startswith("1.hk_test_.")


def test_a_signature_that_was_never_good_is_not_made(client: harken.Client) -> None:
    with pytest.raises(ValueError, match="more than no time"):
        client.sign_identity("c-42", valid_for=timedelta(0))


def test_a_signature_that_no_server_takes_is_not_made(client: harken.Client) -> None:
    with pytest.raises(ValueError, match="400 days or less"):
        client.sign_identity("c-42", valid_for=timedelta(days=401))

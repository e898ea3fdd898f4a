"""Receipts minted per second at a till, offline, beside the bare signature and spelling of each.

Every round does each kind of work once for the same receipts, so that slow moments of the machine
hit all alike; ratios are medians over the rounds.
"""

from __future__ import annotations

import hmac
import statistics
import time
from base64 import b32encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bench.report import paired_ratio, result, rounded
from harken.receipts import Receipt, Till
from harken_server.channels.receipts.rules.tokens import (
    HEADER_BYTES,
    is_genuine,
    parse_receipt,
    store_secret,
    till_key,
)

ROUNDS, RECEIPTS = 25, 20_000
QUICK_ROUNDS, QUICK_RECEIPTS = 9, 4_000
SIGNING_KEY = bytes(range(32))
WORKSPACE_ID, STORE_ID = UUID(int=1), UUID(int=2)
NUMBER = 17
LABEL = b"harken receipt 1\n"
AT = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)


def run(quick: bool) -> dict[str, Any]:
    """`value` is standard tokens with their links, minted per second by one core."""
    rounds, count = (QUICK_ROUNDS, QUICK_RECEIPTS) if quick else (ROUNDS, RECEIPTS)
    works = _works(count)
    rates: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            rate = _timed(work, count)
            if number:
                rates[name].append(rate)
    idea = {name: statistics.median(taken) for name, taken in rates.items()}
    details = {
        "rounds": rounds,
        "receipts_per_round": count,
        "per_second": {name: round(rate) for name, rate in idea.items()},
        "ratio_to_bare": {
            name: rounded(paired_ratio(taken, rates["bare"])) for name, taken in rates.items()
        },
        "microseconds_per_receipt": rounded(1e6 / idea["minted"]),
    }
    return result(
        "receipts", "receipts minted/s, offline", idea["minted"],
        "bare HMAC-SHA256 and base 32 of ready bytes", idea["bare"], details,
        ratio=paired_ratio(rates["minted"], rates["bare"]),
    )  # fmt: skip


def _works(count: int) -> dict[str, Callable[[], None]]:
    key = _derived_key()
    till = Till(NUMBER, 0, key, "HTTPS://FB.ACME-STORES.COM")
    receipts = [till.mint(sequence, AT) for sequence in range(count)]
    _check(key, receipts)
    tokens = [receipt.token for receipt in receipts]
    headers = [number.to_bytes(HEADER_BYTES, "big") for number in range(count)]
    return {
        "bare": lambda: _sign_bare(key, headers),
        "minted": lambda: _mint(till, count, is_strong=False),
        "minted_strong": lambda: _mint(till, count, is_strong=True),
        "verified": lambda: _verify(tokens, lambda: key),
        "verified_with_key_derived": lambda: _verify(tokens, _derived_key),
    }


def _check(key: bytes, receipts: Sequence[Receipt]) -> None:
    """All differ and the server believes each, or the figures mean nothing."""
    if len({receipt.token for receipt in receipts}) != len(receipts):
        raise RuntimeError("two receipts have one token")
    _verify([receipt.token for receipt in receipts], lambda: key)


def _derived_key() -> bytes:
    return till_key(store_secret(SIGNING_KEY, WORKSPACE_ID, STORE_ID, 0), NUMBER, 0)


def _sign_bare(key: bytes, headers: Sequence[bytes]) -> None:
    for header in headers:
        b32encode(header + hmac.digest(key, LABEL + header, "sha256")[:6])


def _mint(till: Till, count: int, *, is_strong: bool) -> None:
    for sequence in range(count):
        till.mint(sequence, AT, strong=is_strong)


def _verify(tokens: Sequence[str], find_key: Callable[[], bytes]) -> None:
    for text in tokens:
        token = parse_receipt(text)
        if token is None or not is_genuine(find_key(), token):
            raise RuntimeError(f"the server does not believe {text}")


def _timed(work: Callable[[], None], count: int) -> float:
    """Receipts per second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)

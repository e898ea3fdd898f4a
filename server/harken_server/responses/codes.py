"""States, standings and proofs as they are stored: small numbers, which only this module knows.

SQL says them by the conditions here, over `response` without an alias or behind one, as in
`r.{COUNTED}`; the views give people the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from harken_server.responses.response import Proof, ResponseState, Standing

STATES: tuple[ResponseState, ...] = get_args(ResponseState)
"""By their numbers: a new one comes last."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)
"""By their numbers: a new one comes last."""
PROOFS: tuple[Proof, ...] = get_args(Proof)
"""By their numbers: a new one comes last."""
STATE_CODES = {state: code for code, state in enumerate(STATES)}
STANDING_CODES = {standing: code for code, standing in enumerate(STANDINGS)}
PROOF_CODES = {proof: code for code, proof in enumerate(PROOFS)}

PARTIAL = f"state = {STATE_CODES['partial']}"
COMPLETE = f"state = {STATE_CODES['complete']}"
ERASED = f"state = {STATE_CODES['erased']}"
NOT_ERASED = f"state <> {STATE_CODES['erased']}"
PROVED = f"proof <> {PROOF_CODES['']}"
"""The respondent is not only claimed."""
PROVED_ORIGIN = f"origin_proof <> {PROOF_CODES['']}"
"""Not everybody could have sent it."""
COUNTED = f"standing = {STANDING_CODES['counted']}"
APART = f"standing <> {STANDING_CODES['counted']}"
UNCONFIRMED = f"standing IN ({STANDING_CODES['provisional']}, {STANDING_CODES['quarantined']})"
"""Given on a link that a program may have opened, and not confirmed by a person."""
ALONE = "block IS NULL"
"""It may be shown without others (`responses.small_groups`)."""
WAITING = f"standing = {STANDING_CODES['waiting']}"
TAKEN = f"standing IN ({STANDING_CODES['counted']}, {STANDING_CODES['waiting']})"
"""It counts, now or once it is shown: limits go by it."""
BELIEVED = f"standing NOT IN ({STANDING_CODES['quarantined']}, {STANDING_CODES['excluded']})"
"""As far as is known a person gave it, and nobody set it aside."""
TELLING = f"r.{PROVED} AND r.{NOT_ERASED} AND r.{BELIEVED}"
"""Over `response r`: it says something of its respondent. Only a proved name does: with one that is
merely claimed anybody could silence anybody, or have them called."""


def words_of(column: str, words: tuple[str, ...]) -> str:
    """SQL for the word that a number stands for.

    >>> words_of("r.state", ("partial", "complete"))
    "CASE r.state WHEN 0 THEN 'partial' WHEN 1 THEN 'complete' END"
    """
    cases = " ".join(f"WHEN {code} THEN '{word}'" for code, word in enumerate(words))
    return f"CASE {column} {cases} END"


ALL = "*"
"""Stored for every claimed name of the context: one letter, however many there are."""
_decode_names = msgspec.json.Decoder(list[str]).decode


def claimed_names(claimed: str, context: Mapping[str, Any]) -> list[str]:
    """The names of a context that are only claimed, sorted."""
    if not claimed:
        return []
    return sorted(context) if claimed == ALL else _decode_names(claimed)

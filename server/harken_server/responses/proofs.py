"""What proves who answers, and which names of the context nobody vouches for.

Anybody can write any name into a request: it is stored as a claim until something proves it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.responses.asked import Asked, Collection, decode_context
from harken_server.responses.response import Proof, Standing, StoredResponse
from harken_server.responses.submission import Submission
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.rules.identity import is_identity_good, signer_of

RECEIPT = "receipt"
"""The channel on which an invitation proves a purchase, where it counts."""
ALL = "*"
"""Stored for every name of the context: one letter, however many there are."""

log = logging.getLogger("harken.identity")
_decode_names = msgspec.json.Decoder(list[str]).decode


async def prove_respondent(
    room: Collection,
    asked: Asked,
    submission: Submission,
    standing: Standing,
    *,
    is_trusted: bool,
) -> Proof:
    """What proves the respondent of a submission; a signature that is not good is logged.

    An invitation proves its own respondent: nobody else was given the link.
    """
    invitation = asked.invitation
    if invitation is not None and invitation.respondent is not None:
        if invitation.channel != RECEIPT:
            return "link"
        return "receipt" if standing == "counted" else ""
    respondent, signature = submission.respondent, submission.signature
    if respondent is None or is_trusted:
        return "" if respondent is None else "key"
    if not signature:
        return ""
    workspace_id = asked.loaded.workspace.id
    if await is_signed(room.catalog, workspace_id, respondent, signature, room.clock()):
        return "signature"
    log.info(
        "the respondent's signature is not good: stored as claimed",
        extra={"code": "identity_unverified", "survey": asked.loaded.record.key},
    )
    return ""


async def is_signed(
    catalog: Catalog, workspace_id: UUID, respondent: str, signature: str, now: datetime
) -> bool:
    """Whether a key of the workspace that may write signed this respondent, until after `now`."""
    prefix = signer_of(signature)
    if prefix is None:
        return False
    digests = await catalog.workspaces.signing_digests(workspace_id, prefix)
    return is_identity_good(digests, respondent, signature, now)


def proof_before(stored: StoredResponse | None, respondent: str | None) -> Proof:
    """Who was proved once stays so; another name has to be proved anew."""
    return stored.proof if stored is not None and stored.respondent == respondent else ""


def claim_context(
    sent: Mapping[str, Any],
    after: Mapping[str, Any],
    stored: StoredResponse | None,
    *,
    is_vouched: bool,
) -> str:
    """Which names of the context are only claimed after this submission, as they are stored.

    `sent` is what it says itself, `after` what is known with it. What an invitation says stands
    there and is nobody's claim; saying again what was vouched for makes no claim of it.
    """
    if stored is None and (is_vouched or not sent):
        return ""
    before = {} if stored is None else decode_context(stored.context)
    claims = {*claimed_names("" if stored is None else stored.claimed, before)}
    if is_vouched:
        claims -= sent.keys()
    else:
        claims |= {name for name in sent if name not in before or before[name] != sent[name]}
    claims = {name for name in claims if name not in sent or after[name] == sent[name]}
    return encode_claims(claims, after)


def encode_claims(names: set[str], context: Mapping[str, Any]) -> str:
    """How claimed names are stored: empty for none, `*` for all of the context.

    >>> encode_claims({"a"}, {"a": 1}), encode_claims({"b"}, {"a": 1, "b": 2})
    ('*', '["b"]')
    """
    there = names & context.keys()
    if not there:
        return ""
    return ALL if len(there) == len(context) else msgspec.json.encode(sorted(there)).decode()


def claimed_names(claimed: str, context: Mapping[str, Any]) -> list[str]:
    """The names of a context that are only claimed, sorted."""
    if not claimed:
        return []
    return sorted(context) if claimed == ALL else _decode_names(claimed)

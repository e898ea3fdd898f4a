"""What proves where a response comes from and who gave it, and what of it nobody vouches for.

Anybody can write any name into a request: it is stored as a claim until something proves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harken_server.invitations.invitation import Invitation
from harken_server.responses.asked import RECEIPT, decode_context
from harken_server.responses.codes import ALL, claimed_names
from harken_server.responses.response import Proof, Standing, StoredResponse
from harken_server.surveys.asking import SurveyAsking


def prove_origin(
    invitation: Invitation | None, standing: Standing, by_route: Proof, by_name: Proof
) -> Proof:
    """What proves where a submission comes from; empty: anybody could have sent it.

    A link goes before the way it was sent, which goes before who is named. An `unverified` link has
    been made by whoever came: a receipt that proves no purchase, a name in a public address.
    """
    if invitation is not None and standing != "unverified":
        return "receipt" if invitation.channel == RECEIPT else "link"
    return by_route or by_name


def standing_of(origin: Proof, standing: Standing, asking: SurveyAsking | None) -> Standing:
    """Of a new response: what anybody could have sent is kept apart where the survey says so."""
    is_apart = not origin and asking is not None and asking.counts_proved_only
    return "unverified" if is_apart and standing == "counted" else standing


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

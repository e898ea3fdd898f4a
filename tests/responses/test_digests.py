"""What tells a repeated submission from another one stays what it was."""

from __future__ import annotations

import msgspec

from harken_server.responses.submission import Submission, digest_of


def test_a_submission_of_the_first_release_keeps_its_digest() -> None:
    """Or else a repeat after an upgrade would be a conflict with what was stored before it."""
    plain = {
        "id": "019a8f00-0000-7000-8000-000000000001",
        "survey": "post_purchase",
        "answers": {"recommend": 9},
        "respondent": "c-42",
    }

    digests = {
        digest_of(msgspec.convert({**plain, **signature}, Submission)).hex()
        for signature in ({}, {"signature": None}, {"signature": "1.x"})
    }

    assert digests == {"ff63b5cbfd1d301d4f55841e831a82d7"}

"""When a request may be sent again, and after how long: pure, with chance passed in."""

from __future__ import annotations

from collections.abc import Mapping

RETRYABLE_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that another try may cure. 500 is among them because every call we repeat is safe to."""

BASE_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
LONGEST_RETRY_AFTER_S = 30.0
"""A longer Retry-After is not slept: the caller gets the error, with the figure, at once."""


def wait_before_retry(
    attempt: int, status: int | None, headers: Mapping[str, str], chance: float
) -> float | None:
    """Seconds to wait before trying again, or None when trying again would not help.

    `attempt` counts from 0, `status` is None when no answer came, `chance` is in [0, 1). Full
    jitter, chance * min(8 s, 0.5 s * 2^attempt), spreads clients best (M. Brooker, "Exponential
    Backoff and Jitter", AWS Architecture Blog, 2015). A Retry-After is waited in full, and up
    to half a second on top so that not everybody comes back at once.
    """
    if status is not None and status not in RETRYABLE_STATUSES:
        return None
    asked = retry_after_s(headers)
    if asked is None:
        return chance * min(LONGEST_WAIT_S, BASE_WAIT_S * 2**attempt)
    if asked > LONGEST_RETRY_AFTER_S:
        return None
    return asked + chance * BASE_WAIT_S


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for, in seconds (RFC 9110, section 10.2.3); None when it does not.

    A date is read against the reply's own Date, so that a wrong clock on either side is harmless.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    # Imported here because it takes a tenth of the time of all that the package imports.
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(value)
        since = parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - since).total_seconds())
    except (TypeError, ValueError):
        return None

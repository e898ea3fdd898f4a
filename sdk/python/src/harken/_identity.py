"""Prove to the web widget who a respondent is: a signature, made without the network."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta, timezone

from harken._config import Config
from harken._values import Id, name_of

PREFIX_LENGTH = 8
LONGEST = timedelta(days=400)
"""That a server may be set to (`HARKEN_IDENTITY_DAYS`, 30 unless set)."""


def sign_identity(api_key: str, respondent: Id, expires_at: datetime) -> str:
    """Sign a respondent's name for the web widget; hand it to the page of that person alone.

    The key must have the scope `write` or `manage`; it cannot be read back from the signature,
    which is good until `expires_at` (aware, cut to whole seconds) and names only the key's first
    8 characters. Nothing is sent. Raises ValueError for a name of no or more than 200 characters
    and for a time without a zone.
    """
    name = name_of("respondent", respondent)
    if expires_at.tzinfo is None:
        raise ValueError("expires_at must be aware: give it a time zone, such as UTC")
    expires = max(0, int(expires_at.timestamp()))
    message = f"harken identity 1\n{expires}\n{name}".encode()
    mac = hmac.new(hashlib.sha256(api_key.encode()).digest(), message, hashlib.sha256).digest()
    text = urlsafe_b64encode(mac).rstrip(b"=").decode()
    return f"1.{api_key[:PREFIX_LENGTH]}.{expires}.{text}"


def sign_for(config: Config, respondent: Id, valid_for: timedelta) -> str:
    """The same with a client's key, from now on; empty where the client is disabled."""
    if valid_for <= timedelta(0):
        raise ValueError(f"valid_for must be more than no time, not {valid_for}")
    if valid_for > LONGEST:
        raise ValueError(
            f"valid_for must be {LONGEST.days} days or less, not {valid_for}: no server takes a"
            " signature that lasts longer"
        )
    if config.is_disabled:
        return ""
    return sign_identity(config.api_key, respondent, datetime.now(timezone.utc) + valid_for)

"""Signed tokens: links that prove who made them, for one purpose, one workspace and a limited time.

Bytes before base64url, without padding::

    version 1 | key id 2 | kind length 1 | kind | workspace 16 | expiry 5 | subject | MAC 16

The MAC is HMAC-SHA256 cut to 128 bits (RFC 2104 section 5) over all bytes before it. Its key is
derived from the master key for one kind alone, so that a token of one kind can never pass as
another. Several master keys may be given: the first signs, all verify, which is how keys rotate.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.kernel.settings import setting

MIN_SECRET_CHARS = 32
SECRET_KEY_FILE = "secret.key"  # noqa: S105  # a file's name
"""Where the master key is kept in the data directory, unless it is set."""
MAX_SUBJECT_BYTES = 255
MAX_KIND_LENGTH = 32

_VERSION = 1
_MAC_BYTES = 16
_HEAD_BYTES = 4
_WORKSPACE_BYTES = 16
_EXPIRY_BYTES = 5
_FIXED_BYTES = _HEAD_BYTES + _WORKSPACE_BYTES + _EXPIRY_BYTES + _MAC_BYTES
_MAX_TOKEN_LENGTH = (_FIXED_BYTES + MAX_KIND_LENGTH + MAX_SUBJECT_BYTES) * 4 // 3 + 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def read_secret_keys(value: str) -> str:
    """Master keys as they are set, parted by commas; ValueError when one is too short."""
    if any(len(part.strip()) < MIN_SECRET_CHARS for part in value.split(",")):
        raise ValueError(f"each key must have at least {MIN_SECRET_CHARS} characters")
    return value


class KeySettings(msgspec.Struct, kw_only=True, frozen=True):
    """The master keys of this server."""

    secret_key: Annotated[
        str,
        setting(
            f"Signs links; {MIN_SECRET_CHARS} characters or more. Several, separated by commas: "
            "the first signs, all verify. Default: made at first start and kept in the data "
            "directory.",
            read=read_secret_keys,
            is_secret=True,
        ),
    ] = ""
    """Empty: kept in `SECRET_KEY_FILE`."""

    @property
    def set_keys(self) -> tuple[bytes, ...]:
        """The master keys that are set; none when one is kept in the file."""
        return tuple(part.strip().encode() for part in self.secret_key.split(",") if part)


class TokenClaims(msgspec.Struct, frozen=True):
    """What a verified token says."""

    kind: str
    workspace_id: UUID
    subject: str
    expires_at: datetime
    """Whole seconds; the token is refused from this moment on."""


def sign_token(
    keys: Sequence[bytes], kind: str, workspace_id: UUID, subject: str, expires_at: datetime
) -> str:
    """Sign a token with the first key.

    `kind` is 1 to 32 ASCII characters, `subject` at most 255 UTF-8 bytes, `expires_at` aware and
    cut to whole seconds. ValueError for anything else, and when there is no key.
    """
    if not keys:
        raise ValueError("signing needs a key")
    name = kind.encode("ascii")
    text = subject.encode()
    if not 1 <= len(name) <= MAX_KIND_LENGTH:
        raise ValueError(f"a token kind has 1 to {MAX_KIND_LENGTH} characters")
    if len(text) > MAX_SUBJECT_BYTES:
        raise ValueError(f"a token subject has at most {MAX_SUBJECT_BYTES} bytes")
    if expires_at.tzinfo is None:
        raise ValueError("the expiry of a token must be aware")
    seconds = max(0, (expires_at - _EPOCH) // _SECOND)
    head = bytes((_VERSION, *_key_id(keys[0]), len(name))) + name
    body = head + workspace_id.bytes + seconds.to_bytes(_EXPIRY_BYTES, "big") + text
    return _to_text(body + _mac(keys[0], name, body))


def verify_token(
    keys: Sequence[bytes],
    kind: str,
    token: str,
    now: datetime,
    *,
    workspace_id: UUID | None = None,
    subject: str | None = None,
) -> TokenClaims | None:
    """Give what the token says, or None when it is malformed, forged, expired or not meant here.

    `workspace_id` and `subject`, when given, must be the ones signed. Any text may be passed: this
    never raises for a bad token. Takes the same time wherever a MAC differs.
    """
    raw = _from_text(token)
    if raw is None:
        return None
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    name = kind.encode("utf-8", "surrogatepass")
    matching = [key for key in keys if _key_id(key) == body[1:3]]
    if not any(hmac.compare_digest(_mac(key, name, body), mac) for key in matching):
        return None
    claims = _read_claims(body)
    if claims is None or claims.kind != kind or claims.expires_at <= now:
        return None
    if workspace_id is not None and claims.workspace_id != workspace_id:
        return None
    return claims if subject is None or claims.subject == subject else None


def _read_claims(body: bytes) -> TokenClaims | None:
    """Read the signed bytes; None when their version is unknown or they do not fit the layout."""
    workspace_at = _HEAD_BYTES + body[3]
    expiry_at = workspace_at + _WORKSPACE_BYTES
    subject_at = expiry_at + _EXPIRY_BYTES
    if body[0] != _VERSION or len(body) < subject_at:
        return None
    try:
        kind = body[_HEAD_BYTES:workspace_at].decode("ascii")
        subject = body[subject_at:].decode()
        seconds = int.from_bytes(body[expiry_at:subject_at], "big")
        expires_at = _EPOCH + seconds * _SECOND
    except (UnicodeDecodeError, OverflowError):
        return None
    return TokenClaims(kind, UUID(bytes=body[workspace_at:expiry_at]), subject, expires_at)


def _to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _from_text(token: str) -> bytes | None:
    """Decode base64url that is written in the one canonical way; None otherwise.

    Python's decoder skips foreign characters and ignores spare bits at the end, either of which
    would give one token several spellings.
    """
    if len(token) > _MAX_TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Base64Error, ValueError):
        return None
    return raw if len(raw) > _FIXED_BYTES and _to_text(raw) == token else None


def _key_id(key: bytes) -> bytes:
    """Name a master key without giving it away; alike names cost one more comparison only."""
    return hmac.digest(key, b"harken token key id", "sha256")[:2]


def _mac(key: bytes, kind: bytes, body: bytes) -> bytes:
    """Sign with the key derived for one kind: HKDF (RFC 5869) of a single block."""
    pseudorandom = hmac.digest(b"harken token v1", key, "sha256")
    derived = hmac.digest(pseudorandom, kind + b"\x01", "sha256")
    return hmac.digest(derived, body, "sha256")[:_MAC_BYTES]

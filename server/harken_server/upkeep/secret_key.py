"""Where the secret key is, which is in no backup, and whether it is the one that links need."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from harken_server.database.settings import DatabaseSettings
from harken_server.kernel.settings import Settings
from harken_server.kernel.tokens import SECRET_KEY_FILE, KeySettings

_NEEDED = "Links, receipts and tills made so far work only with it."


def fingerprints(settings: Settings) -> list[str]:
    """Eight hex digits a key, to know it by: too few to find a key by trying."""
    return [
        hashlib.blake2b(key, digest_size=4, person=b"harken backup").hexdigest()
        for key in _keys_here(settings)
    ]


def where_it_is(settings: Settings) -> str:
    """A sentence for whoever made a backup."""
    known = ", ".join(fingerprints(settings))
    if settings.of(KeySettings).set_keys:
        return f"The secret key is not in it: keep HARKEN_SECRET_KEY ({known}) apart. {_NEEDED}"
    path = _file(settings)
    if not known:
        return f"There is no secret key yet in {path}: a first start makes one."
    return f"The secret key is not in it: keep a copy of {path} ({known}) apart. {_NEEDED}"


def whether_it_fits(settings: Settings, needed: Sequence[str]) -> str:
    """A sentence for whoever restored a backup that was made with the keys `needed`."""
    here = fingerprints(settings)
    missing = [each for each in needed if each not in here]
    if not needed:
        return "The backup was made without a secret key."
    if not missing:
        return f"The secret key here ({', '.join(here)}) is the one that its links need."
    found = f"{', '.join(here)} is here" if here else "none is here"
    return (
        f"The secret key {', '.join(missing)} is missing ({found}): before the first start put it "
        f"back as {_file(settings)} or HARKEN_SECRET_KEY. {_NEEDED}"
    )


def _keys_here(settings: Settings) -> tuple[bytes, ...]:
    if configured := settings.of(KeySettings).set_keys:
        return configured
    path = _file(settings)
    return (path.read_bytes().strip(),) if path.is_file() else ()


def _file(settings: Settings) -> Path:
    return settings.of(DatabaseSettings).data_dir / SECRET_KEY_FILE

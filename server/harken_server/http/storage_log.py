"""Storage trouble for the log: what the public answer does not tell, and not once a request."""

from __future__ import annotations

import logging
import time

from harken_server.http.problems import RateLimitedError
from harken_server.kernel.errors import HarkenError, OverloadedError, StorageError

log = logging.getLogger("harken.storage")

REPEAT_AFTER_S = 10.0
"""The same trouble is logged again only after this time."""

_logged: dict[str, float] = {}
"""When each code was last logged; as many entries as there are codes."""


def log_storage_failure(error: HarkenError) -> None:
    """Log a failure of storage, with its place and reason; other errors are not trouble."""
    if isinstance(error, RateLimitedError) or not isinstance(error, StorageError | OverloadedError):
        return
    now = time.monotonic()
    if now - _logged.get(error.code, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
        return
    _logged[error.code] = now
    log.error("%s", error.message, extra={"code": error.code})

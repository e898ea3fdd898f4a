"""How often one client may ask; every route that counts requests counts them here."""

from __future__ import annotations

from typing import Any

from harken_server.http.clients import client_address
from harken_server.http.problems import RateLimitedError
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings


def admit(runtime: Runtime, scope: Any, what: str = "requests") -> None:
    """Count a request of the client; raises RateLimitedError when it asks too often.

    `what` names in the plural what there were too many of.
    """
    settings = runtime.settings.of(HttpSettings)
    if settings.rate_limit and not runtime.limit.admits(
        client_address(scope, settings.trusted_proxies)
    ):
        raise RateLimitedError(f"Too many {what} from this address; wait a little.")

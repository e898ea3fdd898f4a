"""What the routes of one process share, built once by `app`: settings, database, time and chance.

Slices keep what lives between requests in parts of their own, found by their type:
`runtime.of(TriggerQueue)`. The runtime knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection

from harken_server.database.database import Database
from harken_server.http.clients import RateLimit, client_address
from harken_server.http.problems import RateLimitedError
from harken_server.http.settings import HttpSettings
from harken_server.kernel.clock import Clock
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.kernel.settings import Settings

Part = TypeVar("Part")


class Runtime(msgspec.Struct, frozen=True):
    """The open database, everything derived from the settings, and the slices' parts."""

    settings: Settings
    db: Database
    clock: Clock
    random: Callable[[int], bytes]
    signing_keys: tuple[bytes, ...]
    limit: RateLimit
    home: UUID
    """The first workspace: its surveys have addresses without a workspace in front."""
    parts: Mapping[type, Any]
    """What slices keep, by its type."""

    def of(self, kind: type[Part]) -> Part:
        """The part of this type. Raises LookupError when `app` has put none there."""
        try:
            return self.parts[kind]
        except KeyError:
            raise LookupError(f"app has put no {kind.__name__} into the runtime") from None

    def new_id(self) -> UUID:
        """A new UUIDv7."""
        return uuid7(self.clock(), self.random(RANDOM_BYTES))


def parts_of(*parts: Any) -> Mapping[type, Any]:
    """Parts by their types, one of each."""
    return {type(part): part for part in parts}


RUNTIME = "harken.runtime"
"""Where the gateway puts the runtime into each request's scope."""


def runtime_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Runtime:
    """The runtime that serves this request."""
    return cast("dict[str, Any]", connection.scope)[RUNTIME]


def admit(runtime: Runtime, scope: Any, what: str = "requests") -> None:
    """Count a request of the client; raises RateLimitedError when it asks too often.

    `what` names in the plural what there were too many of.
    """
    settings = runtime.settings.of(HttpSettings)
    if settings.rate_limit and not runtime.limit.admits(
        client_address(scope, settings.trusted_proxies)
    ):
        raise RateLimitedError(f"Too many {what} from this address; wait a little.")

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
from harken_server.http.clients import client_address
from harken_server.http.limits import Budget, Limits, is_loopback, network_of
from harken_server.http.problems import RateLimitedError
from harken_server.http.settings import HttpSettings
from harken_server.kernel.clock import Clock
from harken_server.kernel.errors import HarkenError
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
    limits: Limits
    home: UUID
    """The first workspace: its surveys have addresses without a workspace in front."""
    parts: Mapping[type, Any]
    """What slices keep, by its type."""
    is_demo: bool = False
    """The sample workspace is served, to be looked at by anybody."""

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


GUESSES_AT_ONCE = 60
GUESSES_A_MINUTE = 30
"""Wrong codes, keys and tokens from one address, at each route. A shop's network is one address."""
WRONG_GUESSES = frozenset(
    {
        "device_unknown",
        "export_link_invalid",
        "hook_token_invalid",
        "invitation_malformed",
        "invitation_unknown",
        "key_malformed",
        "key_unknown",
        "link_invalid",
        "pairing_code_unknown",
        "receipt_malformed",
        "receipt_unknown",
        "sheet_token_invalid",
    }
)
"""Codes of errors that say of a secret that it is none."""

RUNTIME = "harken.runtime"
"""Where the gateway puts the runtime into each request's scope."""


def runtime_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Runtime:
    """The runtime that serves this request."""
    return cast("dict[str, Any]", connection.scope)[RUNTIME]


def address_of(runtime: Runtime, scope: Any) -> str:
    """Whence a request came."""
    return client_address(scope, runtime.settings.of(HttpSettings).trusted_proxies)


def admit(runtime: Runtime, scope: Any, what: str = "requests", items: int = 1) -> None:
    """Count items of the client; raises RateLimitedError when it sends too many too fast.

    `what` names in the plural what there were too many of. A client that has guessed wrong too
    often here is sent away as well, so this stands before anything that can be guessed.
    """
    limit = runtime.settings.of(HttpSettings).rate_limit
    if limit == 0 or is_loopback(address := address_of(runtime, scope)):
        return
    who = network_of(address)
    taken = runtime.limits.take(Budget("requests", limit, limit), who, items)
    _require(taken, f"Too many {what} from this address")
    require_luck(runtime, scope)


def require_luck(runtime: Runtime, scope: Any) -> None:
    """Raise RateLimitedError for a client that has guessed wrong too often at this route."""
    who = network_of(address_of(runtime, scope))
    _require(runtime.limits.wait_s(_guesses_at(scope), who), "Too many wrong guesses")


def admit_subject(runtime: Runtime, what: str, subject: object, items: int = 1) -> None:
    """Count items of a subject, wherever they come from: with one code, say, or of one device.

    `what` names in the plural what there were too many of. Raises RateLimitedError.
    """
    if limit := runtime.settings.of(HttpSettings).rate_limit:
        spend(runtime, Budget(what, limit, limit), subject, items)


def spend(runtime: Runtime, budget: Budget, subject: object, items: int = 1) -> None:
    """Count items of a subject by a budget of its own.

    Raises RateLimitedError when there are too many.
    """
    wait_s = runtime.limits.take(budget, str(subject), items)
    _require(wait_s, f"Too many {budget.what} at once")


def require_left(runtime: Runtime, budget: Budget, subject: object) -> None:
    """Raise RateLimitedError when nothing is left of a budget; nothing is taken."""
    wait_s = runtime.limits.wait_s(budget, str(subject))
    _require(wait_s, f"Too many {budget.what}")


def count_guess(runtime: Runtime, scope: Any, error: HarkenError | None = None) -> None:
    """Count a wrong guess of the client, if that is what the error says; `admit` looks at it."""
    if error is not None and error.code not in WRONG_GUESSES:
        return
    address = address_of(runtime, scope)
    if runtime.settings.of(HttpSettings).rate_limit and not is_loopback(address):
        runtime.limits.spend(_guesses_at(scope), network_of(address))


def _guesses_at(scope: Any) -> Budget:
    """Of each route by itself: who mistypes receipts may still follow a link."""
    return Budget(f"guesses at {scope.get('path_template')}", GUESSES_A_MINUTE, GUESSES_AT_ONCE)


def _require(wait_s: int, refusal: str) -> None:
    if wait_s:
        raise RateLimitedError(f"{refusal}; wait {wait_s} s.", retry_after_s=wait_s)

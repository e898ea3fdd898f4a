"""A client for all of a program, made when it is first needed: `harken.trigger(...)`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from harken._sync.client import Client
from harken._triggers.background import CLOSING_S
from harken._triggers.no_decision import decision_after, describe
from harken._types.asking import TriggerOptions
from harken._types.decision import Decision

if TYPE_CHECKING:
    from typing_extensions import Unpack

_log = logging.getLogger("harken")
_held: dict[str, Client] = {}


def default_client() -> Client:
    """The client that `harken.trigger` uses, made from the environment. ConfigError as for any."""
    return _held.get("client") or _held.setdefault("client", Client())


def set_default_client(client: Client | None) -> None:
    """Use this one from now on, such as a disabled one in tests; None makes one when needed."""
    _held.pop("client", None)
    if client is not None:
        _held["client"] = client


def trigger(
    touchpoint: str, *, timeout_s: float | None = None, **options: Unpack[TriggerOptions]
) -> Decision:
    """As `Client.trigger`, with the default client. Never raises, not for missing settings either.

    Where these are missing nobody is asked, with the reason `unavailable`.
    """
    try:
        return default_client().trigger(touchpoint, timeout_s=timeout_s, **options)
    except Exception as error:  # noqa: BLE001 - asking a customer must not break the caller
        return decision_after(error, touchpoint)


def trigger_soon(touchpoint: str, **options: Unpack[TriggerOptions]) -> None:
    """As `Client.trigger_soon`, with the default client. Never raises."""
    try:
        default_client().trigger_soon(touchpoint, **options)
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("trigger %.64r asked nobody: %s", touchpoint, describe(error))


def flush(timeout_s: float = CLOSING_S) -> bool:
    """As `Client.flush`; True where the default client was never needed."""
    client = _held.get("client")
    return client is None or client.flush(timeout_s)

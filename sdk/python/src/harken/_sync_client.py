# Generated from _async_client.py by tools/make_sync.py: edit that one.
# fmt: off
"""The client a caller holds: one address, one key, and everything the server offers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from types import TracebackType
from typing import TYPE_CHECKING, Any

from harken import _calls
from harken._sync_devices import Devices
from harken._sync_exports import Exports
from harken._sync_journeys import Journeys, Programmes
from harken._sync_receipts import Receipts
from harken._sync_resources import Responses, Surveys
from harken._config import read_config
from harken._decisions import LONGEST_TRIGGER_S, Decision, decision_after
from harken._identity import sign_identity
from harken._ids import new_id
from harken._scores import Scores

if TYPE_CHECKING:
    import httpx


class Client:
    """Talks to a Harken server. Make one, share it, close it (or use `with`).

    Address and key come from `HARKEN_URL` and `HARKEN_API_KEY` (or the file that
    `HARKEN_API_KEY_FILE` names) unless given; ConfigError says what is missing. `timeout_s` bounds
    connecting and each wait for bytes of one attempt; safe requests are attempted up to
    `max_attempts` times. `transport` replaces the network, for tests and for in-process servers.
    """

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = 10,
        max_attempts: int = 3,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        # Imported here because httpx takes longer to import than all the rest.
        from harken._sync_connection import Connection

        self._config = read_config(
            base_url,
            api_key,
            timeout_s=timeout_s,
            max_attempts=max_attempts,
            environ=os.environ,
        )
        self._connection = Connection(self._config, transport)
        self.surveys = Surveys(self._connection)
        """Publish surveys from files and read them back."""
        self.responses = Responses(self._connection)
        """Read responses, send them in, erase them."""
        self.exports = Exports(self._connection)
        """Take responses away as files."""
        self.journeys = Journeys(self._connection)
        """Push journeys from files, load built-in ones, read them back."""
        self.programmes = Programmes(self._connection)
        """Ask a list of respondents wave by wave."""
        self.receipts = Receipts(self._connection)
        """Stores, tills and their keys; receipt tokens made offline."""
        self.devices = Devices(self._connection)
        """Register kiosks, see how they are, revoke them."""

    def trigger(
        self,
        touchpoint: str,
        *,
        respondent: str | None = None,
        channel: str = "api",
        context: Mapping[str, Any] | None = None,
        locale: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Decision:
        """Tell the server that a touchpoint happened; it decides whether to ask, and says why.

        Never raises, and never takes longer than `timeout_s` (by default 3 seconds, or the
        client's own if that is less), retries included: on any failure nobody is asked, and
        `reason` and `error` tell what happened. Failures are logged once, as warnings, on `harken`.
        """
        try:
            call = _calls.trigger(
                touchpoint,
                respondent=respondent,
                channel=channel,
                context=context,
                locale=locale,
                idempotency_key=idempotency_key or new_id(),
            )
            limit_s = min(self._config.timeout_s, LONGEST_TRIGGER_S)
            return self._connection.run_within(
                call, limit_s if timeout_s is None else timeout_s
            )
        except Exception as error:  # noqa: BLE001 - asking a customer must not break the caller
            return decision_after(error, touchpoint)

    def sign_identity(self, respondent: str, *, valid_for: timedelta = timedelta(days=1)) -> str:
        """Proof for the web widget of who looks at a page; made here, nothing is sent.

        Give it to `harken.identify(respondent, signature)` in the page of that person alone. The
        client's key must have the scope `write` or `manage`. Raises ValueError, see the function
        `harken.sign_identity`, which takes a key and a time.
        """
        if valid_for <= timedelta(0):
            raise ValueError(f"valid_for must be more than no time, not {valid_for}")
        return sign_identity(
            self._config.api_key, respondent, datetime.now(timezone.utc) + valid_for
        )

    def scores(
        self,
        survey: str,
        *,
        question: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        touchpoint: str | None = None,
        channel: str | None = None,
        version: int | None = None,
        standing: str | None = None,
    ) -> Scores:
        """A survey's scores with their 95 % intervals; `from_` and `to` are days, both included.

        `standing` takes the responses that do not count, such as `unverified`, instead.
        """
        return self._connection.run(
            _calls.get_scores(
                survey,
                question=question,
                from_=from_,
                to=to,
                touchpoint=touchpoint,
                channel=channel,
                version=version,
                standing=standing,
            )
        )

    def close(self) -> None:
        """Close the connections; the client cannot be used afterwards."""
        self._connection.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"harken.Client({self._config.base_url!r})"

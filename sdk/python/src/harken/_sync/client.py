# Generated from _async/client.py by tools/make_sync.py: edit that one.
# fmt: off
"""The client a caller holds: one address, one key, and everything the server offers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from harken._sync.devices import Devices
from harken._sync.events import Events
from harken._sync.exports import Exports
from harken._sync.findings import Annotations, Findings
from harken._sync.intake import Intake
from harken._sync.journeys import Journeys, Programmes
from harken._sync.links import Links
from harken._sync.mail import Deliveries, Mail, Replies
from harken._sync.people import (
    Asking,
    Audit,
    Decisions,
    Escalations,
    Respondents,
    Suppressions,
)
from harken._sync.receipts import Receipts
from harken._sync.responses import Responses
from harken._sync.segments import Segments
from harken._sync.sender import TriggerSender
from harken._sync.sheets import Sheets
from harken._sync.surveys import Surveys
from harken._calls import trigger_calls
from harken._config import read_config
from harken._identity import sign_for
from harken._ids import new_id
from harken._triggers.background import CLOSING_S
from harken._triggers.batch import encode_batch
from harken._triggers.no_decision import DISABLED, decision_after
from harken._types.asking import AnyChannel, TriggerFields
from harken._types.decision import Decision, TriggerCounts
from harken._values import Id, name_of

if TYPE_CHECKING:
    import httpx

    from harken._sync.connection import Connection


class Client(Findings):
    """Talks to a Harken server. Make one, share it, close it (or use `with`).

    Address and key come from `HARKEN_URL` and `HARKEN_API_KEY` (or the file that
    `HARKEN_API_KEY_FILE` names) unless given; ConfigError says what is missing. `timeout_s` bounds
    connecting and each wait for bytes of one attempt; safe requests are attempted up to
    `max_attempts` times. `max_waiting` triggers of `trigger_soon` are kept. `transport` replaces
    the network, for tests. One that is `disabled` needs no address and no key, and sends nothing.
    """

    surveys: Surveys
    """Publish surveys from files and read them back."""
    responses: Responses
    """Read responses, send them in, erase them."""
    exports: Exports
    """Take responses away as files."""
    events: Events
    """What people did beside answering."""
    intake: Intake
    """Feedback that nobody was asked for."""
    journeys: Journeys
    """Push journeys from files, load built-in ones, read them back."""
    programmes: Programmes
    """Ask a list of respondents wave by wave."""
    segments: Segments
    """Named filters and personas."""
    receipts: Receipts
    """Stores, tills and their keys; receipt tokens made offline."""
    devices: Devices
    """Register kiosks, see how they are, revoke them."""
    decisions: Decisions
    """Read again what a trigger was answered with."""
    respondents: Respondents
    """What is known of people, and why they would be asked, or not."""
    suppressions: Suppressions
    """Respondents who must not be asked."""
    escalations: Escalations
    """Respondents whom a person should call."""
    links: Links
    """Signed links that were handed out: list them, revoke one."""
    sheets: Sheets
    """Tokens for spreadsheets: make, list and revoke them."""
    audit: Audit
    """What somebody did to people's data."""
    asking: Asking
    """What holds for asking by any survey of the workspace."""
    mail: Mail
    """Previews, snippets, personal links, and what came back."""
    deliveries: Deliveries
    """What became of each mail."""
    replies: Replies
    """A survey answered one message at a time."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = 10,
        max_attempts: int = 3,
        max_waiting: int = 10_000,
        disabled: bool = False,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        # Imported here because httpx takes longer to import than all the rest.
        from harken._sync.connection import Connection

        self._config = read_config(
            base_url, api_key, timeout_s=timeout_s, max_attempts=max_attempts,
            environ=os.environ, is_disabled=disabled,
        )  # fmt: skip
        self._connection = Connection(self._config, transport)
        self._sender = TriggerSender(self._send_batch, max_waiting)
        self._open_rooms(self._connection)

    def _open_rooms(self, connection: Connection) -> None:
        self.surveys = Surveys(connection)
        self.responses = Responses(connection)
        self.exports = Exports(connection)
        self.events = Events(connection)
        self.intake = Intake(connection)
        self.journeys = Journeys(connection)
        self.programmes = Programmes(connection)
        self.segments = Segments(connection)
        self.receipts = Receipts(connection)
        self.devices = Devices(connection)
        self.decisions = Decisions(connection)
        self.respondents = Respondents(connection)
        self.suppressions = Suppressions(connection)
        self.escalations = Escalations(connection)
        self.links = Links(connection)
        self.sheets = Sheets(connection)
        self.audit = Audit(connection)
        self.asking = Asking(connection)
        self.mail = Mail(connection)
        self.deliveries = Deliveries(connection)
        self.replies = Replies(connection)
        self.annotations = Annotations(connection)

    def trigger(
        self,
        touchpoint: str,
        *,
        respondent: Id | None = None,
        channel: AnyChannel = "api",
        context: Mapping[str, Any] | None = None,
        locale: str | None = None,
        traits: Mapping[str, Any] | None = None,
        email: str | None = None,
        phone: str | None = None,
        timezone: str | None = None,
        consent: bool | None = None,
        send_at: datetime | None = None,
        idempotency_key: Id | None = None,
        timeout_s: float | None = None,
    ) -> Decision:
        """Tell the server that a touchpoint happened; it decides whether to ask, and says why.

        `traits`, `email`, `phone`, `timezone` and `consent` are kept for the person; `send_at`
        (aware) is when a mail goes out at the earliest. Never raises, and never takes longer than
        `timeout_s` (3 seconds, or the client's own if less), retries included: on any failure
        nobody is asked, `reason` and `error` tell why, and a warning is logged once on `harken`.
        """
        fields = {
            "respondent": respondent,
            "channel": channel,
            "context": context,
            "locale": locale,
            "traits": traits,
            "email": email,
            "phone": phone,
            "timezone": timezone,
            "consent": consent,
            "send_at": send_at,
        }
        return self._decide(touchpoint, fields, idempotency_key, timeout_s)

    def trigger_batch(
        self, triggers: Iterable[TriggerFields], *, timeout_s: float = 30
    ) -> tuple[Decision, ...]:
        """Many triggers at once, each a mapping of what `trigger` takes; a decision for each.

        Never raises: one that is wrong is `invalid`. 500 are sent at a time, within `timeout_s`,
        retries included; when one fails as a whole, the rest is not sent. Those about one
        respondent are decided in their order.
        """
        batch = encode_batch(triggers, is_disabled=self._config.is_disabled)
        for places, bodies in batch.pieces():
            try:
                said = self._connection.run_within(
                    trigger_calls.trigger_batch(bodies, may_repeat=True), timeout_s
                )
            except Exception as error:  # noqa: BLE001 - asking must not break the caller
                batch.fail(error)
                break
            batch.settle(places, said)
        return batch.outcome()

    def trigger_soon(
        self,
        touchpoint: str,
        *,
        respondent: Id | None = None,
        channel: AnyChannel = "api",
        context: Mapping[str, Any] | None = None,
        locale: str | None = None,
        traits: Mapping[str, Any] | None = None,
        email: str | None = None,
        phone: str | None = None,
        timezone: str | None = None,
        consent: bool | None = None,
        send_at: datetime | None = None,
        idempotency_key: Id | None = None,
    ) -> None:
        """Tell the server in the background that a touchpoint happened; takes no time at all.

        Never raises, waits for nothing and is not awaited. What cannot be sent is tried again with
        growing pauses; beyond `max_waiting` the oldest are dropped. `trigger_counts` says what
        became of them; `close` sends what waits, for up to 2 seconds.
        """
        fields = {
            "respondent": respondent,
            "channel": channel,
            "context": context,
            "locale": locale,
            "traits": traits,
            "email": email,
            "phone": phone,
            "timezone": timezone,
            "consent": consent,
            "send_at": send_at,
            "idempotency_key": idempotency_key,
        }
        if not self._config.is_disabled:
            self._sender.put(touchpoint, fields)

    def flush(self, timeout_s: float = CLOSING_S) -> bool:
        """Wait until all of `trigger_soon` is sent, trying at once; False when time ran out."""
        return self._sender.flush(timeout_s)

    @property
    def trigger_counts(self) -> TriggerCounts:
        """What became of the triggers given to `trigger_soon`."""
        return self._sender.counts

    def sign_identity(self, respondent: Id, *, valid_for: timedelta = timedelta(days=1)) -> str:
        """Proof for the web widget of who looks at a page; made here, nothing is sent.

        Give it to `harken.identify(respondent, signature)` in the page of that person alone; a
        disabled client gives an empty text. The key must have the scope `write` or `manage`. Raises
        ValueError, see the function `harken.sign_identity`, which takes a key and a time.
        """
        return sign_for(self._config, respondent, valid_for)

    def close(self) -> None:
        """Send what waits, for up to 2 seconds, and close; the client cannot be used afterwards."""
        self._sender.close()
        self._connection.close()

    def _decide(
        self, touchpoint: str, fields: dict[str, Any], key: Id | None, timeout_s: float | None
    ) -> Decision:
        if self._config.is_disabled:
            return DISABLED
        try:
            body = trigger_calls.trigger_body(touchpoint, **fields)
            if timeout_s is None:
                timeout_s = min(self._config.timeout_s, trigger_calls.LONGEST_TRIGGER_S)
            own_key = new_id() if key in {None, ""} else name_of("idempotency_key", key)
            call = trigger_calls.trigger(body, own_key)
            return self._connection.run_within(call, timeout_s)
        except Exception as error:  # noqa: BLE001 - asking a customer must not break the caller
            return decision_after(error, touchpoint)

    def _send_batch(self, bodies: Sequence[bytes]) -> tuple[trigger_calls.Outcome, ...]:
        return self._connection.run(trigger_calls.trigger_batch(bodies, may_repeat=False))

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        told = "disabled=True" if self._config.is_disabled else repr(self._config.base_url)
        return f"harken.Client({told})"

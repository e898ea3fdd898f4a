"""Many triggers sent at once by a caller who waits for the decisions."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from harken._calls.trigger_calls import Outcome, batches, trigger_body
from harken._ids import new_id
from harken._triggers.no_decision import DISABLED, decision_after, decision_for
from harken._types.decision import Decision

_log = logging.getLogger("harken")


class Batch:
    """The triggers as they are sent, and the decisions as they come."""

    def __init__(self) -> None:
        self.bodies: list[bytes | None] = []
        """None for what cannot be sent."""
        self.decisions: list[Decision | None] = []
        """None as long as nothing is known."""

    def pieces(self) -> Iterator[tuple[list[int], list[bytes]]]:
        """Those that are sent together: their places, and their bodies."""
        for places in batches(self.bodies):
            yield places, [self.bodies[place] or b"" for place in places]

    def outcome(self) -> tuple[Decision, ...]:
        """A decision for each trigger, in their order."""
        return tuple(decision for decision in self.decisions if decision is not None)

    def settle(self, places: Sequence[int], said: Sequence[Outcome]) -> None:
        """Take in what became of those at these places."""
        for place, outcome in zip(places, said, strict=True):
            is_decided = isinstance(outcome, Decision)
            self.decisions[place] = outcome if is_decided else decision_after(outcome, f"#{place}")

    def fail(self, error: Exception) -> None:
        """Nothing can be known of those that are not decided."""
        missing = [place for place, each in enumerate(self.decisions) if each is None]
        decision = decision_for(error)
        _log.warning("%d triggers of a batch asked nobody: %s", len(missing), decision.reason)
        for place in missing:
            self.decisions[place] = decision


def encode_batch(triggers: Iterable[Mapping[str, Any]], *, is_disabled: bool = False) -> Batch:
    """Each with an idempotency key; what cannot be sent is decided already. Never raises."""
    batch = Batch()
    try:
        for trigger in triggers:
            if is_disabled:
                batch.decisions.append(DISABLED)
            else:
                _add(batch, trigger)
    except Exception as error:  # noqa: BLE001 - the caller's iteration broke; asking must not
        batch.bodies.append(None)
        batch.decisions.append(decision_after(error, f"#{len(batch.decisions)}"))
    return batch


def _add(batch: Batch, trigger: Mapping[str, Any]) -> None:
    try:
        fields = dict(trigger)
        fields["idempotency_key"] = fields.get("idempotency_key") or new_id()
        body = trigger_body(**fields)
    except Exception as error:  # noqa: BLE001 - as above
        batch.bodies.append(None)
        batch.decisions.append(decision_after(error, f"#{len(batch.decisions)}"))
        return
    batch.bodies.append(body)
    batch.decisions.append(None)

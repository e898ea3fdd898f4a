"""What a response holds after all its sequences in their own order, as a dict would keep it."""

from __future__ import annotations

from typing import Any

import msgspec

UNSAID = {"touchpoint": "", "channel": "api", "respondent": None, "locale": "en", "context": {},
          "started_at": None}  # fmt: skip
"""How a response is stored of which no sequence says it."""


class Expected(msgspec.Struct):
    """What the model knows of one response."""

    bodies: dict[int, dict[str, Any]]
    """Each submission that was stored, by its sequence."""
    receipts: dict[int, bytes]
    is_erased: bool = False

    @property
    def sequence(self) -> int:
        return max(self.bodies)

    @property
    def is_complete(self) -> bool:
        return self.bodies[self.sequence]["complete"]

    @property
    def resume(self) -> str:
        return next(iter(self.bodies.values()))["resume"]

    @property
    def answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for _, body in sorted(self.bodies.items()):
            answers |= body["answers"]
            for key in body.get("cleared", ()):
                answers.pop(key, None)
        return {} if self.is_erased else answers

    @property
    def facts(self) -> dict[str, Any]:
        facts = dict(UNSAID)
        for _, body in sorted(self.bodies.items()):
            said = {name: body[name] for name in UNSAID if name in body}
            facts |= said | {"context": facts["context"] | said.get("context", {})}
        return facts

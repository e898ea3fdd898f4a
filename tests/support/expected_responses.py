"""What sequences of a response may say, and what it holds after all of them, as a dict would."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    str.strip
)
QUESTIONS = [
    {"type": "nps", "key": "recommend", "text": "?", "required": True},
    {
        "type": "multiple_choice", "key": "reasons", "text": "?",
        "choices": [{"value": "price", "label": "P"}, {"value": "speed", "label": "S"}],
    },
    {
        "type": "long_text", "key": "why", "text": "?",
        "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
    },
]  # fmt: skip


FACTS: dict[str, st.SearchStrategy[Any]] = {
    "touchpoint": st.sampled_from(["order.sent", "order.returned"]),
    "channel": st.sampled_from(["web", "widget"]),
    "respondent": st.sampled_from(["c-1", "c-2"]),
    "locale": st.sampled_from(["en", "de"]),
    "context": st.dictionaries(st.sampled_from(["store", "till"]), st.integers(1, 3), min_size=1),
    "started_at": st.sampled_from(["2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z"]),
}
SAID = st.fixed_dictionaries({}, optional=FACTS)
"""What a sequence may say besides answers."""
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

    def refusal(self, sequence: int, is_stranger: bool) -> tuple[int, str] | None:
        """Status and code with which a sequence is refused."""
        if self.is_erased:
            return 410, "response_erased"
        if self.is_complete and sequence > self.sequence:
            return 409, "response_finished"
        return (403, "resume_needed") if is_stranger else None

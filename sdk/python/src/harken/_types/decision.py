"""The answer to a trigger: asked or not, and why; and figures of those that nobody waits for."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

ServerReason: TypeAlias = Literal[
    "no_survey", "not_live", "not_open", "suppressed", "unreachable", "no_consent",
    "not_in_segment", "sampled_out", "quota_full", "cooldown", "escalated", "open_invitation",
    "asked",
]  # fmt: skip
Reason: TypeAlias = Literal[ServerReason, "invalid", "unauthorized", "unavailable", "disabled"]
"""Those that are known; a later server may give others, which are passed on as they are."""

if TYPE_CHECKING:
    _AnyReason = Reason
else:
    _AnyReason = str


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """One respondent's personal link to one survey."""

    id: str
    code: str
    """Thirteen characters that can be typed; the last one catches slips."""
    url: str
    """To be read and pressed."""
    qr_text: str = ""
    """The same link as a QR should hold it: in capitals behind its scheme, which keeps it small."""
    expires_at: datetime | None = None
    """When the link stops working; None when it does not."""
    qr_svg_url: str | None = None
    qr_png_url: str | None = None

    def qr_svg(self) -> str:
        """The link's QR as an SVG, drawn here without the network; needs `harken[qr]`."""
        # What draws is imported where it is used: most programs only trigger.
        from harken.printing.bare_symbol import qr_svg

        return qr_svg(self.url)

    def qr_png(self, scale: int = 8) -> bytes:
        """The link's QR as a PNG, `scale` pixels a module; needs `harken[qr]`."""
        from harken.printing.bare_symbol import qr_png

        return qr_png(self.url, scale=scale)

    def save_qr(self, path: str | os.PathLike[str]) -> Path:
        """Write the QR to a file ending in `.svg` or `.png`; needs `harken[qr]`."""
        from harken.printing.bare_symbol import write_qr

        target = Path(path)
        write_qr(self.url, target)
        return target


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the respondent is asked now, and why. It is true where somebody is asked.

    `reason` is the server's, the first of `ServerReason` that holds; later servers may add more. Or
    it is one of ours when there is no decision of the server's: `invalid` (what was sent is wrong),
    `unauthorized` (the key is), `unavailable` or `disabled` (the client is).
    """

    asked: bool
    reason: _AnyReason
    explanation: str = ""
    """The reason as a sentence for people, with the figures that were decided on."""
    detail: str = ""
    """What exactly: `survey.dismissed` for a clock, the name of a quota, the rule that failed."""
    id: str | None = None
    """For `client.decisions.get`; None when the server decided nothing."""
    touchpoint: str | None = None
    channel: str | None = None
    decided_at: datetime | None = None
    respondent: str | None = None
    survey: str | None = None
    """Key of the survey that is asked."""
    invitation: Invitation | None = None
    """There when `asked`."""
    delivery: str | None = None
    """Id of the delivery that was queued, on a channel on which Harken sends, such as `email`; None
    when no address is known, and on every other channel."""
    error: Exception | None = None
    """What went wrong, when something did; it has been logged and is not raised."""

    def __bool__(self) -> bool:
        return self.asked

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON has it: times as text in UTC, the error as its sentence."""
        told = msgspec.structs.replace(self, error=None)
        return {
            **msgspec.to_builtins(told),
            "error": None if self.error is None else str(self.error),
        }


class TriggerCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the triggers given to `trigger_soon`, in this process."""

    waiting: int
    """Not sent yet, or being sent."""
    sent: int
    """The server has decided on them."""
    refused: int
    """Given up one by one: not acceptable, or the key is not."""
    dropped: int
    """Lost because too many waited, or the client was closed; the oldest ones first."""

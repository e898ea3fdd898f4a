"""Channels by name: which a workspace may use, and which somebody meant who wrote another.

Built in are those of the server's register, which stands above; the others a workspace declares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import msgspec

from harken_server.kernel.errors import InvalidInputError, Problem

MAX_CHANNELS = 50
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_MEANT = "begins with a small letter and holds at most 32 of a to z, 0 to 9, _ and -"
_SIGNS = str.maketrans("", "", " -_.")
_NEAR = 0.6
"""How alike a name must be for being asked about: `difflib`'s own threshold."""


class ChannelNames(msgspec.Struct, frozen=True):
    """The channels that a server has for every workspace."""

    built_in: tuple[str, ...]
    by_anybody: tuple[str, ...] = ()
    """Those that whoever sends a response may name."""
    by_holder: tuple[str, ...] = ()
    """Those that the holder of an invitation may name."""

    def is_claimable(self, name: str, *, has_invitation: bool) -> bool:
        """Whether a sender without a key may say that a response came by this channel."""
        known = self.by_holder if has_invitation else self.by_anybody
        return name in known or name not in self.built_in

    def check_claimed(self, name: str) -> Problem:
        """Why a sender without a key may not name a channel that proves something."""
        message = (
            f"$.channel {name!r} is said by the server alone, from what proves it. Leave it out, "
            f"or send with a key that may write. Anybody may say: {', '.join(self.by_anybody)}."
        )
        return Problem("$.channel", "channel_unproved", message)

    def check(self, name: str, declared: Sequence[str] = ()) -> Iterator[Problem]:
        """What is wrong with a channel that is named: it is none, and which is near."""
        known = [*self.built_in, *declared]
        if name in known:
            return
        meant = nearest(name, known)
        hint = f" Did you mean `{meant}`?" if meant else ""
        message = (
            f"$.channel {name!r} is no channel of this workspace.{hint}"
            f" There are: {', '.join(known)}. PUT /v1/channels declares others."
        )
        yield Problem("$.channel", "channel_unknown", message, limit=meant)

    def check_declared(self, names: Sequence[str]) -> None:
        """InvalidInputError with every problem of a declaration: too many, a bad name, a double.

        A name that is a built-in one but for case, hyphens and the like is no name of its own.
        """
        problems = [
            Problem(f"$.channels[{index}]", code, message, limit=limit)
            for index, name in enumerate(names[:MAX_CHANNELS])
            for code, message, limit in self._troubles(name, names[:index])
        ]
        if len(names) > MAX_CHANNELS:
            message = f"channels holds at most {MAX_CHANNELS} entries, not {len(names)}"
            problems.insert(0, Problem("$.channels", "too_many", message, limit=MAX_CHANNELS))
        if problems:
            said = "; ".join(problem.message for problem in problems)
            raise InvalidInputError(said, tuple(problems))

    def _troubles(
        self, name: str, earlier: Sequence[str]
    ) -> Iterator[tuple[str, str, str | int | None]]:
        meant = next((each for each in self.built_in if _bare(each) == _bare(name)), None)
        if meant is not None:
            yield "duplicate", f"`{meant}` is a channel already: use it for {name[:40]!r}", meant
        elif not _NAME.fullmatch(name):
            yield "pattern", f"the name of a channel {_MEANT}: not {name[:40]!r}", 32
        elif name in earlier:
            yield "duplicate", f"the channel {name!r} is declared twice", None


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The channel that was meant, as far as can be told.

    >>> [nearest(name, ["email", "sms"]) for name in ("e-mail", "E_Mail", "mail", "fax")]
    ['email', 'email', 'email', None]
    """
    found = get_close_matches(_bare(name), [_bare(each) for each in known], 1, _NEAR)
    return next((each for each in known if found and _bare(each) == found[0]), None)


def _bare(name: str) -> str:
    return name.casefold().translate(_SIGNS)

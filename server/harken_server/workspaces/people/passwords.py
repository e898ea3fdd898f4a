"""Passwords: which are good enough, and how they are hashed beside the event loop."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from harken_server.kernel.errors import InvalidInputError, OverloadedError, Problem
from harken_server.workspaces.people.addresses import same_address

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")
MIN_CHARS, MAX_CHARS = 12, 256
"""Long ones, and no rules of composition (NIST SP 800-63B section 5.1.1.2)."""
AT_ONCE = 2
MOST_WAITING = 30
"""Beyond it somebody floods the sign-in: everybody else is to wait no longer than seconds."""


class Cost(NamedTuple):
    """What one hash takes: Argon2id, RFC 9106."""

    rounds: int = 3
    memory_kib: int = 32 * 1024
    lanes: int = 1


class Passwords:
    """Hashes and compares passwords in threads, few at once: each takes its memory."""

    def __init__(self, cost: Cost = Cost()) -> None:  # noqa: B008  # a constant
        self._cost = cost
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self.compared = 0
        """How many were compared so far, whether somebody has the address or not."""

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        return await self._apart(lambda: self._hasher.hash(_spelt(password)))

    async def is_right(self, digest: str | None, password: str) -> bool:
        """Whether it is the password; as slowly where there is none to compare it with.

        Raises OverloadedError when too many are waiting already.
        """
        self.compared += 1
        is_same = await self._apart(lambda: self._is_same(digest or self._of_nobody, password))
        return is_same and digest is not None

    def is_outdated(self, digest: str) -> bool:
        """Whether it was hashed at another cost than today's."""
        return self._hasher.check_needs_rehash(digest)

    async def _apart(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise OverloadedError("Too many people are signing in; try again in a few seconds.")
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1

    def _is_same(self, digest: str, password: str) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        try:
            return self._hasher.verify(digest, _spelt(password))
        except (Argon2Error, InvalidHashError):
            return False

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher  # loads a library: with the first sign-in, not the start

        rounds, memory, lanes = self._cost
        return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=lanes)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash("nobody has this password")


def check_password(password: str, email: str, field: str = "password") -> None:
    """Raise InvalidInputError for one that is too short, too long or the address itself."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        code, message = "password_length", f"A password has {MIN_CHARS} to {MAX_CHARS} characters;"
        message += f" this one has {len(password)}."
    elif same_address(password) in {email, email.partition("@")[0]}:
        code, message = "password_is_address", "The password must not be your e-mail address."
    elif len(set(password)) == 1:
        code, message = "password_one_sign", "The password must not be one character repeated."
    else:
        return
    raise InvalidInputError(message, (Problem(f"$.{field}", code, message),))


def _spelt(password: str) -> bytes:
    """One spelling of what looks the same, however a keyboard composes it (RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")

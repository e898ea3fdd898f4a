"""Hashing at next to no cost: what a hash takes is one test's matter, and not every sign-in's."""

from __future__ import annotations

import msgspec

from harken_server.http.runtime import Runtime
from harken_server.workspaces.people.passwords import Cost, Passwords

CHEAP = Cost(rounds=1, memory_kib=8)


def with_cheap_passwords(runtime: Runtime) -> Runtime:
    """The same runtime, in which a sign-in takes no time."""
    return msgspec.structs.replace(runtime, parts={**runtime.parts, Passwords: Passwords(CHEAP)})

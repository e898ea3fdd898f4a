"""The console's routes as the application has them, and what each lets whom do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from harken_server.routes import PUBLIC
from harken_server.workspaces.people.rules import RIGHTS, Role
from harken_server.workspaces.signed_in import ACT, RULES, Rules

BELOW = "/console/{workspace:str}"
_PIECE = re.compile(r"\{(\w+)(?::\w+)?\}")


class ConsoleRoute(NamedTuple):
    """A page, or what a form does."""

    method: str
    path: str
    """Below the workspace's address."""
    rules: Rules
    act: str
    """What the audit log calls it; empty: it is a page."""

    def at(self, ids: Mapping[str, str], slug: str = "default") -> str:
        """Its address, each piece filled with the id of what the word before it names.

        Where that word has none, or names several things, the piece's own name says what it is.
        A stream, which goes on for ever, is asked for what it says first.
        """
        words = ["", *self.path.split("/")]
        filled = [
            _filled(word, words[place - 1], ids, self.path)
            for place, word in enumerate(words)
            if place
        ]
        ends = "?events=1" if self.path.endswith("/live") else ""
        return f"/console/{slug}" + "/".join(filled) + ends

    def is_for(self, role: Role) -> bool:
        """Whether the declared right lets somebody with this role in."""
        is_near = role != "frontline" or self.rules.is_scoped
        return self.rules.right in RIGHTS[role] and is_near


def console_routes(method: str | None = None) -> list[ConsoleRoute]:
    """All of them, in the order of their declaration; of one method where that is named."""
    found = [
        ConsoleRoute(each, path.removeprefix(BELOW), handler.opt[RULES], handler.opt.get(ACT, ""))
        for handler in PUBLIC
        for path in sorted(handler.paths)
        for each in sorted(handler.http_methods)
        if RULES in handler.opt
    ]
    return [one for one in found if method in {None, one.method}]


def undeclared() -> list[str]:
    """Paths below `/console` for which nothing says who may open them."""
    return sorted(
        path
        for handler in PUBLIC
        for path in handler.paths
        if path.startswith("/console") and RULES not in handler.opt
    )


def _filled(word: str, before: str, ids: Mapping[str, str], path: str) -> str:
    def fill(piece: re.Match[str]) -> str:
        names = (f"{before}.{piece[1]}", before, piece[1])
        found = next((ids[name] for name in names if name in ids), None)
        assert found is not None, f"what stands for {piece[0]} in {path}? Say so in console_stage"
        return found

    return _PIECE.sub(fill, word)

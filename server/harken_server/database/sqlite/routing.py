"""Tell from its text whether a statement only reads, and whether it must run alone."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|[()]|\w+",
    re.DOTALL,
)
_READS = frozenset({"SELECT", "VALUES", "EXPLAIN"})
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})
_ALONE = frozenset({"VACUUM", "PRAGMA", "ATTACH", "DETACH"})


@lru_cache(maxsize=1024)
def is_read(sql: str) -> bool:
    """Whether a reader can run it: also `WITH … SELECT`, but not `WITH … DELETE`.

    >>> is_read("/* counts */ WITH a AS (SELECT 1) SELECT * FROM a")
    True
    >>> is_read("WITH a AS (SELECT 1) DELETE FROM t WHERE x IN (SELECT * FROM a)")
    False
    """
    words = _top_level_words(sql)
    if not words:
        return False
    if words[0] != "WITH":
        return words[0] in _READS
    verbs = [word for word in words if word in _READS or word in _WRITES]
    return bool(verbs) and verbs[0] in _READS


@lru_cache(maxsize=1024)
def runs_alone(sql: str) -> bool:
    """Whether it cannot run inside a transaction."""
    words = _top_level_words(sql)
    return bool(words) and words[0] in _ALONE


def _top_level_words(sql: str) -> list[str]:
    """Upper-case words outside of parentheses, quotes and comments."""
    words: list[str] = []
    depth = 0
    for part in _PART.findall(sql):
        if part == "(":
            depth += 1
        elif part == ")":
            depth -= 1
        elif (depth == 0 or not words) and part[0] not in "-/'\"`[":
            words.append(part.upper())
    return words

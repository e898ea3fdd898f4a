"""What is done to good values so that they are odd: texts, numbers, shapes, and bytes."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from random import Random
from typing import Any

TEXTS = (
    "", " ", "\x00", "a\x00b", "\ud800", "\udc00\ud800", "\u202eabc", "\u2066x\u2069", "\u200f",
    "\ufeff", "\u200b", "\u00ad", "e\u0301", "\u1e9e", "\U0001f469\u200d\U0001f680", "ﷺ", "İ", "ß",
    "\u2028", "\x1b[31m", "\x7f", "\x85", "\r\nX-Injected: 1", "\n", "\t", "a" * 33, "a" * 300,
    "x" * 5000, "../../etc/passwd", "..%2f..%2f", "%00", "%", "%s%n", "{{context.name}}", "{0}",
    "${7*7}", "{% raw %}", "=1+1", "@SUM(A1)", "' OR '1'='1", "'; DROP TABLE survey; --", "%_%",
    "\\", '"', "'", "`", "<script>alert(1)</script>", "]]>", "<!--", "&amp;", "javascript:alert(1)",
    "https://user:pw@evil.example/", "https://x\\@evil.example", "//evil.example", "https:///x",
    "=?utf-8?q?=0D=0ABcc=3A_x?=", "a@b", "a@b.example\r\nBcc: c@d.example", '"a b"@c.example',
    "2026-06-30T23:59:60Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "-1-01-01",
    "2026-02-30", "2026-01-01T00:00:00+31:00", "2026-01-01", "1e999", "NaN", "-0", "0x1F", "١٢٣",
    "1_000", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "null", "true", "constructor", "__proto__", "toString", "__class__", "*", "?", "#", "/", ".",
)  # fmt: skip
NUMBERS = (
    0, -1, 1, 2, 11, 101, 255, 256, 1001, 2**31 - 1, 2**31, 2**32, 2**53, 2**53 + 1, 2**63 - 1,
    2**63, 2**64, 10**30, -(2**63), -(2**63) - 1, 0.5, -0.0, 1e-320, 1e15, 1e308, 1e16, 3.0,
    float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
PLAIN = (None, True, False, [], {}, [[]], [None], {"": ""}, [{}])
Tree = Any


def odd_value(rng: Random) -> Tree:
    """Something of any type that nobody asked for."""
    kind = rng.random()
    if kind < 0.5:
        return odd_text(rng)
    if kind < 0.75:
        return rng.choice(NUMBERS)
    return copy.deepcopy(rng.choice(PLAIN))


def odd_text(rng: Random) -> str:
    """One trick, sometimes two, sometimes letters from anywhere."""
    kind = rng.random()
    if kind < 0.7:
        return rng.choice(TEXTS)
    if kind < 0.85:
        return rng.choice(TEXTS) + rng.choice(TEXTS)
    return "".join(chr(rng.randrange(rng.choice((0x80, 0x3000, 0x110000)))) for _ in range(5))


def mutate(tree: Tree, rng: Random) -> Tree:
    """The tree with one to three places changed."""
    holder = [tree]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        places = list(_places(holder))
        container, key = rng.choice(places)
        container[key] = rng.choice(CHANGES)(container[key], rng)
    return holder[0]


def _places(holder: Tree) -> list[tuple[Any, Any]]:
    """Every place of a tree in which something stands."""
    found: list[tuple[Any, Any]] = []
    left = [holder]
    while left:
        container = left.pop()
        pairs = container.items() if isinstance(container, dict) else enumerate(container)
        for key, value in pairs:
            found.append((container, key))
            if isinstance(value, dict | list):
                left.append(value)
    return found


def _replace(_: Tree, rng: Random) -> Tree:
    return odd_value(rng)


def _other_type(value: Tree, rng: Random) -> Tree:
    return rng.choice((str(value), [value], {"a": value}, bool(value), len(str(value))))


def _longer(value: Tree, rng: Random) -> Tree:
    times = rng.choice((2, 11, 101, 1001))
    if isinstance(value, list) and value:
        return (value * times)[:2000]
    if isinstance(value, str):
        return (value or "x") * times
    return value


def _deeper(value: Tree, rng: Random) -> Tree:
    for _ in range(rng.choice((1, 8, 33, 200))):
        value = [value] if rng.random() < 0.5 else {"a": value}
    return value


def _less(value: Tree, rng: Random) -> Tree:
    if isinstance(value, dict) and value:
        value = dict(value)
        del value[rng.choice(list(value))]
    elif isinstance(value, list | str):
        return value[:-1]
    return value


def _more(value: Tree, rng: Random) -> Tree:
    if isinstance(value, dict):
        return {**value, odd_text(rng): odd_value(rng)}
    if isinstance(value, list):
        return [*value, odd_value(rng)]
    return value


def _renamed(value: Tree, rng: Random) -> Tree:
    if not isinstance(value, dict) or not value:
        return value
    value = dict(value)
    name = rng.choice(list(value))
    changed = rng.choice((name.upper(), name + " ", name[:-1], odd_text(rng), "\uff41" + name))
    value[changed] = value.pop(name)
    return value


def _spoiled(value: Tree, rng: Random) -> Tree:
    """A text with something odd in the middle; a number a little off."""
    if isinstance(value, str):
        at = rng.randint(0, len(value))
        return value[:at] + odd_text(rng) + value[at:]
    if isinstance(value, int | float):
        return value + rng.choice((1, -1, 0.5, 2**31, 2**63, -(2**64)))
    return value


CHANGES: tuple[Callable[[Tree, Random], Tree], ...] = (
    _replace, _replace, _replace, _other_type, _longer, _deeper, _less, _less, _more, _renamed,
    _spoiled, _spoiled,
)  # fmt: skip


def spoil_bytes(raw: bytes, rng: Random) -> bytes:
    """Bytes that are no longer what they were."""
    match rng.randrange(9):
        case 0:
            return raw[: rng.randint(0, len(raw))]
        case 1:
            at = rng.randrange(len(raw) + 1)
            return raw[:at] + rng.randbytes(rng.choice((1, 2, 7))) + raw[at:]
        case 2 if raw:
            at = rng.randrange(len(raw))
            return raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :]
        case 3:
            return rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b" " * 4000, b"\x00")) + raw
        case 4:
            return raw.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-32", "cp037")),
                                                         "replace")  # fmt: skip
        case 5:
            return gzip.compress(raw, 1, mtime=0)
        case 6:
            return raw * rng.choice((2, 3, 50))
        case 7:
            return rng.choice((b"[" * 3000, b'{"a":' * 3000, b"", b"null", b'""', b"{", b"[1,]"))
        case _:
            return _with_a_name_twice(raw, rng)


def _with_a_name_twice(raw: bytes, rng: Random) -> bytes:
    """An object that says one thing twice, which its sender and its reader may see differently."""
    text = raw.decode("utf-8", "replace")
    if not text.startswith("{") or len(text) < 5:
        return raw + raw
    first = text[1:].partition(":")[0]
    return f"{{{first}:{json.dumps(odd_value(rng))},{text[1:]}".encode("utf-8", "replace")

"""Shapes of input that parsers are slow with: each makes bytes of about a given size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import inspect

Shape = Callable[[int], bytes]


def run(unit: bytes | str, before: bytes | str = b"", after: bytes | str = b"") -> Shape:
    """One unit again and again; `#` in it is the number of the repeat."""
    first, last = (part.encode() if isinstance(part, str) else part for part in (before, after))
    text = unit.encode() if isinstance(unit, str) else unit

    def make(size: int) -> bytes:
        if b"#" not in text:
            return first + text * max(1, size // len(text)) + last
        pieces: list[bytes] = []
        left = size
        while left > 0:
            pieces.append(text.replace(b"#", b"%d" % len(pieces)))
            left -= len(pieces[-1])
        return first + b"".join(pieces) + last

    return make


def mirrored(before: bytes, after: bytes) -> Shape:
    """Opened often, and closed as often."""
    return lambda size: before * (size // 2 // len(before)) + after * (size // 2 // len(after))


LETTERS: Mapping[str, Shape] = {
    f"a run of {name}": run(unit)
    for name, unit in {
        "letters": b"a", "digits": b"9", "blanks": b" ", "lines": b"\n", "returns": b"\r\n",
        "tabs": b"\t", "quotes": b'"', "apostrophes": b"'", "backslashes": b"\\", "points": b".",
        "commas": b",", "semicolons": b";", "colons": b":", "slashes": b"/", "hyphens": b"-",
        "plus signs": b"+", "equals signs": b"=", "ampersands": b"&", "percents": b"%",
        "at signs": b"@", "stars": b"*", "question marks": b"?", "tildes": b"~", "bars": b"|",
        "hashes and lines": b"\x23\n", "brackets": b"[", "braces": b"{", "round brackets": b"(",
        "angles": b"<", "closed brackets": b"]", "underscores": b"_", "exclamations": b"!",
        "ands": b"a&", "points between letters": b"a.", "addresses": b"a@b.c,", "zeros": b"0,",
        "wide letters": "\u00e9".encode(), "widest letters": "\U0001f600".encode(),
        "right to left": "\u202e".encode(), "marks": "e\u0301".encode(), "NUL": b"\x00",
        "half letters": b"\xff", "encoded words": b"=?utf-8?q?=0D=0A?= ", "escapes": b"%41",
        "half escapes": b"%4", "continuations": b"a*0*=x;", "language ranges": b"de-AT;q=0.5,",
        "placeholders": b"{{context.a|b}}", "open placeholders": b"{{a", "links": b"[a](https://a)",
        "open links": b"[a](https://", "tags": b"<a ", "words": b"ab ", "fractions": b"1.",
        "Arabic digits": "\u0663".encode(), "phone fillers": "\u200e1".encode(),
    }.items()
}  # fmt: skip

JSON: Mapping[str, Shape] = {
    **LETTERS,
    "nested maps": run(b'{"a":'),
    "nested and closed": mirrored(b"[", b"]"),
    "zeros in a list": run(b"0,", b"[", b"0]"),
    "empty lists": run(b"[],", b"[", b"0]"),
    "empty maps": run(b"{},", b"[", b"0]"),
    "tiny maps": run(b'{"":0},', b"[", b"0]"),
    "towers": run(b"[" * 10 + b"]" * 10 + b",", b"[", b"0]"),
    "empty texts": run(b'"",', b"[", b"0]"),
    "wide texts": run('"\u0416",', '["\U0001f600",', b"0]"),
    "fractions": run(b"0.1,", b"[", b"0]"),
    "exponents": run(b"1e99,", b"[", b"0]"),
    "whole numbers": run(b"9" * 4_000 + b",", b"[", b"0]"),
    "a long number": run(b"9", b"[", b"]"),
    "a long fraction": run(b"1", b"[0.", b"]"),
    "a long exponent": run(b"9", b"[1e", b"]"),
    "a long text": run(b"a", b'["', b'"]'),
    "a text of escapes": run(b"\\u0041", b'["', b'"]'),
    "a text of NUL": run(b"\\u0000", b'["', b'"]'),
    "a text of halves": run(b"\\ud800", b'["', b'"]'),
    "a text of backslashes": run(b"\\\\", b'["', b'"]'),
    "a text of quotes": run(b'\\"', b'["', b'"]'),
    "an open text": run(b"a", b'["'),
    "an open text of quotes": run(b'\\"', b'["'),
    "keys": run(b'"a#":0,', b"{", b'"":0}'),
    "keys and the last twice": run(b'"a#":0,', b"{", b'"":0,"":0}'),
    "one key": run(b'"":0,', b"{", b'"":0}'),
    "keys of escapes": run(b'"\\u0061#":0,', b"{", b'"":0}'),
    "long keys": run(b'"' + b"a" * 1_000 + b'#":0,', b"{", b'"":0}'),
}

_TOML_LINE = b"a = "
TOML: Mapping[str, Shape] = {
    **LETTERS,
    "a dotted key": run(b"a.", b"", b"a = 1"),
    "a dotted key of quoted parts": run(b"''.", b"", b"a = 1"),
    "a dotted table": run(b"a.", b"[", b"a]"),
    "a dotted list of tables": run(b"a.", b"[[", b"a]]"),
    "a dotted key in a map": run(b"a.", b"x = {", b"a = 1}"),
    "lists in lists": mirrored(b"a=[", b"]"),
    "open lists": run(b"[", _TOML_LINE),
    "open maps": run(b"{a = ", _TOML_LINE),
    "tables": run(b"[a#]\n"),
    "deep tables": run(b"[" + b"a." * 30 + b"a#]\n"),
    "deep keys": run(b"a#" + b".a" * 30 + b" = 1\n"),
    "lists of tables": run(b"[[a]]\nb = 1\n"),
    "lists in lists of tables": run(b"[[a.b]]\n", b"[[a]]\n"),
    "keys": run(b"a# = 1\n"),
    "keys and the last twice": run(b"a# = 1\n", b"", b"a0 = 1"),
    "zeros": run(b"0,", b"a = [", b"]"),
    "empty lists": run(b"[],", b"a = [", b"]"),
    "empty maps": run(b"{},", b"a = [", b"]"),
    "tiny maps": run(b"{a=0},", b"a = [", b"]"),
    "days": run(b"1979-05-27,", b"a = [", b"]"),
    "a long number": run(b"9", _TOML_LINE),
    "a long number with underscores": run(b"9_", _TOML_LINE),
    "a long number of sixteen": run(b"f", b"a = 0x"),
    "a long fraction": run(b"9", b"a = 1."),
    "a long day": run(b"9", b"a = 1979-05-27T07:32:00."),
    "a long text": run(b"a", b'a = "', b'"'),
    "a text of escapes": run(b"\\u0041", b'a = "', b'"'),
    "a text of lines": run(b"\\\n", b'a = """', b'"""'),
    "a text of quotes": run(b'""x', b'a = """', b'"""'),
    "an open text": run(b"a\n", b'a = """'),
    "an open text of backslashes": run(b"\\\\", b'a = "'),
}

YAML: Mapping[str, Shape] = {
    **LETTERS,
    "flow lists": mirrored(b"[", b"]"),
    "flow maps": run(b"{a: "),
    "block lists": run(b"- "),
    "block maps": lambda size: b"".join(b" " * i + b"a:\n" for i in range(int((2 * size) ** 0.5))),
    "keys without values": run(b"a#,", b"{", b"}"),
    "keys with question marks": run(b"? "),
    "zeros": run(b"0,", b"[", b"]"),
    "empty lists": run(b"[],", b"[", b"]"),
    "empty maps": run(b"{},", b"[", b"]"),
    "dashes": run(b"-\n"),
    "keys": run(b"a#: 0\n"),
    "keys and the last twice": run(b"a#: 0\n", b"", b"a0: 0"),
    "documents": run(b"---\n"),
    "aliases": run(b"- *a\n", b"- &a b\n"),
    "anchors": run(b"- &a# b\n"),
    "bombs": run(b"a#: &a# [*a, *a, *a, *a]\n", b"a: &a b\n"),
    "merge keys": run(b"<<: {a: b}\n"),
    "tags": run(b"- !!int 1\n"),
    "a long tag": run(b"a", b"!"),
    "directives": run(b"%TAG !a! a\n"),
    "a long text": run(b"a", b'"', b'"'),
    "an open text": run(b"a ", b'"'),
    "a text of escapes": run(b"\\x41", b'"', b'"'),
    "a text of lines": run(b"\n ", b'"', b'"'),
    "a literal": run(b" x\n", b"a: |\n"),
    "a folded text": run(b" x\n", b"a: >\n"),
    "a plain text of lines": run(b"a\n ", b"a: "),
    "numbers": run(b"9" * 400 + b",", b"[", b"]"),
    "long fractions": run(b"1." + b"9" * 1_000 + b"x,", b"[", b"]"),
    "keys of 1,000 letters": run(b"a" * 1_000 + b"\n"),
}

_REPORT = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/"
_STATUS = _REPORT + b"delivery-status\n\n"
MAIL: Mapping[str, Shape] = {
    **LETTERS,
    **{f"{name} in an address": (lambda size, make=make: b"To: " + make(size) + b"\n" + _STATUS)
       for name, make in LETTERS.items()},
    "continuations of a parameter": run(b"a*0*=x;", b"Content-Type: multipart/report; ", b"\n\n"),
    "recipients": run(b"Final-Recipient: rfc822; a#@b.example\nAction: failed\n\n", _STATUS),
    "groups": run(b"a:\n\n", _STATUS),
    "fields": run(b"a:\n"),
    "one field": run(b"to: a@b.example\n"),
    "folded lines": run(b" a\n", b"To: a\n"),
    "complaints": run(b"a: b\n", _REPORT + b"feedback-report\n\n"),
    "multiparts": run(b"Content-Type: multipart/mixed; boundary=b#\n\n--b#\n"),
    "messages": run(b"Content-Type: message/rfc822\n\n"),
    "parts": run(b"--b\nContent-Type: message/delivery-status\n\n", _REPORT),
    "delimiters": run(b"--b\n", _REPORT),
    "ends": run(b"--b--\n", _REPORT),
    "a long boundary": run(b"b", b"Content-Type: multipart/mixed; boundary=", b"\n\n--b\n"),
    "a long delimiter": run(b"b", _REPORT + b"\n--"),
    "open boundaries": run(b"; boundary ", b"Content-Type: multipart/mixed", b"\n\n"),
}  # fmt: skip

FORM: Mapping[str, Shape] = {
    **LETTERS,
    "fields": run(b"a#=b&"),
    "one field": run(b"a=b&"),
    "names without values": run(b"a&"),
    "escaped letters": run(b"%F0%9F%98%80", b"a="),
    "escaped names": run(b"%61#=1&"),
    "a long value": run(b"a", b"a="),
}

CSV: Mapping[str, Shape] = {
    **{f"{name} behind a head": (lambda size, make=make: b"respondent\n" + make(size))
       for name, make in LETTERS.items()},
    "columns": run(b"a#,", b"respondent,"),
    "cells": run(b"a,", b"respondent\n"),
    "people": run(b"person#,Oslo\n", b"respondent,store\n"),
    "people of one letter": run(b"a\n", b"respondent\n"),
    "broken lines": run(b"\n,b\n", b"respondent,locale\n"),
    "quoted cells": run(b'"a""b"\n', b"respondent\n"),
    "an open cell": run(b"a\n", b'respondent\n"'),
}  # fmt: skip


def filled(kind: Any) -> dict[str, Shape]:
    """For each list or map in a type, that one with as many entries as go into a size."""
    shapes: dict[str, Shape] = {}
    description = inspect.multi_type_info([kind])[0]
    for name, before, entry, after in _lists_in(description, "$", b"", b"", 0):
        shapes[f"entries of {name}"] = run(entry + b",", before, entry + after)
    return shapes


def _lists_in(
    kind: inspect.Type, path: str, before: bytes, after: bytes, depth: int
) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    if depth > 4:
        return
    match kind:
        case inspect.Metadata():
            yield from _lists_in(kind.type, path, before, after, depth)
        case inspect.UnionType():
            for part in kind.types:
                yield from _lists_in(part, path, before, after, depth)
        case inspect.ListType() | inspect.VarTupleType():
            yield path, before + b"[", _sample(kind.item_type), b"]" + after
            inside = before + b"[", b"]" + after
            yield from _lists_in(kind.item_type, f"{path}[]", *inside, depth + 1)
        case inspect.DictType():
            entry = b'"a#":' + _sample(kind.value_type)
            yield path, before + b"{", entry, b"}" + after
        case inspect.StructType():
            for field in kind.fields:
                others = b"".join(
                    b'"%b":%b,' % (other.encode_name.encode(), _sample(other.type))
                    for other in kind.fields
                    if other.required and other is not field
                )
                if kind.tag_field:
                    others += b'"%b":%b,' % (kind.tag_field.encode(), msgspec.json.encode(kind.tag))
                start = before + b"{" + others + b'"%b":' % field.encode_name.encode()
                yield from _lists_in(
                    field.type, f"{path}.{field.encode_name}", start, b"}" + after, depth + 1
                )
        case _:
            return


def _sample(kind: inspect.Type) -> bytes:
    """The shortest JSON that is likely to fit a type."""
    match kind:
        case inspect.Metadata():
            return _sample(kind.type)
        case inspect.UnionType():
            return _sample(kind.types[0])
        case inspect.StrType():
            return b'"a"' if not kind.min_length or kind.min_length < 2 else b'"a@b.example"'
        case inspect.IntType() | inspect.FloatType():
            return b"1"
        case inspect.BoolType():
            return b"true"
        case inspect.LiteralType():
            return msgspec.json.encode(kind.values[0])
        case inspect.UUIDType():
            return b'"00000000-0000-4000-8000-000000000000"'
        case inspect.DateTimeType():
            return b'"2026-01-01T00:00:00Z"'
        case inspect.ListType() | inspect.VarTupleType():
            return b"[]"
        case inspect.StructType():
            said = [(f.encode_name.encode(), _sample(f.type)) for f in kind.fields if f.required]
            if kind.tag_field:
                said.append((kind.tag_field.encode(), msgspec.json.encode(kind.tag)))
            return b"{" + b",".join(b'"%b":%b' % pair for pair in said) + b"}"
        case inspect.DictType():
            return b"{}"
        case _:
            return b"null"

"""Values written into the text of a YAML or JSON file, in the manner of what stood there."""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import Any

import yaml

from harken_server.surveys.files.writing import WIDTH, write_flow, write_tree

_UNPRINTED = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_FLAT = 80
"""A map of texts that is longer is written a line each."""


def write_inline(value: Any, *, is_json: bool) -> str:
    """A value on one line, which may stand anywhere."""
    return json.dumps(value, ensure_ascii=False) if is_json else write_flow(value)


def write_lines(value: Any, indent: int) -> str:
    """A map or list over several lines, all of which begin at this column."""
    lines = write_tree(value, "yaml").splitlines()
    return "\n".join(" " * indent + line for line in lines)


def is_short(value: Any) -> bool:
    """Whether a value is read more easily on one line."""
    return not isinstance(value, (dict, list)) or len(write_flow(value)) <= _FLAT


def write_as_before(value: Any, old: yaml.Node, text: str, *, is_json: bool) -> str:
    """A scalar in the quotes, or the block of lines, that `old` has in the text."""
    if isinstance(value, str) and isinstance(old, yaml.ScalarNode):
        match old.style:
            case '"':
                return _in_double_quotes(value)
            case "'" if not _UNPRINTED.search(value):
                return "'" + value.replace("'", "''") + "'"
            case "|" | ">":
                return _as_block(value, old, text)
            case _ if "\n" in value:
                return _in_double_quotes(value)
            case _:
                pass
    return write_inline(value, is_json=is_json)


def _in_double_quotes(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _as_block(value: str, old: yaml.Node, text: str) -> str:
    """Lines below a `|-` or `>-`; in quotes where a block would say something else."""
    lines = text[old.start_mark.index : old.end_mark.index].split("\n")[1:]
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
    if not indent or value != value.strip() or _UNPRINTED.search(value.replace("\n", "")):
        return _in_double_quotes(value)
    written, sign = value.split("\n"), "|-"
    if isinstance(old, yaml.ScalarNode) and old.style == ">" and len(written) == 1:
        folded = wrap(value, WIDTH, break_long_words=False, break_on_hyphens=False)
        written, sign = (folded, ">-") if " ".join(folded) == value else (written, sign)
    return "\n".join((sign, *(" " * indent + line if line else "" for line in written)))

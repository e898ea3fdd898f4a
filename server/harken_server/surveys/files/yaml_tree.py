"""YAML text to a plain tree with the line of every value, built straight from parser events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias, cast

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from harken_server.kernel.documents.allowance import LIST, MAP, WORD, Allowance, TreeError
from harken_server.kernel.documents.paths import child_path, parent_path

_Node: TypeAlias = "dict[str, Any] | list[Any]"


class Mark(NamedTuple):
    """Where something stands in a text; both from 1."""

    line: int
    column: int


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_yaml_tree(text: str, max_depth: int) -> Any:
    """The tree.

    Plain scalars follow the core schema of YAML 1.2. Raises TreeError for what a definition may not
    use (anchors, aliases, tags, several documents, a key twice) and yaml.YAMLError for the rest.
    """
    return _build(text, max_depth, frozenset()).root


def find_yaml_lines(text: str, max_depth: int, paths: Iterable[str]) -> dict[str, int]:
    """Lines of these values and of all that holds them, by their paths, of a text that was read."""
    marks = find_yaml_marks(text, max_depth, paths)
    return {path: mark.line for path, mark in marks.items()}


def find_yaml_marks(text: str, max_depth: int, paths: Iterable[str]) -> dict[str, Mark]:
    """The same with the column that each begins in."""
    wanted = frozenset(above for path in paths for above in _upwards(path))
    return _build(text, max_depth, wanted).marks if wanted else {}


def reads_as_text(text: str) -> bool:
    """Whether a plain scalar of these characters would be a text, and no number or truth."""
    is_number = _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text) or _SPECIAL_FLOAT.fullmatch(text)
    return text not in _NULLS and text not in _TRUTHS and not is_number


def _upwards(path: str) -> Iterator[str]:
    yield "$"
    while path:
        yield path
        path = parent_path(path)


def _build(text: str, max_depth: int, wanted: frozenset[str]) -> _Builder:
    builder = _Builder(max_depth, Allowance(len(text)), wanted)
    parser = yaml.CSafeLoader(text)
    while (event := parser.get_event()) is not None:
        builder.take(event)
        if wanted and len(builder.marks) == len(wanted):
            break
    return builder


class _Builder:
    """Puts events together; it lives for one text."""

    def __init__(self, max_depth: int, allowance: Allowance, wanted: frozenset[str]) -> None:
        self.root: Any = None
        self.marks: dict[str, Mark] = {}
        """Of the values whose paths are wanted."""
        self._max_depth = max_depth
        self._allowance = allowance
        self._wanted = wanted
        self._documents = 0
        self._open: list[tuple[str, _Node]] = []
        self._keys: list[str | None] = []

    def take(self, event: Event) -> None:
        """Takes the next event; nothing here recurses, so depth costs no stack."""
        if isinstance(event, NodeEvent):  # asked first, as nearly all are
            start = event.start_mark
            mark = Mark(start.line + 1, start.column + 1)
            _refuse_references(event, mark.line)
            self._take_node(event, mark)
        elif isinstance(event, CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                line = event.start_mark.line + 1
                raise TreeError("several_documents", f"A file holds one survey (line {line}).")

    def _take_node(self, event: NodeEvent, mark: Mark) -> None:
        if self._open and isinstance(self._open[-1][1], dict) and self._keys[-1] is None:
            self._keys[-1] = self._key_of(event, mark.line)
            return
        if isinstance(event, ScalarEvent):
            value = _scalar(event)
            if isinstance(value, str):
                self._allowance.spend_text(value)
            else:
                self._allowance.spend(WORD)
            self._place(value, mark)
            return
        node: _Node = {} if isinstance(event, MappingStartEvent) else []
        self._allowance.spend(MAP if isinstance(node, dict) else LIST)
        path = self._place(node, mark)
        if len(self._open) >= self._max_depth:
            message = (
                f"Lists and maps may be nested {self._max_depth} deep at most (line {mark.line})."
            )
            raise TreeError("too_deep", message)
        self._open.append((path, node))
        self._keys.append(None)

    def _key_of(self, event: NodeEvent, line: int) -> str:
        if not isinstance(event, ScalarEvent):
            raise TreeError("odd_map_key", f"The key of a map must be a plain word (line {line}).")
        key = cast("str", event.value)
        if key in self._open[-1][1]:
            shown = ascii(key[:64])
            raise TreeError("duplicate_map_key", f"{shown} appears twice in a map (line {line}).")
        return self._allowance.spend_key(key)

    def _place(self, value: Any, mark: Mark) -> str:
        """Puts the value where it belongs and gives its path, where paths are wanted."""
        if not self._open:
            self.root, path = value, "$"
        else:
            parent, node = self._open[-1]
            place: str | int
            if isinstance(node, dict):
                place = self._keys[-1] or ""
                node[place], self._keys[-1] = value, None
            else:
                place = len(node)
                node.append(value)
            if not self._wanted:
                return ""
            path = child_path(parent, place)
        if path in self._wanted:
            self.marks[path] = mark
        return path


def _refuse_references(event: NodeEvent, line: int) -> None:
    if event.anchor is not None or isinstance(event, AliasEvent):
        raise TreeError("yaml_alias", f"Anchors and aliases are not used here (line {line}).")
    tag = cast("str | None", getattr(event, "tag", None))
    if tag is not None and tag != "!":
        raise TreeError("yaml_tag", f"Tags are not used here (line {line}).")


def _scalar(event: ScalarEvent) -> Any:
    text = cast("str", event.value)
    is_plain = cast("tuple[bool, bool]", event.implicit)[0]
    if not is_plain:
        return text
    if text.isdigit() and _INTEGER.fullmatch(text):
        return int(text)
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return text

"""Every place where a plain tree does not have the shape of a type, found in one pass.

msgspec stops at the first error; this walks its type description (`msgspec.inspect`) instead, keeps
all that fits, and reports all that does not.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any, cast

import msgspec
from msgspec import inspect

from harken_server.kernel.documents.paths import child_path
from harken_server.kernel.errors import Problem
from harken_server.surveys.files import shape_problems as said
from harken_server.surveys.files.parsing import MAX_PROBLEMS

UNREADABLE: Any = msgspec.UNSET
"""Stands for a value of which nothing could be kept."""
STAND_IN = "?"
"""Cached in place of an unreadable text, so that the rest of its question can still be judged."""


@cache
def shape_of(kind: type[msgspec.Struct]) -> inspect.StructType:
    """A type's description, looked up when a file is first read: it takes a tenth of a start."""
    return cast("inspect.StructType", inspect.type_info(kind))


class _EnoughError(Exception):
    """There are more problems than a report tells."""


class ShapeReader:
    """Reads one tree; `problems` grows with what does not fit.

    What fits as a whole is given as it is, so that reading a sound file takes no memory.
    """

    def __init__(self, most: float = MAX_PROBLEMS) -> None:
        self.problems: list[Problem] = []
        self.is_cut = False
        """Whether it stopped at more problems than a report tells."""
        self.lists: dict[str, dict[int, Any]] = {}
        """What was kept of the lists of the file's own fields, by path and the item's place."""
        self._most = most

    def read_root(self, value: Any, kind: inspect.StructType) -> Any:
        """What of a file's tree fits; UNREADABLE when it was not read to its end."""
        try:
            return self.read(value, kind, "$")
        except _EnoughError:
            self.is_cut = True
            return UNREADABLE

    def read(self, value: Any, kind: inspect.Type, path: str) -> Any:
        """What of the value fits the type; UNREADABLE when nothing does."""
        match kind:
            case inspect.StructType():
                return self._read_struct(value, kind, path)
            case inspect.UnionType():
                return self._read_union(value, kind, path)
            case inspect.VarTupleType():
                return self._read_list(value, kind, path)
            case inspect.DictType():
                return self._read_map(value, kind, path)
            case _:
                problem = said.scalar_problem(value, kind, path)
                return value if problem is None else self._refuse(problem)

    def read_fields(
        self, given: dict[str, Any], kind: inspect.StructType, path: str
    ) -> dict[str, Any]:
        """The fields that fit, by their names in the file; the others are left out."""
        before = len(self.problems)
        names = [field.encode_name for field in kind.fields]
        for name in given:
            if name not in names and name != kind.tag_field:
                self._refuse(said.unknown_field(child_path(path, name), name, names))
        kept: dict[str, Any] = {}
        for field in kind.fields:
            name = field.encode_name
            value: Any = UNREADABLE
            if name in given:
                value = self.read(given[name], field.type, child_path(path, name))
            elif field.required:
                self._refuse(said.missing(child_path(path, name), name))
            if value is UNREADABLE and field.required and _is_text(field.type):
                value = STAND_IN
            if value is not UNREADABLE:
                kept[name] = value
        return kept if len(self.problems) > before else given

    def _read_struct(self, value: Any, kind: inspect.StructType, path: str) -> Any:
        if not isinstance(value, dict):
            return self._refuse(said.wrong_type(path, "a map", value))
        kept = self.read_fields(cast("dict[str, Any]", value), kind, path)
        if kept is value:
            return kept
        if any(field.required and field.encode_name not in kept for field in kind.fields):
            return UNREADABLE
        return {kind.tag_field: kind.tag, **kept} if kind.tag_field else kept

    def _read_union(self, value: Any, kind: inspect.UnionType, path: str) -> Any:
        if isinstance(value, dict):
            structs = [part for part in kind.types if isinstance(part, inspect.StructType)]
            if structs and structs[0].tag_field:
                return self._read_tagged(cast("dict[str, Any]", value), structs, path)
            if structs:
                return self._read_struct(cast("dict[str, Any]", value), structs[0], path)
        part = _fitting_part(value, kind)
        if part is None:
            return self._refuse(said.wrong_type(path, _expected(kind), value))
        return self.read(value, part, path)

    def _read_tagged(
        self, value: dict[str, Any], structs: list[inspect.StructType], path: str
    ) -> Any:
        field = structs[0].tag_field or ""
        if field not in value:
            return self._refuse(said.missing(child_path(path, field), field))
        tag = value[field]
        for struct in structs:
            if struct.tag == tag:
                return self._read_struct(value, struct, path)
        tags = [str(struct.tag) for struct in structs]
        return self._refuse(said.unknown_tag(child_path(path, field), field, tag, tags))

    def _read_list(self, value: Any, kind: inspect.VarTupleType, path: str) -> Any:
        if not isinstance(value, list):
            return self._refuse(said.wrong_type(path, "a list", value))
        items = cast("list[Any]", value)
        before = len(self.problems)
        problem = said.length_problem(len(items), kind, path, "entries")
        if problem is not None:
            self._refuse(problem)
        kept: dict[int, Any] = {}
        for place, item in enumerate(islice(items, kind.max_length)):
            read = self.read(item, kind.item_type, child_path(path, place))
            if read is not UNREADABLE:
                kept[place] = read
        if "[" not in path:
            self.lists[path] = kept
        return list(kept.values()) if len(self.problems) > before else items

    def _read_map(self, value: Any, kind: inspect.DictType, path: str) -> Any:
        if not isinstance(value, dict):
            return self._refuse(said.wrong_type(path, "a map", value))
        given = cast("dict[str, Any]", value)
        before = len(self.problems)
        problem = said.length_problem(len(given), kind, path, "entries")
        if problem is not None:
            self._refuse(problem)
        kept: dict[str, Any] = {}
        for key, item in islice(given.items(), kind.max_length):
            below = child_path(path, key)
            problem = said.scalar_problem(key, kind.key_type, below)
            if problem is not None:
                self._refuse(problem)
            read_item = self.read(item, kind.value_type, below)
            if problem is None and read_item is not UNREADABLE:
                kept[key] = read_item
        if len(self.problems) == before:
            return given
        return kept if kept or not given else UNREADABLE

    def _refuse(self, problem: Problem) -> Any:
        self.problems.append(problem)
        if len(self.problems) > self._most:
            raise _EnoughError
        return UNREADABLE


def _is_text(kind: inspect.Type) -> bool:
    """Whether the type is a text for people: a string or a map of locale to string."""
    if not isinstance(kind, inspect.UnionType):
        return False
    return any(isinstance(part, inspect.DictType) for part in kind.types)


_KINDS: tuple[tuple[type[inspect.Type], type[Any], str], ...] = (
    (inspect.BoolType, bool, "true or false"),
    (inspect.IntType, int, "a whole number"),
    (inspect.FloatType, float, "a number"),
    (inspect.StrType, str, "a text"),
    (inspect.DateTimeType, str, "a time"),
    (inspect.LiteralType, str, "a word"),
    (inspect.DictType, dict, "a map of locale to text"),
    (inspect.StructType, dict, "a map"),
    (inspect.VarTupleType, list, "a list"),
    (inspect.NoneType, type(None), ""),
)
"""What each is read from, and how it is asked for."""


def _fitting_part(value: Any, kind: inspect.UnionType) -> inspect.Type | None:
    for part_type, python_type, _ in _KINDS:
        if type(value) is python_type:
            for part in kind.types:
                if isinstance(part, part_type):
                    return part
    floats = (part for part in kind.types if isinstance(part, inspect.FloatType))
    return next(floats, None) if type(value) is int else None


def _expected(kind: inspect.UnionType) -> str:
    names = [
        name
        for part_type, _, name in _KINDS
        if name and any(isinstance(part, part_type) for part in kind.types)
    ]
    return " or ".join(names)

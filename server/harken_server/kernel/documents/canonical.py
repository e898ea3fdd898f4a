"""One spelling for each value: what equals its default is left out, keys are sorted."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import msgspec


class FilePart(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A part of a definition, as its file says it: no unknown fields, and no defaults written."""


def canonical_json(value: Any) -> bytes:
    """JSON of a struct; equal ones give equal bytes.

    msgspec leaves out only what *is* the default, so that a number or a struct written down as it
    would be anyway stays, and two equal surveys would have two digests.
    """
    return msgspec.json.encode(_plain(value), order="sorted")


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _fields(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, tuple):
        return [_plain(item) for item in cast("tuple[Any, ...]", value)]
    return value


def _fields(value: msgspec.Struct) -> dict[str, Any]:
    config = value.__struct_config__
    kept: dict[str, Any] = {}
    if config.tag_field is not None:
        kept[config.tag_field] = config.tag
    for field in _declared(type(value)):
        item: Any = getattr(value, field.name)
        if not (config.omit_defaults and _is_default(item, field)):
            kept[field.encode_name] = _plain(item)
    return kept


@cache
def _declared(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """msgspec reads the annotations anew each time, which takes longer than all else here."""
    return msgspec.structs.fields(kind)


def _is_default(item: Any, field: msgspec.structs.FieldInfo) -> bool:
    """Equal and of the same type, because `1 == True`."""
    default: Any = field.default
    if field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    return type(item) is type(default) and item == default

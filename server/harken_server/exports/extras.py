"""Formats whose libraries a server may do without."""

from __future__ import annotations

from importlib.util import find_spec

from harken_server.http.problems import BadRequestError


def require_extra(extra: str, *modules: str) -> None:
    """Raise BadRequestError when a library of the format is not installed."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise BadRequestError(
            f"This server cannot write {extra} files, as {' and '.join(missing)} is not installed: "
            f"install harken-server[{extra}], or take xlsx, csv or jsonl.",
            code="extra_missing",
            status=501,
        )

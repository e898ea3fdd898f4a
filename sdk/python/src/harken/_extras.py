"""Imports what is not always installed, and says which extra brings it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from harken._errors import MissingExtraError


def need(module: str, extra: str, purpose: str) -> object:
    """The module; MissingExtraError naming `harken[extra]` when it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise MissingExtraError(
            f"{purpose} needs {name!r}, which is not installed: in the folder of the clone,"
            f" pip install './sdk/python[{extra}]'"
        ) from error


def need_folder(package: str, extra: str, purpose: str) -> str:
    """The folder of an installed package, without importing it."""
    try:
        spec = find_spec(package)
    except ValueError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        need(package, extra, purpose)
        raise MissingExtraError(
            f"{package!r} is not a whole package: in the folder of the clone,"
            f" pip install './sdk/python[{extra}]'"
        )
    return spec.submodule_search_locations[0]

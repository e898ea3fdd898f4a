"""The widget's built files, as the server ships them: read and checked once, at the start."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec

from harken_server.http.packed import Packed, packed_with
from harken_server.kernel.errors import HarkenError

FILES_FOLDER = Path(__file__).parent / "files"
SLOT = b'"@@HARKEN_CONFIG@@"'
"""Stands in the loader, once, where the config may be put."""
_NAMES = {
    "loader": re.compile(r"v1\.js"),
    "survey": re.compile(r"survey-[0-9a-f]{10}\.js"),
    "whole": re.compile(r"harken-[0-9a-f]{10}\.js"),
}
_LATE = re.compile(r"[a-z]+-[0-9a-f]{10}\.js")
_ESCAPES = {b"<": b"\\u003c", b"\xe2\x80\xa8": b"\\u2028", b"\xe2\x80\xa9": b"\\u2029"}


class WidgetFilesError(HarkenError):
    """The widget's files are not all there, or not as they were built."""

    code = "widget_files_damaged"


class _Listed(msgspec.Struct, frozen=True):
    """Which file is what, as the build says it."""

    loader: str
    survey: str
    whole: str
    late: dict[str, str]
    """What the survey code imports when it is needed, by what it is."""
    integrity: dict[str, str]
    """SHA-384 of each file, as the `integrity` attribute of a script tag."""


class WidgetFiles(_Listed, frozen=True):
    """All files by name, and which of them is what."""

    packed: dict[str, Packed]

    def loader_with(self, config: bytes) -> bytes:
        """The loader with a config, given as JSON, in its place."""
        return self.packed[self.loader].body.replace(SLOT, script_safe(config))

    def is_older_survey_code(self, name: str) -> bool:
        """Whether a name is that of some survey code, shipped with another version."""
        return name != self.survey and _NAMES["survey"].fullmatch(name) is not None


def read_files(folder: Path = FILES_FOLDER) -> WidgetFiles:
    """Read the files that `files.json` lists.

    Raises WidgetFilesError with a line that names the file and what is wrong with it.
    """
    listed = _read_list(folder)
    packed = {name: _read(folder, name, digest) for name, digest in listed.integrity.items()}
    if packed[listed.loader].body.count(SLOT) != 1:
        raise _damaged(folder / listed.loader, "has no single place for the config")
    return WidgetFiles(**msgspec.structs.asdict(listed), packed=packed)


@functools.cache
def shipped_files() -> WidgetFiles:
    """The files of this installation, the same for every runtime of a process."""
    return read_files()


def script_safe(json: bytes) -> bytes:
    """JSON that may stand in any script, inline ones included: nothing in it ends the element."""
    for plain, escaped in _ESCAPES.items():
        json = json.replace(plain, escaped)
    return json


def _read_list(folder: Path) -> _Listed:
    path = folder / "files.json"
    try:
        listed = msgspec.json.decode(path.read_bytes(), type=_Listed)
    except OSError as error:
        raise _damaged(path, f"cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _damaged(path, f"is not what the build makes: {error}") from error
    names: dict[str, Any] = {kind: getattr(listed, kind) for kind in _NAMES}
    for kind, name in names.items():
        if _NAMES[kind].fullmatch(name) is None:
            raise _damaged(path, f"names {name!r} as the {kind}")
    for name in listed.late.values():
        if _LATE.fullmatch(name) is None:
            raise _damaged(path, f"names {name!r} among the late files")
    if {*names.values(), *listed.late.values()} != set(listed.integrity):
        raise _damaged(path, "does not give the integrity of each file")
    return listed


def _read(folder: Path, name: str, integrity: str) -> Packed:
    try:
        body = (folder / name).read_bytes()
        brotli = (folder / f"{name}.br").read_bytes()
    except OSError as error:
        raise _damaged(folder / name, f"cannot be read: {error.strerror}") from error
    digest = base64.b64encode(hashlib.sha384(body).digest()).decode()
    if integrity != f"sha384-{digest}":
        raise _damaged(folder / name, "is not the file that files.json lists")
    return packed_with(body, brotli)


def _damaged(path: Path, problem: str) -> WidgetFilesError:
    return WidgetFilesError(
        f"The widget's file {path} {problem}. Install harken-server again; "
        "in a clone, run `just widget`."
    )

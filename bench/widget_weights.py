"""Bytes a visitor downloads before a survey shows: raw, gzip 9 and brotli 11."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.widget_install import Packed
from bench.widget_subjects import PEERS, Subject

FILES = Path(__file__).parents[1] / "server" / "harken_server" / "channels" / "widget" / "files"
LOADER_MAX, TWO_FILES_MAX, LATE_MAX = 3_250, 9_200, 4_000
TOTAL_MAX, WHOLE_MAX = 10 * 1024, 13_000
"""Bytes at brotli 11: the loader, loader and survey code, each late file, all that is fetched
before a common survey shows, and everything in one file."""
BEFORE_IT_SHOWS = ("logic",)
"""Late files of a common survey: a rating and a text that depends on it, as a popover."""


def own_files(folder: Path = FILES) -> dict[str, Path]:
    """The shipped files by what they are: `loader`, `survey`, `whole`, and each late one."""
    named: dict[str, Any] = json.loads((folder / "files.json").read_text("utf-8"))
    named |= named["late"]
    return {part: folder / named[part] for part in named if isinstance(named[part], str)}


def weigh(packed: Mapping[Path, Packed], paths: Iterable[Path]) -> dict[str, int]:
    """The sums over these files."""
    files = [packed[path] for path in paths]
    return {
        "raw": sum(len(file.raw) for file in files),
        "gzip_9": sum(file.gzip for file in files),
        "brotli_11": sum(len(file.brotli) for file in files),
    }


def weights(packed: Mapping[Path, Packed]) -> dict[str, dict[str, int]]:
    """Ours, part by part and in both forms, and each peer."""
    own = own_files()
    late = [path for part, path in own.items() if part not in ("loader", "survey", "whole")]
    shown = {
        "harken_loader": weigh(packed, [own["loader"]]),
        "harken_two_files": weigh(packed, [own["loader"], own["survey"]]),
        "harken": weigh(
            packed, [own["loader"], own["survey"], *(own[name] for name in BEFORE_IT_SHOWS)]
        ),
        "harken_whole": weigh(packed, [own["whole"]]),
        "harken_largest_late": weigh(
            packed, [max(late, key=lambda path: len(packed[path].brotli))]
        ),
    }
    for peer in PEERS:
        shown[peer.name] = weigh(packed, peer.paths)
        if len(peer.files) > 1:
            for path in peer.paths:
                shown[f"{peer.name}: {path.name}"] = weigh(packed, [path])
    return shown


def lightest(table: Mapping[str, Mapping[str, int]], peers: Iterable[Subject] = PEERS) -> str:
    """Of the peers that ask the question themselves, the one with the fewest bytes."""
    full = [peer.name for peer in peers if peer.is_full]
    return min(full, key=lambda name: table[name]["brotli_11"])


def packed_as_shipped(packed: Mapping[Path, Packed]) -> bool:
    """Whether each shipped `.br` is as small as brotli 11 makes it."""
    own = own_files()
    return all(
        path.with_name(path.name + ".br").stat().st_size == len(packed[path].brotli)
        for path in own.values()
    )

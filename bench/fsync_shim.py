"""Build the preload shim that counts and slows fsync, and the environment that uses it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("fsync_shim.c")


def build_shim(folder: Path) -> Path:
    """Compile the shim into `folder`; RuntimeError without a C compiler."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        raise RuntimeError("counting fsyncs needs a C compiler (cc, gcc or clang)")
    library = folder / "fsync_shim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"], check=True
    )
    return library


def shim_environment(library: Path, *, count_file: Path, delay_ms: float = 0) -> dict[str, str]:
    """This process's environment with the shim on."""
    return {
        **os.environ,
        "LD_PRELOAD": str(library),
        "HARKEN_FSYNC_COUNT_FILE": str(count_file),
        "HARKEN_FSYNC_DELAY_MS": f"{delay_ms:g}",
    }


def count_fsyncs(count_file: Path) -> int:
    """How many calls there were so far."""
    return count_file.stat().st_size if count_file.exists() else 0

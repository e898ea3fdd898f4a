"""A disk small enough to be filled."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

WHY = (
    "only root may mount a small disk; tests/database fills one without, by limiting pages and "
    "file sizes"
)


@contextlib.contextmanager
def small_disk(folder: Path) -> Generator[Path]:
    """A file system of 4 MB at `folder`; the test is skipped where nothing may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip(WHY)
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip(WHY)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)

"""Temporary files in memory, where the machine has a place for them.

Nothing that a test writes has to outlive the machine, and a test that waits for a disk at every
commit takes three times as long. What a server asks of its disk stays as it is: tests that count
its fsyncs, kill it or fill its disk find the same in memory.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 1024 * 1024 * 1024


def place_in_memory(*, is_for_programs: bool = False) -> Path | None:
    """A folder in memory with room enough; `None` where there is none.

    Containers often give a small one, or one from which no program may be run.
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < MEMORY_NEEDED_BYTES:
        return None
    is_without_programs = os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return None if is_for_programs and is_without_programs else MEMORY


def keep_temporary_files_in_memory() -> None:
    """For this process and all that it starts, unless TMPDIR says where they belong."""
    place = place_in_memory(is_for_programs=True)
    if place is not None and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = str(place)
        tempfile.tempdir = None  # is found anew

"""How often the disk is made to write: counted by a preloaded shim, so no clock is involved."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

BENCH = Path(__file__).parents[2] / "bench"
PROGRAM = textwrap.dedent("""
    import asyncio, os, pathlib, sys
    from uuid import uuid4
    sys.path[:0] = sys.argv[2].split(":")
    from store_until_killed import make_response
    from survey_records import add_survey
    from harken_server.database.database import Database
    from harken_server.database.opening import open_database
    from harken_server.database.migrate import migrate
    from harken_server.responses.store.writing import RESPONSES

    async def main(url, synchronous, tasks, each):
        await migrate(url)
        db = await open_database(url, synchronous=synchronous)
        survey = await add_survey(db, uuid4())
        await db.store(RESPONSES, make_response(survey, 0))
        count = pathlib.Path(os.environ["HARKEN_FSYNC_COUNT_FILE"])
        before = count.stat().st_size

        async def submit():
            for number in range(each):
                assert (await db.store(RESPONSES, make_response(survey, number))).kind == "stored"

        await asyncio.gather(*[submit() for _ in range(tasks)])
        print(count.stat().st_size - before)
        await db.close()

    asyncio.run(main(sys.argv[1], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
""")


def _load_shim():
    spec = importlib.util.spec_from_file_location("fsync_shim", BENCH / "fsync_shim.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _count_fsyncs(
    folder: Path, *, synchronous: str = "full", tasks: int, each: int, delay_ms: float = 0
) -> int:
    shim = _load_shim()
    environment = shim.shim_environment(
        shim.build_shim(folder), count_file=folder / "fsyncs", delay_ms=delay_ms
    )
    crash, support = (Path(__file__).parents[1] / name for name in ("crash", "support"))
    done = subprocess.run(
        [
            sys.executable, "-c", PROGRAM, f"sqlite:///{folder}/a.sqlite3", f"{crash}:{support}",
            synchronous, str(tasks), str(each),
        ],
        env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return int(done.stdout)


@pytest.mark.parametrize("delay_ms", [0, 2])
def test_sixty_four_callers_share_an_fsync_at_least_sixteen_ways(tmp_path, delay_ms):
    fsyncs = _count_fsyncs(tmp_path, tasks=64, each=20, delay_ms=delay_ms)

    assert 64 * 20 / fsyncs >= 16


def test_every_acknowledged_response_has_been_flushed(tmp_path):
    assert _count_fsyncs(tmp_path, tasks=1, each=50) >= 50


def test_synchronous_normal_flushes_less_which_is_what_full_is_for(tmp_path):
    assert _count_fsyncs(tmp_path, synchronous="normal", tasks=1, each=50) < 25

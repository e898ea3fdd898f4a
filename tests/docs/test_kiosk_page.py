"""The how-to page of the kiosk: its snippet makes a device, and its table is the settings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from served import Served, clean_environ

from harken_server.channels.kiosk.rules import DeviceSettings

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "kiosk.md").read_text("utf-8")


@pytest.mark.processes
def test_the_snippet_makes_a_device_with_a_code(tmp_path: Path) -> None:
    (snippet,) = re.findall(r"^```python\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    server = Served("serve", tmp_path)
    (key,) = re.findall(r"hk_\w+", server.printed())

    done = subprocess.run(
        [sys.executable, "-c", snippet], cwd=tmp_path, capture_output=True, text=True, check=False,
        env=clean_environ(HARKEN_URL=server.url, HARKEN_API_KEY=key, PYTHONWARNINGS=""),
    )  # fmt: skip
    server.stop()

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/kiosk \d{8}\n", done.stdout)


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))
    defaults = {
        field.name: field.default
        for field in msgspec.structs.fields(DeviceSettings)
        if isinstance(field.default, str | int | float)
    }

    assert set(table) == set(DeviceSettings.__struct_fields__)
    for name, default in defaults.items():
        said = table[name].strip("`")
        assert said == (str(default).lower() if isinstance(default, bool) else f"{default:g}"
                        if not isinstance(default, str) else default), name  # fmt: skip

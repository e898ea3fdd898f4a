"""The widget's built files: complete and undamaged, or the server says so before it starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import brotli
import msgspec
import pytest
from ports import free_port

from harken_server.channels.widget.files import (
    FILES_FOLDER,
    SLOT,
    WidgetFilesError,
    read_files,
    script_safe,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "files"
    shutil.copytree(FILES_FOLDER, copy)
    return copy


def rewrite_list(folder: Path, **changes: object) -> None:
    path = folder / "files.json"
    listed = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**listed, **changes}))


def test_the_shipped_files_are_whole_and_compressed_with_brotli():
    files = read_files()

    assert {files.loader, files.survey, files.whole, *files.late.values()} == set(files.packed)
    for name, packed in files.packed.items():
        assert packed.brotli
        assert brotli.decompress(packed.brotli) == packed.body, name


def test_the_config_takes_the_place_of_the_literal():
    loader = read_files().loader_with(b'{"key":"hk_x"}')

    assert SLOT not in loader
    assert loader.count(b'{"key":"hk_x"}') == 1


def test_json_is_safe_inside_any_script():
    text = "</script> <!-- \u2028 \u2029"

    safe = script_safe(msgspec.json.encode(text))

    assert msgspec.json.decode(safe) == text
    assert not set("<\u2028\u2029") & set(safe.decode())


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no list": (lambda folder: (folder / "files.json").unlink(), "files.json cannot be read"),
    "half a list": (
        lambda folder: (folder / "files.json").write_text('{"loader": "v1.js"'),
        "files.json is not what the build makes",
    ),
    "a path in the list": (
        lambda folder: rewrite_list(folder, survey="../../app.py"),
        "files.json names '../../app.py' as the survey",
    ),
    "a path among the late files": (
        lambda folder: rewrite_list(folder, late={"parts": "../parts-0123456789.js"}),
        "files.json names '../parts-0123456789.js' among the late files",
    ),
    "a file too few": (
        lambda folder: rewrite_list(folder, integrity={}),
        "files.json does not give the integrity of each file",
    ),
    "no loader": (lambda folder: (folder / "v1.js").unlink(), "v1.js cannot be read"),
    "no compressed loader": (lambda folder: (folder / "v1.js.br").unlink(), "v1.js cannot be read"),
    "a changed loader": (
        lambda folder: (folder / "v1.js").write_text("alert(1)"),
        "v1.js is not the file that files.json lists",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_wrong_is_said_in_one_line(folder: Path, damage: str):
    break_it, said = DAMAGES[damage]
    break_it(folder)

    with pytest.raises(WidgetFilesError) as failure:
        read_files(folder)

    assert said in failure.value.message
    assert "Install harken-server again" in failure.value.message
    assert "\n" not in failure.value.message
    assert failure.value.code == "widget_files_damaged"


@pytest.mark.processes
def test_a_server_with_damaged_files_does_not_start(folder: Path, tmp_path: Path):
    (folder / "v1.js").write_text("alert(1)")
    start = (
        "import sys; from pathlib import Path\n"
        "from harken_server.channels.widget import files\n"
        f"files.read_files.__defaults__ = (Path({str(folder)!r}),)\n"
        "from harken_server.cli import main\n"
        "sys.exit(main(['serve']))"
    )

    done = subprocess.run(
        [sys.executable, "-c", start],
        cwd=tmp_path,
        env={
            "HARKEN_PORT": str(free_port()),
            "HARKEN_DATA_DIR": str(tmp_path / "data"),
            "PATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == os.EX_DATAERR
    assert "v1.js is not the file that files.json lists" in done.stderr
    assert "Traceback" not in done.stderr

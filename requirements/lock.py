"""Write the locks beside this file: `python requirements/lock.py`, or `--upgrade` for the newest.

A lock pins every distribution that is installed, with the SHA-256 of each of its files, for every
platform and for Python 3.11 and later. `dev.lock` is made first and holds all; the others take its
versions. Distributions of Harken itself are pinned by none of them: who installs a wheel chooses.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ALL = "dev"
SERVER, SDK = "pyproject.toml", "sdk/python/pyproject.toml"
BUILD, DEV = "requirements/build.txt", "requirements/dev.txt"
INPUTS = {
    ALL: (SERVER, SDK, BUILD, DEV, "--extra", "test", "--extra", "qr"),
    "build": (BUILD,),
    "server": (SERVER,),
    "sdk": (SDK, "--extra", "qr"),
    "test": (SERVER, SDK, BUILD, "--extra", "test", "--extra", "qr"),
}
"""What each lock is for: files with requirements, and the extras that are taken of them."""
COMMAND = (
    "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "just lock",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Write every lock; `arguments` are uv's own, such as `--upgrade`."""
    for name in INPUTS:
        command = [sys.executable, "-m", *compile_command(name), *arguments]
        if status := subprocess.call(command, cwd=ROOT, env=environ()):
            return status
    return 0


def compile_command(name: str) -> list[str]:
    """What writes one lock."""
    pins = [] if name == ALL else ["-c", f"requirements/{ALL}.lock"]
    return [*COMMAND, *INPUTS[name], *pins, "-o", f"requirements/{name}.lock"]


def environ() -> dict[str, str]:
    """With pip's index for uv, which does not read the configuration of pip."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    index = os.environ.get("PIP_INDEX_URL", told)
    return {**({"UV_DEFAULT_INDEX": index} if index else {}), **os.environ}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

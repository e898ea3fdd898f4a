"""`python -m bench NAME [--json] [--quick]`: run one measure; `--list` names them all."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def main(argv: list[str] | None = None) -> int:
    """Run a measure, print it for people, and with `--json` as one object on the last line."""
    arguments = _parser().parse_args(argv)
    if arguments.list:
        for name in measures():
            print(f"{name:8} {_first_line(name)}")
        return 0
    if arguments.name not in measures():
        print(f"no measure {arguments.name!r}; there are: {', '.join(measures())}", file=sys.stderr)
        return 2
    result = importlib.import_module(f"bench.{arguments.name}").run(quick=arguments.quick)
    _print_for_people(result)
    if arguments.json:
        print(json.dumps(result))
    return 0


def measures() -> list[str]:
    """Names of the modules that measure something: those with a `run`."""
    return sorted(
        path.stem
        for path in FOLDER.glob("*.py")
        if "\ndef run(quick" in path.read_text(encoding="utf-8")
    )


def _print_for_people(result: dict[str, Any]) -> None:
    print(f"{result['name']}: {result['value']} {result['unit']}")
    print(f"  {result['baseline_name']}: {result['baseline']}  ratio {result['ratio']}")
    for name, value in result["details"].items():
        print(f"  {name}: {json.dumps(value)}")


def _first_line(name: str) -> str:
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return text.split('"""', 2)[1].splitlines()[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", help="the measure")
    parser.add_argument("--list", action="store_true", help="name the measures")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    parser.add_argument("--quick", action="store_true", help="within 40 seconds, less exact")
    return parser


if __name__ == "__main__":
    sys.exit(main())

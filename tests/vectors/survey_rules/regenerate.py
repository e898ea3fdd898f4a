"""Brings the shared vectors up to date: `python tests/vectors/survey_rules/regenerate.py`.

A file has `surveys` (by name: the definition, and `config`, the same as the widget gets it) and
`cases` (name, survey, answers, context, texts, and what is expected). This writes every `config`
anew, and what is expected where a case says nothing yet; read that before you keep it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))

from rule_cases import config_of, judge, vector_files

EXPECTED = ("visible", "ending", "problems", "filled")


def regenerate(content: dict[str, Any]) -> dict[str, Any]:
    """The content of a file with configs renewed and missing expectations filled in."""
    surveys = {
        name: {"survey": entry["survey"], "config": config_of(entry["survey"])}
        for name, entry in content["surveys"].items()
    }
    cases: list[dict[str, Any]] = []
    for case in content["cases"]:
        found = judge({**case, "survey": surveys[case["survey"]]["survey"]})
        cases.append({**case, **{name: case.get(name, found[name]) for name in EXPECTED}})
    return {"surveys": surveys, "cases": cases}


def write(path: Path, content: dict[str, Any]) -> None:
    """One line a case, so that a change of one shows as such."""
    surveys = ",\n".join(
        f'  {json.dumps(name)}: {{\n   "survey": {json.dumps(entry["survey"])},\n'
        f'   "config": {json.dumps(entry["config"])}\n  }}'
        for name, entry in content["surveys"].items()
    )
    cases = ",\n".join(f"  {json.dumps(case)}" for case in content["cases"])
    path.write_text(f'{{\n "surveys": {{\n{surveys}\n }},\n "cases": [\n{cases}\n ]\n}}\n', "utf-8")


if __name__ == "__main__":
    for file in vector_files():
        write(file, regenerate(json.loads(file.read_text("utf-8"))))

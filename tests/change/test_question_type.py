"""A question type is added for real, then each place of that change is left out once.

`yes_no.patch` is the whole change but for generated files. Where a place is left out, the type
check or a narrow test must fail. To see who speaks up: `pytest -s tests/change`.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from source_files import ROOT

from harken_server.surveys.questions.base import Plain

PATCH = Path(__file__).with_name("yes_no.patch")
MAX_SERVER_FILES = 15
COPIED = ("server", "sdk", "tests", "docs", "widget", "bench", "examples", "survey_templates",
          "journey_templates", "pyproject.toml", "README.md", "CHANGELOG.md")  # fmt: skip
NARROW = (
    "tests/architecture/test_question_types.py",
    "tests/architecture/test_documented.py::test_every_question_type_is_documented",
    "tests/surveys/test_files_reference.py",
    "tests/surveys/test_every_type.py",
    "tests/surveys/test_schema.py",
    "tests/channels/messages/test_typed_replies.py",
    "tests/surveys/test_shared_vectors.py",
    "tests/channels/widget/test_config.py::test_every_question_type_is_expected_here",
    "tests/channels/widget/test_config.py::test_each_type_gives_its_own_fields_and_no_more",
)
WHOLE = (*NARROW, "tests/channels/page/test_render.py", "tests/surveys/test_definition_laws.py",
         "tests/channels/email/test_render.py")  # fmt: skip
SLIDER = '''class Slider(QuestionBase, tag="slider", kw_only=True, frozen=True, omit_defaults=True):
    """A type that is like no other."""


Question: TypeAlias ='''
SAID = {"behaviour", "sheet_columns", *(name for name in vars(Plain) if name[0] != "_")}
"""What every type says of itself."""

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]


class Place(NamedTuple):
    """One hunk of the patch."""

    name: str
    file: str
    patch: str


class Tree(NamedTuple):
    """A copy of the sources that may be changed."""

    root: Path

    def apply(self, patch: str, *options: str) -> None:
        """Change the files by a patch."""
        command = ["git", "apply", "--recount", *options, "-"]
        subprocess.run(command, cwd=self.root, input=patch, text=True, check=True)

    def generate(self) -> None:
        """Write the generated documents anew."""
        assert self.run("docs/generate.py").returncode == 0

    def type_errors(self) -> list[str]:
        """What the type check says."""
        found = self.run("-m", "basedpyright", "--pythonpath", sys.executable)
        return re.findall(r"^  .*?server/(\S+:\d+:\d+ - error: .+)$", found.stdout, re.MULTILINE)

    def failed_tests(self, *tests: str) -> list[str]:
        """Tests that do not pass, the first of them when there are any."""
        found = self.run("-m", "pytest", "-q", "-x", "-p", "no:xdist", *tests)
        failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", found.stdout, re.MULTILINE)
        return failed or ([] if found.returncode == 0 else [found.stdout[-500:] + found.stderr])

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A Python program on the copy."""
        paths = f"{self.root / 'server'}:{self.root / 'sdk' / 'python' / 'src'}"
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin", "HOME": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """The sources as they are now."""
    left_out = shutil.ignore_patterns("node_modules", "__pycache__", "recorded", ".venv")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=left_out)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return Tree(tmp_path)


def places() -> list[Place]:
    """Each hunk of the patch as a patch of its own."""
    found: list[Place] = []
    for part in re.split(r"^(?=diff --git )", PATCH.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, *hunks = re.split(r"^(?=@@ )", part, flags=re.MULTILINE)
        file = re.findall(r"^\+\+\+ b/(.+)$", head, re.MULTILINE)[0]
        for number, hunk in enumerate(hunks, 1):
            found.append(Place(f"{file} ({number} of {len(hunks)})", file, head + hunk))
    return found


def test_a_new_question_type_touches_few_files_of_the_server() -> None:
    files = {place.file for place in places() if place.file.startswith("server/")}

    assert len(files) <= MAX_SERVER_FILES


def test_every_place_of_a_new_question_type_speaks_up_when_it_is_left_out(tree: Tree) -> None:
    tree.apply(PATCH.read_text("utf-8"))
    tree.generate()
    assert tree.type_errors() == []
    assert tree.failed_tests(*WHOLE) == []

    said: dict[str, str] = {}
    for place in places():
        tree.apply(place.patch, "--reverse")
        tree.run("docs/generate.py")  # which may fail, as it would for whoever forgot the place
        is_checked = place.file.startswith("server/")
        named = tree.type_errors() if is_checked else []
        said[place.name] = next(iter(named or tree.failed_tests(*NARROW)), "")
        tree.apply(place.patch)
    print("", *(f"{name}: {who or 'NOBODY'}" for name, who in said.items()), sep="\n")

    assert [name for name, who in said.items() if not who] == []


def test_a_type_like_no_other_is_asked_for_wherever_types_are_told_apart(tree: Tree) -> None:
    types = tree.root / "server" / "harken_server" / "surveys" / "questions" / "types.py"
    text = types.read_text("utf-8").replace("Question: TypeAlias =", SLIDER, 1)
    types.write_text(text.replace("    | Statement\n", "    | Statement\n    | Slider\n"), "utf-8")
    expected = set(_whole_matches(tree.root / "server"))

    errors = tree.type_errors()
    found = {error.partition(" - ")[0] for error in errors if "Cases within" in error}
    told = {place.rpartition(":")[0] for place in found}
    missed = {name for name in SAID if f'"{name}" for class "Slider"' in "".join(errors)}
    print("", *sorted(told), *sorted(missed), sep="\n")

    assert len(expected) > 8
    assert expected <= told, sorted(expected - told)
    assert missed == SAID


def _whole_matches(server: Path) -> list[str]:
    """Every `match` over all question types: those that say something of statements."""
    return [
        f"{path.relative_to(server).as_posix()}:{node.lineno}"
        for path in sorted(server.rglob("*.py"))
        if "surveys.questions" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Match)
        and re.search(r"\bStatement\b", " ".join(ast.dump(case.pattern) for case in node.cases))
    ]

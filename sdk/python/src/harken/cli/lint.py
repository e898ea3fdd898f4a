"""The commands `harken lint` and `harken check`: a survey file looked at without any server."""

from __future__ import annotations

import importlib
import re
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, cast

import msgspec

from harken._calls.definition_files import DefinitionFormat, format_of_file, is_journey
from harken._errors import MissingExtraError
from harken.cli.shapes import find_faults
from harken.cli.terminal import DONE, FAILED, complain, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("files", nargs="+", metavar="FILE", help=".yaml, .yml, .toml or .json")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    status = DONE
    for file in options.files:
        path = Path(file)
        faults = list(_faults_of(path))
        if faults:
            status = complain("\n  ".join([f"{file}: {len(faults)} to mend", *faults]), FAILED)
        else:
            say(f"{file}: sound; `harken push --dry-run` asks the server as well")
    return status


def _faults_of(path: Path) -> Iterator[str]:
    """What is wrong with a file. MissingExtraError when its format cannot be read here."""
    form, raw = format_of_file(path), path.read_bytes()
    try:
        definition = _read(raw, form)
    except MissingExtraError:
        raise
    except Exception as error:  # noqa: BLE001 - each parser has errors of its own
        yield f"cannot be read as {form}: {error}"
        return
    if is_journey(path, raw, form):
        yield from find_faults("journey", definition)
        return
    faults = list(find_faults("survey", definition))
    yield from faults or _loose_ends(definition)


def _read(raw: bytes, form: DefinitionFormat) -> Any:
    match form:
        case "json":
            return msgspec.json.decode(raw)
        case "yaml":
            return _read_yaml(raw.decode("utf-8-sig"))
        case "toml":
            return _parser("tomllib", "tomli").loads(raw.decode("utf-8-sig"))


def _parser(*names: str) -> Any:
    found = next((name for name in names if find_spec(name) is not None), None)
    if found is None:
        raise MissingExtraError(
            f"reading such a file needs {names[-1]!r}, which is not installed: in the folder of the"
            " clone, pip install './sdk/python[lint]'"
        )
    return importlib.import_module(found)


def _read_yaml(text: str) -> Any:
    """As YAML 1.2 and the server read it: `on` is a word, and a day is text."""
    yaml = _parser("yaml")
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    kinds = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}

    class Loader(base):
        yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {
            first: [each for each in resolvers if each[0] not in kinds]
            for first, resolvers in base.yaml_implicit_resolvers.items()
        }

    is_bool = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", is_bool, list("tTfF"))
    return yaml.load(text, Loader)


def _loose_ends(survey: Any) -> Iterator[str]:
    """Keys that stand twice, and conditions and jumps that name what is not there."""
    questions: list[dict[str, Any]] = survey["questions"]
    keys = [question["key"] for question in questions if "key" in question]
    endings = [ending["key"] for ending in survey.get("endings", ()) if "key" in ending]
    yield from (f"$.questions: the key {key} stands twice" for key in _twice(keys))
    yield from (f"$.endings: the key {key} stands twice" for key in _twice(endings))
    for place, question in enumerate(questions):
        path = f"$.questions[{place}]"
        values = [choice.get("value") for choice in question.get("choices", ())]
        yield from (f"{path}.choices: the value {value} stands twice" for value in _twice(values))
        for jump in question.get("jumps", ()):
            if jump.get("to") not in {*keys, *endings, "end"}:
                yield f"{path}.jumps: there is no question or ending {jump.get('to')}"
    for name in _answers_named(survey):
        if name not in keys:
            yield f"a condition names the answer {name}, but there is no such question"


def _twice(words: list[Any]) -> list[Any]:
    return [word for word, times in Counter(map(str, words)).items() if times > 1]


def _answers_named(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        branch = cast("dict[str, Any]", tree)
        if "op" in branch and isinstance(branch.get("answer"), str):
            yield branch["answer"].partition(".")[0]
        for value in branch.values():
            yield from _answers_named(value)
    elif isinstance(tree, list):
        for value in cast("list[Any]", tree):
            yield from _answers_named(value)

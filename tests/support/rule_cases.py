"""Cases of the survey rules, judged by the server's own functions: way, problems, filled texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from harken_server.channels.page.face.surveys import survey_config
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.logic.paging import walk
from harken_server.surveys.logic.placeholders import (
    has_malformed_placeholder,
    shown_answers,
    substitute,
)
from harken_server.surveys.survey import Survey

Case: TypeAlias = dict[str, Any]
"""`survey` (definition), `config` (the same for the widget), `answers`, `context`, `texts`."""

VECTORS = Path(__file__).parents[1] / "vectors" / "survey_rules"
LOCALE = "en"
RULED = frozenset(
    (
        *("type", "key", "required", "show_if", "jumps", "options", "rows"),
        *("max_chars", "min", "max", "is_whole", "pattern", "least", "most"),
    )
)
"""What the rules look at in a question; the rest is for the eye, and may change as it likes."""
RULED_OPTION = frozenset(("value", "label", "own", "alone"))
"""What they look at in an option."""


def vector_files() -> list[Path]:
    """The files of shared vectors."""
    return sorted(VECTORS.glob("*.json"))


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, each with its survey and config put in, and its name made unique."""
    content = json.loads(path.read_text("utf-8"))
    return [
        {**case, **content["surveys"][case["survey"]], "name": f"{path.stem}: {case['name']}"}
        for case in content["cases"]
    ]


def config_of(survey: dict[str, Any]) -> dict[str, Any]:
    """A definition in the form in which the widget gets it, as far as its rules look at it."""
    config = survey_config(msgspec.convert(survey, Survey), 1, LOCALE)
    ruled = {name: config[name] for name in ("context", "endings") if name in config}
    questions = [_ruled_question(question) for question in config["questions"]]
    return json.loads(json.dumps({**ruled, "questions": questions}))


def _ruled_question(question: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in question.items() if name in RULED}
    if "options" in found:
        found["options"] = [
            {name: value for name, value in option.items() if name in RULED_OPTION}
            for option in found["options"]
        ]
    return found


def judge(case: Case) -> dict[str, Any]:
    """What the server makes of a case, complete: the first problem of each question is told."""
    survey = msgspec.convert(case["survey"], Survey)
    answers, context = case["answers"], case["context"]
    way = walk(survey, answers, context)
    checked = check_answers(compile_survey(survey), dict(answers), context, is_complete=True)
    codes: dict[str | None, str] = {}
    for problem in checked.problems:
        codes.setdefault(problem.question, problem.code)
    questions = {question.key: question for question in survey.questions}
    spoken = shown_answers(questions, answers, LOCALE, survey.locale)
    return {
        "visible": list(way.visible),
        "ending": way.ending and way.ending.key,
        "problems": [[key, codes[key]] for key in questions if key in codes],
        "filled": [substitute(text, context, spoken, survey.context) for text in case["texts"]],
    }


def as_published(case: Case) -> Case:
    """The case without texts that no published survey has: those with a malformed placeholder."""
    places = [at for at, text in enumerate(case["texts"]) if not has_malformed_placeholder(text)]
    kept = {"texts": [case["texts"][at] for at in places]}
    if "filled" in case:
        kept["filled"] = [case["filled"][at] for at in places]
    return {**case, **kept}

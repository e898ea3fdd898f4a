"""The catalogue of templates: what each asks, and by what somebody looking for one finds it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from harken_server.kernel.languages import language_name
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.questions import types as q
from harken_server.surveys.survey import Survey, offered_locales
from harken_server.surveys.texts import resolve_text

TEMPLATES = Path(__file__).parent.parent / "survey_templates"
ENDS_WITH = ".survey.yaml"
ANY = "any"

ROLES = {
    "marketing": "Marketing",
    "product": "Product",
    "support": "Support",
    "shop": "Shops",
    "operations": "Operations",
    "people": "People team",
}
INDUSTRIES = {
    "retail": "Retail",
    "restaurant": "Restaurants",
    "hotel": "Hotels",
    "delivery": "Delivery",
    "software": "Software",
    "media": "Media",
    "events": "Events",
}
STAGES = {
    "awareness": "Awareness",
    "discovery": "Discovery",
    "interest": "Interest",
    "purchase": "Purchase",
    "use": "Use",
    "advocacy": "Advocacy",
    "leaving": "Leaving",
    "employees": "Employees",
}
CHANNELS = {
    "web": "Link",
    "widget": "Website",
    "email": "E-mail",
    "receipt": "Receipt",
    "kiosk": "Kiosk",
    "sms": "Text message",
}
WAYS: dict[str, tuple[str, Mapping[str, str]]] = {
    "role": ("Who asks", ROLES),
    "industry": ("Industry", INDUSTRIES),
    "stage": ("Stage", STAGES),
    "channel": ("Channel", CHANNELS),
}
"""By what the gallery is narrowed: the parameter, its label, and the labels of its words."""


class Fits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For whom a template is: a table of `catalogue.toml`."""

    roles: tuple[str, ...]
    industries: tuple[str, ...]
    stage: str
    channels: tuple[str, ...]

    def has(self, way: str, word: str) -> bool:
        """Whether somebody who looks for this word is shown it."""
        match way:
            case "role":
                return word in self.roles
            case "industry":
                return word in self.industries or ANY in self.industries
            case "stage":
                return word == self.stage
            case _:
                return word in self.channels


class Template(NamedTuple):
    """A survey of the catalogue, ready to be begun with."""

    name: str
    text: str
    """Its file, without the line that is for editors."""
    survey: Survey
    fits: Fits

    @property
    def title(self) -> str:
        """In the survey's own language."""
        return resolve_text(self.survey.title, self.survey.locale, self.survey.locale)

    @property
    def shown_title(self) -> str:
        """The same as people read it of whom nothing is known."""
        return substitute(self.title, {}, {}, self.survey.context)

    @property
    def about(self) -> str:
        """What it asks."""
        return resolve_text(self.survey.description, self.survey.locale, self.survey.locale)

    @property
    def questions(self) -> int:
        """How many take an answer."""
        return sum(each.behaviour.takes_answer for each in self.survey.questions)

    @property
    def channels(self) -> list[str]:
        """Labels of the channels that it fits."""
        return [CHANNELS[each] for each in self.fits.channels]

    @property
    def languages(self) -> list[str]:
        """Each in its own name, where there is more than one."""
        locales = offered_locales(self.survey)
        return [language_name(each) for each in locales] if len(locales) > 1 else []

    @property
    def time(self) -> str:
        """How long answering takes."""
        return time_in_words(seconds_to_answer(self.survey))


@cache
def read_gallery() -> Mapping[str, Template]:
    """Every template by its name, in their order; read once, for files of the package."""
    fits = read_fits()
    files = sorted(TEMPLATES.glob(f"*{ENDS_WITH}"))
    found = (_read_template(file, fits) for file in files)
    return {template.name: template for template in found}


def read_fits() -> Mapping[str, Fits]:
    """The table beside the templates."""
    raw = (TEMPLATES / "catalogue.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Fits])


def _read_template(file: Path, fits: Mapping[str, Fits]) -> Template:
    name, raw = file.name.removesuffix(ENDS_WITH), file.read_bytes()
    first, _, rest = raw.decode().partition("\n")
    text = rest if first.startswith("# yaml-language-server") else raw.decode()
    return Template(name, text, decode_survey(raw, "yaml"), fits[name])


def find_templates(wanted: Mapping[str, str], words: str = "") -> list[Template]:
    """Those that fit every word given, by the names of `WAYS`, and hold all the typed words."""
    chosen = {way: wanted[way] for way in WAYS if wanted.get(way)}
    return [
        template
        for template in read_gallery().values()
        if all(template.fits.has(way, word) for way, word in chosen.items())
        and all(each in _searched(template) for each in words.lower().split())
    ]


def _searched(template: Template) -> str:
    return f"{template.name} {template.title} {template.about}".lower()


def seconds_to_answer(survey: Survey) -> int:
    """About how long all questions take to read and answer: an upper bound where some are hidden.

    Reading at 240 words a minute (Brysbaert 2019, doi:10.1016/j.jml.2019.104047); the time to
    answer is a round guess for each kind, and texts that may be left out count half.
    """
    seconds = 0.0
    for question in survey.questions:
        text = resolve_text(question.text, survey.locale, survey.locale)
        seconds += len(text.split()) / 4 + _seconds_for(question)
    return round(seconds)


def _seconds_for(question: q.Question) -> float:
    match question:
        case q.RatingBase() | q.OneChoice() | q.Consent():
            return 3
        case q.MultipleChoice():
            return 6
        case q.Matrix():
            return 3 * len(question.rows)
        case q.Ranking():
            return 3 * len(question.choices)
        case q.LongText():
            return 30 if question.required else 15
        case q.Written():
            return 10 if question.required else 5
        case q.Statement():
            return 0


def time_in_words(seconds: int) -> str:
    """Rounded so that nobody takes it for exact.

    >>> time_in_words(34), time_in_words(70)
    ('about 30 seconds', 'about 1 minute')
    """
    if seconds < 55:
        return f"about {max(10, round(seconds / 10) * 10)} seconds"
    minutes = max(1, round(seconds / 60))
    return "about 1 minute" if minutes == 1 else f"about {minutes} minutes"

"""A respondent in an address: `/v1/respondents/{respondent}`, and what may stand there."""

from typing import Annotated, TypeAlias

from harken_server.http.problems import BadRequestError
from harken_server.http.resources import Named
from harken_server.kernel.person_names import MAX_RESPONDENT


def check_respondent(name: str) -> str:
    """The name without blanks around it; BadRequestError when it cannot be stored."""
    name = name.strip()
    if not name or len(name) > MAX_RESPONDENT or "\x00" in name:
        raise BadRequestError(
            f"A respondent has 1 to {MAX_RESPONDENT} characters that are not all blank, none of"
            " them NUL.",
            code="bad_parameter",
        )
    return name


RespondentName: TypeAlias = Annotated[
    str, Named("the host's own name for the person", check_respondent)
]

"""How the console says what was done and how far a key reaches."""

from __future__ import annotations

from harken_server.http.operations import Scope

_DONE = {
    "add": "Added", "begin": "Began", "change": "Changed", "close": "Closed",
    "confirm": "Confirmed", "create": "Made", "discard": "Discarded", "end": "Ended",
    "erase": "Erased", "fill": "Filled", "invite": "Invited", "join": "Joined", "list": "Made",
    "load": "Loaded", "make": "Made", "migrate": "Migrated", "move": "Moved", "pause": "Paused",
    "publish": "Published", "push": "Published", "put": "Set", "remove": "Removed",
    "rename": "Renamed", "renew": "Renewed", "reopen": "Reopened", "reset": "Reset",
    "restore": "Restored", "retire": "Retired", "retry": "Sent again:", "revoke": "Revoked",
    "rotate": "Renewed", "save": "Saved", "send": "Sent", "set": "Set", "start": "Started",
    "suppress": "Suppressed", "switch": "Switched", "unsuppress": "Allowed again:",
}  # fmt: skip
"""What was done by what is to be done: the first word of an operation's id."""
SCOPES: dict[Scope, tuple[str, str]] = {
    "public": ("Public", "For web pages: shows surveys and takes answers. Anybody may see it."),
    "write": ("Write", "For your application: asks people, publishes surveys; reads no answers."),
    "read": ("Read", "For analysis: reads answers, scores and exports; changes nothing."),
    "manage": ("Manage", "Everything, also keys, stores, tills and erasing people."),
}
"""What each scope lets a key do."""


def said_of(action: str) -> str:
    """An operation's id as a sentence of what happened.

    >>> said_of("push_survey"), said_of("set_survey_status"), said_of("odd")
    ('Published survey', 'Set survey status', 'Odd')
    """
    verb, _, rest = action.partition("_")
    done = _DONE.get(verb)
    if done is None:
        return action.replace("_", " ").capitalize()
    return f"{done} {rest.replace('_', ' ')}".strip()

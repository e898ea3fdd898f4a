"""What can be set about rights: how long links and signatures live, and what strangers may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from harken_server.kernel.settings import setting


class RightsSettings(msgspec.Struct, kw_only=True, frozen=True):
    """The longest lives of what is handed out, and what is told without a key."""

    link_days: Annotated[
        int,
        setting(
            "Longest life of a link to results or an export, in days, 1 to 3650; more is refused.",
            low=1,
            high=3650,
        ),
    ] = 400
    hook_days: Annotated[
        int,
        setting(
            "How long an address lives that mail and text providers call, in days, 1 to 3650.",
            low=1,
            high=3650,
        ),
    ] = 3650
    identity_days: Annotated[
        int,
        setting(
            "Longest life of a signed identity, in days from now on, 1 to 400; one that ends later "
            "proves nothing.",
            low=1,
            high=400,
        ),
    ] = 30
    description: Annotated[
        Literal["open", "keyed"],
        setting(
            "Who may read /docs, /openapi.json and the version: open to everybody, or keyed: only "
            "with an API key, of any scope."
        ),
    ] = "open"
    first_key: Annotated[
        Literal["auto", "print", "file"],
        setting(
            "Where the first start tells its API key, and each start without an owner the link to "
            "set up the console: print, on its output; file, in the files first-api-key and "
            "console-set-up-link of the data directory, for its owner alone; auto: print, but file "
            "where the output is the journal of systemd."
        ),
    ] = "auto"

    @property
    def longest_identity(self) -> timedelta:
        """From the moment at which a signature is looked at."""
        return timedelta(days=self.identity_days)

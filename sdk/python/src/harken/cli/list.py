"""The command `harken list`: every survey of the workspace, a line each."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from harken._sync.client import Client
from harken.cli.terminal import DONE, remark, say


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("--status", choices=("draft", "live", "closed"), help="only these")


def run(options: Namespace) -> int:
    """Do it; the exit status."""
    with Client(options.url) as client:
        surveys = client.surveys.list()
    shown = [each for each in surveys if options.status in {None, each.status}]
    width = max((len(each.key) for each in shown), default=0)
    for each in shown:
        line = f"{each.key:{width}}  {each.status:6}  version {each.version}  {each.title}"
        say(f"{line}  {each.url}" if each.url else line)
    if not shown:
        remark("there is no survey" if options.status is None else f"no survey is {options.status}")
    return DONE

"""The how-to page of PostgreSQL clusters: its URL is understood, its settings are those tested."""

from __future__ import annotations

from pathlib import Path

import yaml
from patroni_member import DATABASE

from harken_server.database.locations import PostgresLocation, parse_location

PAGE = (Path(__file__).parents[2] / "docs/how-to/postgresql-cluster.md").read_text("utf-8")


def _block(language: str) -> str:
    return PAGE.partition(f"```{language}\n")[2].partition("```")[0]


def test_the_url_on_the_page_names_three_members_of_which_the_primary_is_used():
    location = parse_location(_block("text").strip())

    assert isinstance(location, PostgresLocation)
    assert len(location.each) == 3
    assert all(url.endswith("?target_session_attrs=read-write") for url in location.each)


def test_the_settings_on_the_page_are_those_that_the_figures_were_measured_with():
    said = yaml.safe_load(_block("yaml"))["bootstrap"]["dcs"]

    tested = {**DATABASE, "postgresql": {**DATABASE["postgresql"]}}
    del tested["postgresql"]["parameters"]  # of small members that need not survive a machine
    assert said == tested

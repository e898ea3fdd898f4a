"""Every channel is registered, and is all that a registered channel must be."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from outsides import OUTSIDES
from source_files import ROOT, SERVER

from harken_server.deliveries.channels import Channel, Channels, HandedOn, Sends
from harken_server.kernel.errors import InvalidInputError
from harken_server.kernel.languages import LANGUAGES
from harken_server.routes import CHANNELS

FOLDERS = sorted(path for path in (SERVER / "channels").iterdir() if any(path.glob("*.py")))
NAMED = [pytest.param(channel, id=channel.name) for channel in CHANNELS]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_among_the_channels_is_a_package_that_registers_its_channels(folder: Path) -> None:
    assert (folder / "__init__.py").exists(), f"{folder.name} is no package"
    module = importlib.import_module(f"harken_server.channels.{folder.name}.channel")
    made = [each for each in vars(module).values() if isinstance(each, Channel)]

    assert made, f"{folder.name}/channel.py makes no channel"
    missing = [each.name for each in made if CHANNELS.find(each.name) is not each]
    assert missing == [], "not in CHANNELS of routes.py"


@pytest.mark.parametrize("channel", NAMED)
def test_the_document_of_a_channel_is_there_and_names_it(channel: Channel) -> None:
    document = ROOT / "docs" / channel.document

    assert document.exists(), f"write docs/{channel.document}"
    assert re.search(rf"`{channel.name}`|channel=\"{channel.name}\"", document.read_text("utf-8"))


@pytest.mark.parametrize("channel", NAMED)
def test_a_channel_has_its_words_in_every_language(channel: Channel) -> None:
    if channel.words is None:
        return
    english = channel.words("en")

    assert [code for code in LANGUAGES[1:] if channel.words(code) == english] == []


def test_what_every_sending_channel_hands_over_can_be_seen_in_tests() -> None:
    assert set(OUTSIDES) == {channel.name for channel, _ in CHANNELS.senders()}


@pytest.mark.parametrize("channel", NAMED)
def test_a_channel_reminds_only_where_something_counts_as_delivered(channel: Channel) -> None:
    if isinstance(channel.way, Sends) and channel.way.reminds:
        assert channel.way.delivered


def test_two_channels_of_one_name_are_refused() -> None:
    one = Channel(name="letter", way=HandedOn(), document="x.md", words=None)

    with pytest.raises(ValueError, match="two channels 'letter'"):
        Channels([one, one])


@pytest.mark.parametrize(
    ("name", "meant"),
    [("emial", "email"), ("mail", "email"), ("E-mail", "email"), ("SMS", "sms"),
     ("widgets", "widget"), ("receitp", "receipt"), ("eemail", "email"), ("kioks", "kiosk")],
)  # fmt: skip
def test_a_name_that_is_nearly_a_channel_is_a_slip(name: str, meant: str) -> None:
    (problem,) = CHANNELS.names.check(name)

    assert (problem.path, problem.code, problem.limit) == ("$.channel", "channel_unknown", meant)
    assert all(f" {channel.name}" in problem.message for channel in CHANNELS)


@pytest.mark.parametrize(
    "name", ["link", "whatsapp", "x", "poster", "mms", "letterbox", "emails-2"]
)
def test_a_name_of_the_applications_own_is_accepted_once_it_is_declared(name: str) -> None:
    assert [problem.code for problem in CHANNELS.names.check(name)] == ["channel_unknown"]
    CHANNELS.names.check_declared([name])
    assert list(CHANNELS.names.check(name, [name])) == []


@pytest.mark.parametrize(
    ("names", "path", "code"),
    [
        (["E-Mail"], "$.channels[0]", "duplicate"),
        (["poster", "poster"], "$.channels[1]", "duplicate"),
        (["my poster"], "$.channels[0]", "pattern"),
        ([""], "$.channels[0]", "pattern"),
        (["p" * 33], "$.channels[0]", "pattern"),
        ([f"p{n}" for n in range(51)], "$.channels", "too_many"),
    ],
)
def test_a_bad_declaration_names_the_entry_and_the_limit(
    names: list[str], path: str, code: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        CHANNELS.names.check_declared(names)

    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, code)]

"""Every command is spelt as the others are, explains itself, and is documented."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracer._commands import commands

HOUSE = Path(__file__).parents[2]
RUNNING = (HOUSE / "docs" / "running.md").read_text("utf-8")


def every(
    group: click.Group, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*above, name)), command
        if isinstance(command, click.Group):
            yield from every(command, (*above, name))


ALL = list(every(commands))
OPTIONS = [
    (f"tracer {name} {parameter.opts[0]}", parameter)
    for name, command in ALL
    for parameter in command.params
    if isinstance(parameter, click.Option)
]


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_a_command_says_in_one_sentence_what_it_does(
    name: str, command: click.Command
) -> None:
    first = (command.help or "").partition("\n\n")[0].strip()
    assert first.endswith("."), name
    short = command.get_short_help_str(limit=62)
    assert not short.endswith("..."), f"give {name} a short_help: {short}"


def test_every_option_says_what_it_is_for() -> None:
    assert [name for name, option in OPTIONS if not option.help] == []


@pytest.mark.parametrize("option", ["--collector", "--api-key", "--json"])
def test_an_option_that_many_commands_have_is_spelt_alike_in_all(option: str) -> None:
    found = [one for _, one in OPTIONS if option in one.opts]
    assert len(found) > 5
    assert len({(one.name, one.metavar, str(one.type)) for one in found}) == 1


def test_what_is_said_by_a_variable_too_is_told_with_its_name() -> None:
    silent = [
        name
        for name, option in OPTIONS
        if option.envvar and not option.show_envvar and not option.hidden
    ]
    assert silent == []


def test_every_option_of_every_command_is_documented() -> None:
    missing = [
        name
        for name, option in OPTIONS
        if any(
            one.startswith("--") and f"`{one}`" not in RUNNING for one in option.opts
        )
    ]
    assert missing == []


def test_groups_of_what_can_be_listed_list_it_by_one_verb() -> None:
    names = {name for name, _ in ALL}
    listed = {f"{group} list" for group in ("alerts", "keys", "online", "retention")}
    assert listed <= names


@pytest.mark.parametrize("name", ["worker", "dashboard", "keys list", "doctor"])
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(name: str) -> None:
    """A dashboard over no collector started, and said nothing."""
    asked = [*name.split(), "--collector", "nonsense"]
    result = CliRunner().invoke(commands, asked)
    assert result.exit_code == 2
    assert "write it as 'http://host:4318'" in " ".join(result.output.split())


def test_a_move_between_two_directories_makes_neither(tmp_path: Path) -> None:
    """It failed inside the engine, and left two empty stores."""
    here, there = (tmp_path / name for name in ("a", "b"))
    asked = ["move", "--from", f"chdb://{here}", "--to"]
    both = CliRunner().invoke(commands, [*asked, f"chdb://{there}"])
    assert both.exit_code == 1
    assert "tracer backup" in both.output
    none = CliRunner().invoke(commands, [*asked, "http://127.0.0.1:1/db"])
    assert none.exit_code == 1
    assert "there is no store" in none.output
    assert list(tmp_path.iterdir()) == []

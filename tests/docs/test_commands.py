"""docs/commands.md and the command line speak of the same commands and options."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from admin.cli import cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text()
SECTIONS = dict(re.findall(r"^#{2,3} (.+?)\n(.*?)(?=^#{2,3} |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands())
LEAVES = {name: command for name, command in ALL.items() if not isinstance(command, click.Group)}


def options(command: click.Command) -> dict[str, str]:
    """--name -> what follows it."""
    ctx = click.Context(command)
    found = (each.get_help_record(ctx) for each in command.params if isinstance(each, click.Option))
    return {record[0].partition(" ")[0]: record[0].partition(" ")[2] for record in found if record}


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(SECTIONS) == set(ALL)


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_each_section_has_the_usage_and_exactly_the_options(name: str) -> None:
    command, section = LEAVES[name], SECTIONS[name]
    pieces = command.collect_usage_pieces(click.Context(command))
    usage = " ".join(
        ["python manage.py", name, *(piece for piece in pieces if piece != "[OPTIONS]" or options(command))]
    )
    assert f"```\n{usage}\n```" in section
    rows = re.findall(r"^\| `(--[a-z-]+) ?(.*?)` \| (.+) \|$", section, re.MULTILINE)
    assert {option: value.replace("\\|", "|") for option, value, _ in rows} == options(command)


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_command_says_what_it_does(name: str) -> None:
    text = inspect.cleandoc(ALL[name].help or "")
    first = text.split("\n\n")[0].replace("\n", " ")
    assert first.endswith(".")
    assert first in SECTIONS[name]
    assert all(each.help for each in ALL[name].params if isinstance(each, click.Option) and each.name != "help")


def test_commands_that_pages_name_exist() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
    named = [
        (page.name, call)
        for page in pages
        for call in re.findall(r"manage\.py ([a-z][a-z-]*(?: [a-z-]+)?)", page.read_text())
    ]
    assert len(named) > 30
    for page, call in named:
        group, _, word = call.partition(" ")
        assert group in ALL, f"{page}: manage.py {call}"
        if isinstance(ALL[group], click.Group) and word:
            assert call in ALL, f"{page}: manage.py {call}"

"""The options that several commands have, and how their values are read."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from voiceapp.errors import OperatorError
from voiceapp.settings import Settings, load, rows

WIDE = 1000
"""Columns of a table that goes to a file or a program: none of its lines is broken."""

_HELP = {row.option: f"{row.help} [{row.variable}, default {row.default}]" for row in rows() if row.option}

Flows = Annotated[str | None, typer.Option("--flows", help=_HELP["--flows"], metavar="DIR")]
Host = Annotated[str | None, typer.Option("--host", help=_HELP["--host"])]
Port = Annotated[int | None, typer.Option("--port", help=_HELP["--port"])]
Db = Annotated[str | None, typer.Option("--db", help=_HELP["--db"], metavar="URL")]
PublicUrl = Annotated[str | None, typer.Option("--public-url", help=_HELP["--public-url"], metavar="URL")]
CallId = Annotated[str, typer.Argument(metavar="CALL", help="The call's id, as `voiceapp calls` prints it.")]
Inputs = Annotated[
    list[str] | None,
    typer.Option("--input", "-i", help="An input of the flow, as NAME=VALUE.", metavar="NAME=VALUE"),
]

Since = Annotated[
    str | None,
    typer.Option("--since", help="Only calls that began so long ago or later: 24h, 7d, 2w.", metavar="TIME"),
]
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}

PROVING, WRITING = "Proving flows", "Writing flows"
"""How the help names the commands about flows."""


def settings_with(**given: Any) -> Settings:
    """The settings; what an option gave (not None) goes before its variable. Raises OperatorError."""
    return load(given)


def listed_in(given: list[str] | None, option: str) -> tuple[str, ...]:
    """What stands behind an option, however often it is given, with commas between. Raises OperatorError when that
    is nothing."""
    found = tuple(word for text in given or [] for item in text.split(",") if (word := item.strip()))
    if given and not found:
        raise OperatorError(f"{option}: names nothing")
    return found


def shown(output: Path | None) -> bool:
    """Whether what a command writes goes to standard output: where no file is named, or `-`."""
    return output is None or str(output) == "-"


def inputs_of(given: list[str] | None) -> dict[str, str]:
    """`["name=Ann"]` -> `{"name": "Ann"}`. Raises OperatorError."""
    inputs = {}
    for item in given or []:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise OperatorError(f"--input: has to be NAME=VALUE, not {item}")
        inputs[name] = value
    return inputs


def since_of(given: str) -> timedelta:
    """`7d` is seven days; hours and weeks are written `24h` and `2w`. Raises OperatorError."""
    number, unit = given[:-1], given[-1:]
    if unit not in _UNITS or not re.fullmatch(r"[1-9][0-9]{0,3}", number):
        raise OperatorError(f"--since: has to be hours, days or weeks, as in 24h, 7d or 2w, not {given}")
    return timedelta(**{_UNITS[unit]: int(number)})

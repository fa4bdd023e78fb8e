"""The options that several commands have, and how their values are read."""

from typing import Annotated, Any

import typer

from voiceapp.errors import OperatorError
from voiceapp.settings import Settings, load, rows

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


def settings_with(**given: Any) -> Settings:
    """The settings; what an option gave (not None) goes before its variable. Raises OperatorError."""
    return load(given)


def inputs_of(given: list[str] | None) -> dict[str, str]:
    """`["name=Ann"]` -> `{"name": "Ann"}`. Raises OperatorError."""
    inputs = {}
    for item in given or []:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise OperatorError(f"--input: has to be NAME=VALUE, not {item}")
        inputs[name] = value
    return inputs

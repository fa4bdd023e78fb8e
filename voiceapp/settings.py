"""Every VOICEAPP_* variable: its type, its default, one line of help. The only reader of the environment.

A wrong setting stops the start with one line: the variable, what is wrong, what is expected. The value itself
is never quoted, because the commonest mistake is a secret in the wrong variable.
"""

import base64
import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.config import JsonDict
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from yarl import URL

from voiceapp.egress.allow import AllowList, is_host, is_loopback
from voiceapp.errors import OperatorError

PREFIX = "VOICEAPP_"
SECRET_PREFIX = f"{PREFIX}SECRET_"
TEST_PREFIX = f"{PREFIX}TEST_"
_DATABASES = "sqlite+aiosqlite:///FILE or postgresql+psycopg://…"
_CREDENTIALS = ("callr_login", "callr_password", "routee_secret", "api_keys")
_WRONG = {
    "int_parsing": "not a whole number",
    "int_from_float": "not a whole number",
    "float_parsing": "not a number",
    "finite_number": "not a number",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
    "literal_error": "unknown choice",
}


def _setting(default: Any, expects: str, about: str, *, option: str = "", shown: str = "", **rules: Any) -> Any:
    """One setting: what it must look like, what it is for; `shown` stands for a default that is computed."""
    extra: JsonDict = {"expects": expects, "option": option, "shown": shown}
    given = {"default_factory": default} if callable(default) else {"default": default}
    return Field(**given, description=about, json_schema_extra=extra, **rules)


def _seconds(default: float, low: float, high: float, about: str) -> Any:
    return _setting(default, f"seconds, {low} to {high}", about, ge=low, le=high, allow_inf_nan=False)


def _text(right: str | Callable[[str], object], wrong: str) -> AfterValidator:
    """A text that matches the pattern as a whole, or passes the function; else `wrong` is what is wrong."""
    test = re.compile(right).fullmatch if isinstance(right, str) else right

    def check(value: str | SecretStr) -> str | SecretStr:
        if not test(value.get_secret_value() if isinstance(value, SecretStr) else value):
            raise ValueError(wrong)
        return value

    return AfterValidator(check)


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _pairs(text: str) -> dict[str, str]:
    pairs = [item.partition("=") for item in _items(text)]
    if len({language for language, _, _ in pairs}) < len(pairs):
        raise ValueError("a language is given twice")
    return {language.strip(): voice.strip() for language, _, voice in pairs}


def _split(parse: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def _public_url(text: str) -> str:
    try:
        url = URL(text)
    except ValueError:
        raise ValueError("not a URL") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("not an http or https URL")
    if url.user is not None or url.password is not None or url.query_string or url.fragment:
        raise ValueError("has more than scheme, host, port and path")
    return text.rstrip("/")


def _derived_url(given: dict[str, Any]) -> str:
    return str(URL.build(scheme="http", host=given["host"], port=given["port"]))


def _listed(entries: tuple[str, ...]) -> tuple[str, ...]:
    AllowList.parse(entries)
    return entries


def _is_webhook_secret(text: str) -> bool:
    try:
        return text.startswith("whsec_") and 24 <= len(base64.b64decode(text[6:], validate=True)) <= 64
    except ValueError:
        return False


_Host = Annotated[str, _text(is_host, "not a host")]
_Database = Annotated[str, _text(r"(sqlite\+aiosqlite|postgresql\+psycopg)://\S+", "not a database URL")]
_Login = Annotated[str, _text(r"[!-9;-~]*", "has a colon, a space or a letter outside ASCII")]
_Password = Annotated[SecretStr, _text(r"[ -~]*", "has a letter outside ASCII")]
_Key = Annotated[SecretStr, _text(r"[!-~]{16,}", "shorter than 16 characters, or has a space")]
_Language = Annotated[str, _text(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", "not a language tag")]
_Voice = Annotated[str, _text(r"[A-Za-z0-9_.-]+", "not a voice name")]
_WebhookSecret = Annotated[SecretStr, _text(_is_webhook_secret, "not a Standard Webhooks secret")]


class Settings(BaseSettings):
    """What the operator decided. Frozen; passwords, keys and the database do not show in its `repr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    flows: str = _setting("flows", "a folder", "where the flow files are", option="--flows", min_length=1)
    host: _Host = _setting("127.0.0.1", "a host or address", "address to listen on", option="--host")
    port: int = _setting(
        8080, "0 to 65535", "port to listen on; 0 is any free one", option="--port", ge=0, le=65535
    )
    db: _Database = _setting(
        "sqlite+aiosqlite:///calls.db", _DATABASES, "database of the calls", option="--db", repr=False
    )
    public_url: Annotated[str, AfterValidator(_public_url)] = _setting(
        _derived_url,
        "https://HOST, with port and path if need be",
        "address at which carriers reach this server",
        option="--public-url",
        shown="http://HOST:PORT",
    )
    callr_login: _Login = _setting("", "ASCII text without colon", "login that CALLR sends (HTTP Basic)")
    callr_password: _Password | None = _setting(None, "ASCII text", "password that CALLR sends (HTTP Basic)")
    callr_voices: Annotated[dict[_Language, _Voice], NoDecode, _split(_pairs)] = _setting(
        {}, "LANGUAGE=VOICE,… like el-GR=TTS_X", "CALLR's voice for a language, where not its default"
    )
    callr_wait_parameter: Literal["seconds", "wait"] = _setting(
        "seconds", "seconds or wait", "name of the duration in CALLR's wait command; its sources differ"
    )
    callr_conference_id: Literal["number", "text"] = _setting(
        "number", "number or text", "how CALLR takes the id of a conference room"
    )
    routee_secret: _Key | None = _setting(
        None, "at least 16 characters, no space", "`secret` in the query of Routee's posts"
    )
    routee_after_dial: Literal["speak", "silent"] = _setting(
        "speak", "speak or silent", "whether the verbs behind a DIAL are put into Routee's plan"
    )
    routee_collects: Literal["many", "one"] = _setting("many", "many or one", "COLLECT verbs in one Routee plan")
    routee_tones: Literal["since_last", "whole_call"] = _setting(
        "since_last", "since_last or whole_call", "which keys Routee's collectedTones holds"
    )
    api_keys: Annotated[tuple[_Key, ...], NoDecode, _split(_items)] = _setting(
        (), "KEY,… of at least 16 characters each, no space", "keys of the API and the console"
    )
    fetch_allow: Annotated[tuple[str, ...], NoDecode, _split(_items), AfterValidator(_listed)] = _setting(
        (), "HOST, HOST:PORT or NETWORK/BITS,…", "places flows may reach besides public https ones"
    )
    notify_secret: _WebhookSecret | None = _setting(
        None, "whsec_ and 24 to 64 bytes in base64", "signs what `notify` sends (Standard Webhooks)"
    )
    log_format: Literal["json", "text"] = _setting("json", "json or text", "how log lines look")
    callr_deadline: float = _seconds(4.0, 0.5, 4.8, "longest time to answer CALLR, which waits 5 s")
    routee_deadline: float = _seconds(2.2, 0.5, 2.8, "longest time to answer Routee, which waits 3 s")
    status_deadline: float = _seconds(1.0, 0.2, 1.8, "longest time to answer a status post")
    max_call_hours: int = _setting(4, "1 to 24", "hours after which a call without hang-up is lost", ge=1, le=24)
    secrets: dict[str, SecretStr] = Field(default={}, description="secret.NAME, from VOICEAPP_SECRET_NAME")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """What no setting shows alone: half-set credentials, and an open address without any."""
        if bool(self.callr_login) != bool(self.callr_password):
            there, missing = ("LOGIN", "PASSWORD") if self.callr_login else ("PASSWORD", "LOGIN")
            raise ValueError(
                f"{PREFIX}CALLR_{missing}: missing; expected with {PREFIX}CALLR_{there}, both or none"
            )
        unset = [PREFIX + name.upper() for name in _CREDENTIALS if not getattr(self, name)]
        if unset and not is_loopback(self.host):
            names = ", ".join(unset)
            raise ValueError(f"{PREFIX}HOST: open to other machines without {names}; expected a loopback address")
        return self

    def revealed_secrets(self) -> dict[str, str]:
        """NAME -> value in clear text, as `call.fill_secrets` takes it."""
        return {name: value.get_secret_value() for name, value in self.secrets.items()}


_FIELDS = {name: field for name, field in Settings.model_fields.items() if name != "secrets"}
_VARIABLES = {PREFIX + name.upper(): name for name in _FIELDS}


class Row(NamedTuple):
    """One line of the table of settings; `option` is `""` where the command line has none."""

    option: str
    variable: str
    type: str
    default: str
    help: str


def rows() -> Iterator[Row]:
    """Every setting in the order of the class, for the command line and the documentation."""
    for variable, name in _VARIABLES.items():
        field, extra = _FIELDS[name], _extra(name)
        default = extra["shown"] or ("" if field.default in (None, (), {}) else str(field.default))
        yield Row(extra["option"], variable, extra["expects"], default, field.description or "")


def load(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the environment; `overrides` (field name -> value, None: not given) go before it.

    Raises OperatorError with one line per wrong setting; it never quotes a value."""
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    wrong = [line for variable, value in os.environ.items() if (line := _refused(variable, value))]
    names = {variable: variable.removeprefix(SECRET_PREFIX) for variable in os.environ}
    secrets = {name: os.environ[variable] for variable, name in names.items() if name != variable}
    try:
        settings = Settings(**given, secrets=secrets)
    except ValidationError as invalid:
        lines: dict[tuple[int | str, ...], str] = {}
        for error in invalid.errors():
            if error["type"] != "default_factory_not_called":
                lines.setdefault(error["loc"][:1], _line(error, given))
        wrong += lines.values()
    if wrong:
        raise OperatorError("\n".join(wrong))
    return settings


def _refused(variable: str, value: str) -> str:
    """What is wrong with a variable that is none of the settings; `""` for nothing."""
    if variable.startswith(SECRET_PREFIX):
        right = value and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", variable.removeprefix(SECRET_PREFIX))
        return "" if right else f"{variable}: no name or no value; expected {SECRET_PREFIX}NAME=VALUE"
    known = variable.upper() in _VARIABLES or variable.startswith(TEST_PREFIX)
    if known or not variable.upper().startswith(PREFIX):
        return ""
    nearest = difflib.get_close_matches(variable.upper(), _VARIABLES, n=1, cutoff=0)[0]
    return f"{variable}: unknown setting; expected a known one, the nearest is {nearest}"


def _line(error: ErrorDetails, given: Mapping[str, object]) -> str:
    what = _WRONG.get(error["type"], "not valid")
    if error["type"] == "value_error":
        what = str(error["ctx"]["error"])
    if not error["loc"]:
        return what
    name = str(error["loc"][0])
    if name not in _FIELDS:
        return f"{name}: unknown setting; expected one of {', '.join(_FIELDS)}"
    option = _extra(name)["option"] if name in given else ""
    return f"{option or PREFIX + name.upper()}: {what}; expected {_extra(name)['expects']}"


def _extra(name: str) -> dict[str, str]:
    extra = _FIELDS[name].json_schema_extra
    return {key: str(value) for key, value in extra.items()} if isinstance(extra, dict) else {}

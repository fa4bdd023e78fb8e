"""Every VOICEAPP_* variable: its type, its default, one line of help. The only reader of the environment.

A wrong setting stops the start with one line: the variable, what is wrong, what is expected. The value itself
is never quoted, because the commonest mistake is a secret in the wrong variable.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.config import JsonDict
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from voiceapp.egress.allow import is_loopback
from voiceapp.errors import OperatorError
from voiceapp.setting_types import (
    Database,
    Host,
    Key,
    Language,
    Login,
    Password,
    Voice,
    WebhookSecret,
    api_address,
    derived_url,
    items,
    listed,
    pairs,
    prefixes,
    public_address,
    regions,
    sip_hosts,
    split,
    text,
)

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


def _rate(default: float, about: str) -> Any:
    return _setting(default, "0.1 to 1000", about, ge=0.1, le=1000, allow_inf_nan=False)


def _cap(default: int, about: str) -> Any:
    return _setting(default, "0 to 1000000; 0 is no limit", f"most {about}", ge=0, le=1_000_000)


class Settings(BaseSettings):
    """What the operator decided. Frozen; passwords, keys and the database do not show in its `repr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    flows: str = _setting("flows", "a folder", "where the flow files are", option="--flows", min_length=1)
    host: Host = _setting("127.0.0.1", "a host or address", "address to listen on", option="--host")
    port: int = _setting(
        8080, "0 to 65535", "port to listen on; 0 is any free one", option="--port", ge=0, le=65535
    )
    db: Database = _setting(
        "sqlite+aiosqlite:///calls.db", _DATABASES, "database of the calls", option="--db", repr=False
    )
    public_url: Annotated[str, AfterValidator(public_address)] = _setting(
        derived_url,
        "https://HOST, with port and path if need be",
        "address at which carriers reach this server",
        option="--public-url",
        shown="http://HOST:PORT",
    )
    callr_login: Login = _setting("", "ASCII text without colon", "login that CALLR sends (HTTP Basic)")
    callr_password: Password | None = _setting(None, "ASCII text", "password that CALLR sends (HTTP Basic)")
    callr_voices: Annotated[dict[Language, Voice], NoDecode, split(pairs)] = _setting(
        {}, "LANGUAGE=VOICE,… like el-GR=TTS_X", "CALLR's voice for a language, where not its default"
    )
    callr_wait_parameter: Literal["seconds", "wait"] = _setting(
        "seconds", "seconds or wait", "name of the duration in CALLR's wait command; its sources differ"
    )
    callr_conference_id: Literal["number", "text"] = _setting(
        "number", "number or text", "how CALLR takes the id of a conference room"
    )
    routee_secret: Key | None = _setting(
        None, "at least 16 characters, no space", "`secret` in the query of Routee's posts"
    )
    routee_after_dial: Literal["speak", "silent"] = _setting(
        "speak", "speak or silent", "whether the verbs behind a DIAL are put into Routee's plan"
    )
    routee_collects: Literal["many", "one"] = _setting("many", "many or one", "COLLECT verbs in one Routee plan")
    routee_tones: Literal["since_last", "whole_call"] = _setting(
        "since_last", "since_last or whole_call", "which keys Routee's collectedTones holds"
    )
    api_keys: Annotated[tuple[Key, ...], NoDecode, split(items)] = _setting(
        (), "KEY,… of at least 16 characters each, no space", "keys of the API and the console"
    )
    fetch_allow: Annotated[tuple[str, ...], NoDecode, split(items), AfterValidator(listed)] = _setting(
        (), "HOST, HOST:PORT or NETWORK/BITS,…", "places flows may reach besides public https ones"
    )
    notify_secret: WebhookSecret | None = _setting(
        None, "whsec_ and 24 to 64 bytes in base64", "signs what `notify` sends (Standard Webhooks)"
    )
    callr_api_url: Annotated[str, AfterValidator(api_address)] = _setting(
        "https://api.callr.com/json-rpc/v1.1/", "https://HOST/PATH", "where CALLR's API is"
    )
    callr_api_login: Login = _setting("", "ASCII text without colon", "login of CALLR's API")
    callr_api_password: Password | None = _setting(None, "ASCII text", "password of CALLR's API")
    callr_api_key: Key | None = _setting(None, "a token of CALLR's", "API key of CALLR's API, in place of a login")
    callr_app: Annotated[str, text(r"[0-9A-Za-z]*", "not the hash of an app")] = _setting(
        "",
        "an app's hash",
        "REALTIME10 app that calls are placed with; else the one that points here is looked for",
    )
    callr_api_rate: float = _rate(5.0, "requests a second to CALLR's API")
    callr_webhook_secrets: Annotated[tuple[Key, ...], NoDecode, split(items)] = _setting(
        (), "SECRET,…, two of them while one replaces the other", "sign CALLR's webhooks"
    )
    callr_webhook_algorithm: Literal["MD5", "SHA1", "SHA256", "SHA512"] = _setting(
        "SHA256", "MD5, SHA1, SHA256 or SHA512", "how CALLR signs its webhooks"
    )
    routee_api_url: Annotated[str, AfterValidator(api_address)] = _setting(
        "https://connect.routee.net", "https://HOST", "where Routee's API is"
    )
    routee_auth_url: Annotated[str, AfterValidator(api_address)] = _setting(
        "https://auth.routee.net", "https://HOST", "where Routee gives out tokens"
    )
    routee_app_id: Login = _setting("", "ASCII text without colon", "application id of Routee's API")
    routee_app_secret: Password | None = _setting(None, "ASCII text", "application secret of Routee's API")
    routee_sender: Annotated[str, text(r"\+?[0-9A-Za-z]{3,16}|", "not a number or name")] = _setting(
        "", "a number or a name", "who calls on Routee, where a call does not say it"
    )
    routee_call_rate: float = _rate(1.0, "calls a second that Routee is asked for; it takes one")
    dial_regions: Annotated[tuple[str, ...], NoDecode, split(items), AfterValidator(regions)] = _setting(
        (), "COUNTRY,… such as FR,GB", "countries whose numbers may be dialled"
    )
    dial_sip_hosts: Annotated[tuple[str, ...], NoDecode, split(items), AfterValidator(sip_hosts)] = _setting(
        (), "HOST,…", "hosts of sip: addresses that may be dialled"
    )
    dial_denied: Annotated[tuple[str, ...], NoDecode, split(items), AfterValidator(prefixes)] = _setting(
        (), "PREFIX,… such as +3389", "beginnings of numbers that may not be dialled"
    )
    dial_per_call: int = _cap(10, "numbers dialled by one call")
    dial_per_caller: int = _cap(30, "numbers dialled for one caller in an hour")
    dial_per_destination: int = _cap(50, "times a number is dialled in a day, unless a flow's author wrote it out")
    dial_per_day: int = _cap(5000, "numbers dialled in a day")
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
        for name, other in (("callr_api_login", "callr_api_password"), ("routee_app_id", "routee_app_secret")):
            if bool(getattr(self, name)) != bool(getattr(self, other)):
                there, missing = (name, other) if getattr(self, name) else (other, name)
                names = f"{PREFIX}{missing.upper()}: missing; expected with {PREFIX}{there.upper()}"
                raise ValueError(f"{names}, both or none")
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

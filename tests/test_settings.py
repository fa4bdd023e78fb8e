"""Every way to configure the server wrongly, and the one line that says so; and the right ways."""

import base64
import os

import pytest
from pydantic import SecretStr, ValidationError

from voiceapp.errors import OperatorError
from voiceapp.settings import Settings, load, rows

SECRET = "canary-canary-canary"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"c" * 32).decode()
CREDENTIALS = {
    "CALLR_LOGIN": "callr",
    "CALLR_PASSWORD": SECRET,
    "ROUTEE_SECRET": SECRET,
    "API_KEYS": f"{SECRET},{SECRET}2",
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("VOICEAPP_"):
            monkeypatch.delenv(name)


def without(*names: str) -> dict[str, str]:
    return {"HOST": "0.0." + "0.0"} | {name: value for name, value in CREDENTIALS.items() if name not in names}


# variables (without prefix), the setting that is named, what is said of it
BROKEN: list[tuple[dict[str, str], str, str]] = [
    ({"PORT": "canary"}, "PORT", "not a whole number"),
    ({"PORT": "80.5"}, "PORT", "not a whole number"),
    ({"PORT": "-1"}, "PORT", "too small"),
    ({"PORT": "65536"}, "PORT", "too large"),
    ({"HOST": "can ary"}, "HOST", "not a host"),
    ({"HOST": "127.1"}, "HOST", "not a host"),
    ({"HOST": "300.1.1.1"}, "HOST", "not a host"),
    ({"HOST": "http://canary"}, "HOST", "not a host"),
    ({"HOST": "127.0.0.1:80"}, "HOST", "not a host"),
    ({"DB": "canary"}, "DB", "not a database URL"),
    ({"DB": "mysql://root:canary@host/db"}, "DB", "not a database URL"),
    ({"DB": "sqlite:///canary.db"}, "DB", "not a database URL"),
    ({"PUBLIC_URL": "canary.example"}, "PUBLIC_URL", "not an http or https URL"),
    ({"PUBLIC_URL": "ftp://canary.example"}, "PUBLIC_URL", "not an http or https URL"),
    ({"PUBLIC_URL": "https://"}, "PUBLIC_URL", "not"),
    ({"PUBLIC_URL": "https://a:canary@b.example"}, "PUBLIC_URL", "has more than"),
    ({"PUBLIC_URL": "https://a.example/?canary=1"}, "PUBLIC_URL", "has more than"),
    ({"PUBLIC_URL": "https://a.example:canary"}, "PUBLIC_URL", "not a URL"),
    ({"CALLR_LOGIN": "canary"}, "CALLR_PASSWORD", "missing"),
    ({"CALLR_PASSWORD": SECRET}, "CALLR_LOGIN", "missing"),
    ({"CALLR_LOGIN": "can:ary", "CALLR_PASSWORD": SECRET}, "CALLR_LOGIN", "has a colon"),
    ({"CALLR_LOGIN": "canary", "CALLR_PASSWORD": "canäry"}, "CALLR_PASSWORD", "outside ASCII"),
    ({"CALLR_VOICES": "canary"}, "CALLR_VOICES", "not a language tag"),
    ({"CALLR_VOICES": "Greek=TTS_X"}, "CALLR_VOICES", "not a language tag"),
    ({"CALLR_VOICES": "el-GR="}, "CALLR_VOICES", "not a voice name"),
    ({"CALLR_VOICES": "el-GR=a canary"}, "CALLR_VOICES", "not a voice name"),
    ({"CALLR_VOICES": "el-GR=A,el-GR=B"}, "CALLR_VOICES", "given twice"),
    ({"CALLR_WAIT_PARAMETER": "canary"}, "CALLR_WAIT_PARAMETER", "unknown choice"),
    ({"CALLR_CONFERENCE_ID": "canary"}, "CALLR_CONFERENCE_ID", "unknown choice"),
    ({"ROUTEE_SECRET": "canary"}, "ROUTEE_SECRET", "shorter than 16 characters"),
    ({"ROUTEE_SECRET": "canary canary canary"}, "ROUTEE_SECRET", "has a space"),
    ({"ROUTEE_AFTER_DIAL": "canary"}, "ROUTEE_AFTER_DIAL", "unknown choice"),
    ({"ROUTEE_COLLECTS": "2"}, "ROUTEE_COLLECTS", "unknown choice"),
    ({"ROUTEE_TONES": "canary"}, "ROUTEE_TONES", "unknown choice"),
    ({"API_KEYS": "canary"}, "API_KEYS", "shorter than 16 characters"),
    ({"API_KEYS": f"{SECRET},canary"}, "API_KEYS", "shorter than 16 characters"),
    ({"FETCH_ALLOW": "https://canary"}, "FETCH_ALLOW", "entry 1 is no host"),
    ({"FETCH_ALLOW": "crm.local,10.0.0.0/33"}, "FETCH_ALLOW", "entry 2 is no host"),
    ({"FETCH_ALLOW": "10.0.0.1/8"}, "FETCH_ALLOW", "entry 1 is no host"),
    ({"FETCH_ALLOW": "canary:0"}, "FETCH_ALLOW", "entry 1 is no host"),
    ({"NOTIFY_SECRET": "canary"}, "NOTIFY_SECRET", "not a Standard Webhooks secret"),
    ({"NOTIFY_SECRET": "whsec_canary!"}, "NOTIFY_SECRET", "not a Standard Webhooks secret"),
    ({"NOTIFY_SECRET": "whsec_" + "Y2FuYXJ5"}, "NOTIFY_SECRET", "not a Standard Webhooks secret"),
    ({"NOTIFY_SECRET": "whsec_canäry"}, "NOTIFY_SECRET", "not a Standard Webhooks secret"),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT", "unknown choice"),
    ({"CALLR_DEADLINE": "canary"}, "CALLR_DEADLINE", "not a number"),
    ({"CALLR_DEADLINE": "5"}, "CALLR_DEADLINE", "too large"),
    ({"CALLR_DEADLINE": "nan"}, "CALLR_DEADLINE", "not a number"),
    ({"ROUTEE_DEADLINE": "3"}, "ROUTEE_DEADLINE", "too large"),
    ({"ROUTEE_DEADLINE": "0"}, "ROUTEE_DEADLINE", "too small"),
    ({"STATUS_DEADLINE": "inf"}, "STATUS_DEADLINE", "not a number"),
    ({"MAX_CALL_HOURS": "0"}, "MAX_CALL_HOURS", "too small"),
    ({"CALLR_API_URL": "http://canary.example/"}, "CALLR_API_URL", "not https"),
    ({"CALLR_API_URL": "canary"}, "CALLR_API_URL", "not an http or https URL"),
    ({"CALLR_API_LOGIN": "a:canary"}, "CALLR_API_LOGIN", "has a colon"),
    ({"CALLR_API_LOGIN": "canary"}, "CALLR_API_PASSWORD", "missing; expected with VOICEAPP_CALLR_API_LOGIN"),
    ({"CALLR_API_KEY": "canary"}, "CALLR_API_KEY", "shorter than 16 characters"),
    ({"CALLR_APP": "canary!"}, "CALLR_APP", "not the hash of an app"),
    ({"CALLR_API_RATE": "0"}, "CALLR_API_RATE", "too small"),
    ({"CALLR_WEBHOOK_SECRETS": "canary"}, "CALLR_WEBHOOK_SECRETS", "shorter than 16 characters"),
    ({"CALLR_WEBHOOK_ALGORITHM": "canary"}, "CALLR_WEBHOOK_ALGORITHM", "unknown choice"),
    ({"ROUTEE_API_URL": "http://10.0.0.1"}, "ROUTEE_API_URL", "not https"),
    ({"ROUTEE_AUTH_URL": "canary"}, "ROUTEE_AUTH_URL", "not an http or https URL"),
    ({"ROUTEE_APP_SECRET": "canary"}, "ROUTEE_APP_ID", "missing; expected with VOICEAPP_ROUTEE_APP_SECRET"),
    ({"ROUTEE_APP_SECRET": "canäry"}, "ROUTEE_APP_SECRET", "has a letter outside ASCII"),
    ({"CALLR_API_PASSWORD": "canäry"}, "CALLR_API_PASSWORD", "has a letter outside ASCII"),
    ({"ROUTEE_APP_ID": "canary canary"}, "ROUTEE_APP_ID", "a space"),
    ({"ROUTEE_SENDER": "c!"}, "ROUTEE_SENDER", "not a number or name"),
    ({"ROUTEE_CALL_RATE": "nan"}, "ROUTEE_CALL_RATE", "not a number"),
    ({"DIAL_REGIONS": "FR,canary"}, "DIAL_REGIONS", "has an entry that is none"),
    ({"DIAL_SIP_HOSTS": "canary!"}, "DIAL_SIP_HOSTS", "has an entry that is none"),
    ({"DIAL_DENIED": "0033"}, "DIAL_DENIED", "has an entry that is none"),
    ({"DIAL_PER_CALL": "-1"}, "DIAL_PER_CALL", "too small"),
    ({"DIAL_PER_CALLER": "canary"}, "DIAL_PER_CALLER", "not a whole number"),
    ({"DIAL_PER_DESTINATION": "1000001"}, "DIAL_PER_DESTINATION", "too large"),
    ({"DIAL_PER_DAY": "1.5"}, "DIAL_PER_DAY", "not a whole number"),
    ({"MAX_CALL_HOURS": "48"}, "MAX_CALL_HOURS", "too large"),
    ({"PROT": "canary"}, "PROT", "unknown setting; expected a known one, the nearest is VOICEAPP_PORT"),
    ({"ROUTE_SECRET": SECRET}, "ROUTE_SECRET", "the nearest is VOICEAPP_ROUTEE_SECRET"),
    ({"API_KEY": SECRET}, "API_KEY", "the nearest is VOICEAPP_API_KEYS"),
    ({"SECRETS": "{}"}, "SECRETS", "unknown setting"),
    ({"SECRET_": "canary"}, "SECRET_", "no name or no value"),
    ({"SECRET_A-B": "canary"}, "SECRET_A-B", "no name or no value"),
    ({"SECRET_CRM": ""}, "SECRET_CRM", "no name or no value"),
    (
        without(*CREDENTIALS),
        "HOST",
        "CALLR_LOGIN, VOICEAPP_CALLR_PASSWORD, VOICEAPP_ROUTEE_SECRET, VOICEAPP_API_KEYS",
    ),
    (without("ROUTEE_SECRET"), "HOST", "without VOICEAPP_ROUTEE_SECRET;"),
    (without("API_KEYS"), "HOST", "without VOICEAPP_API_KEYS;"),
    (
        without("CALLR_LOGIN", "CALLR_PASSWORD"),
        "HOST",
        "without VOICEAPP_CALLR_LOGIN, VOICEAPP_CALLR_PASSWORD;",
    ),
    ({"HOST": "::"}, "HOST", "open to other machines"),
    ({"HOST": "192.168.1.5"}, "HOST", "open to other machines"),
    ({"HOST": "myhost.example"}, "HOST", "open to other machines"),
    ({"HOST": "::ffff:10.0.0.1"}, "HOST", "open to other machines"),
]


@pytest.mark.parametrize(("variables", "name", "reason"), BROKEN)
def test_a_broken_setting_is_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], name: str, reason: str
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv("VOICEAPP_" + variable, value)
    with pytest.raises(OperatorError) as refused:
        load()
    line = str(refused.value)
    assert "\n" not in line
    assert line.startswith(f"VOICEAPP_{name}: ")
    assert reason in line
    assert "; expected " in line
    assert "can" not in line
    assert refused.value.__cause__ is None


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("PORT", "HOSTT", "DB", "LOG_FORMAT", "SECRET_"):
        monkeypatch.setenv("VOICEAPP_" + variable, "!")
    with pytest.raises(OperatorError) as refused:
        load({"flows": ""})
    names = {line.partition(":")[0] for line in str(refused.value).splitlines()}
    expected = {"VOICEAPP_PORT", "VOICEAPP_HOSTT", "VOICEAPP_DB", "VOICEAPP_LOG_FORMAT", "VOICEAPP_SECRET_"}
    assert names == expected | {"--flows"}


def test_every_setting_has_a_broken_case() -> None:
    free = {"VOICEAPP_FLOWS"}
    assert {row.variable for row in rows()} - free <= {f"VOICEAPP_{name}" for _, name, _ in BROKEN}


def test_without_anything_it_serves_this_machine_only() -> None:
    settings = load()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert settings.secrets == {}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_loopback_needs_no_credentials(host: str) -> None:
    assert load({"host": host}).host == host


def test_with_credentials_it_may_listen_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in without().items():
        monkeypatch.setenv("VOICEAPP_" + variable, value)
    monkeypatch.setenv("VOICEAPP_DB", "postgresql+psycopg://voiceapp:canary@db/calls")
    assert load().host == "0.0." + "0.0"
    assert "canary" not in repr(load()) + str(load())


def test_values_are_read_into_their_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEAPP_CALLR_VOICES", "el-GR=TTS_X, en-GB=TTS-Y,")
    monkeypatch.setenv("VOICEAPP_API_KEYS", f" {SECRET} , {SECRET}2 ")
    monkeypatch.setenv("VOICEAPP_FETCH_ALLOW", "crm.local, 10.0.0.0/8")
    monkeypatch.setenv("VOICEAPP_NOTIFY_SECRET", WEBHOOK_SECRET)
    monkeypatch.setenv("VOICEAPP_PUBLIC_URL", "https://calls.example/voice/")
    monkeypatch.setenv("VOICEAPP_SECRET_CRM", "a,b=c ")
    monkeypatch.setenv("VOICEAPP_TEST_ANYTHING", "1")
    monkeypatch.setenv("VOICEAPP_LOG_FORMAT", "")
    settings = load({"port": 0, "db": None})
    assert settings.callr_voices == {"el-GR": "TTS_X", "en-GB": "TTS-Y"}
    assert [key.get_secret_value() for key in settings.api_keys] == [SECRET, SECRET + "2"]
    assert settings.fetch_allow == ("crm.local", "10.0.0.0/8")
    assert settings.notify_secret == SecretStr(WEBHOOK_SECRET)
    assert settings.public_url == "https://calls.example/voice"
    assert settings.revealed_secrets() == {"CRM": "a,b=c "}
    assert (settings.port, settings.log_format) == (0, "json")


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEAPP_PORT", "1")
    assert load({"port": "2", "host": "::1"}).public_url == "http://[::1]:2"
    with pytest.raises(OperatorError, match=r"^--port: too large; expected 0 to 65535$"):
        load({"port": 70000})
    with pytest.raises(OperatorError, match=r"^prot: unknown setting"):
        load({"prot": 70000})


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings.__setattr__(load(), "port", 1)


def test_rows_describe_every_setting() -> None:
    table = list(rows())
    assert [row.variable for row in table] == [f"VOICEAPP_{name.upper()}" for name in Settings.model_fields][:-1]
    assert all(row.type and row.help for row in table)
    assert {row.option for row in table} == {"", "--flows", "--host", "--port", "--db", "--public-url"}
    defaults = {row.variable: row.default for row in table}
    assert defaults["VOICEAPP_PUBLIC_URL"] == "http://HOST:PORT"
    assert defaults["VOICEAPP_API_KEYS"] == ""

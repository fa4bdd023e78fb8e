"""`voiceapp doctor`: what it says of each setting, and that it tells no secret."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from tests.faults.program import free_port
from tests.servers import write_flows
from tests.terminal.conftest import Run
from voiceapp.carriers.platform import Credit, Platform
from voiceapp.errors import PlatformError
from voiceapp.settings import Settings, load
from voiceapp.terminal import doctor
from voiceapp.terminal.doctor import Finding, examined
from voiceapp.web.platforms import Accounts

URL = "https://calls.example.com"
DIALS = 'flow: dials\nlanguages: [en-GB]\nsteps:\n  desk: {dial: "+33123456701"}\n'
BACK = "flow: back\nlanguages: [en-GB]\nsteps:\n  b: {call_back: '+447400123456', after: 60, flow: back}\n"
ALL_SET = {
    "public_url": URL,
    "callr_login": "login-of-the-hook",
    "callr_password": "password-of-the-hook",
    "routee_secret": "secret-of-the-hooks",
    "api_keys": "the-key-of-the-api",
    "callr_webhook_secrets": "one-of-the-webhooks,another-of-the-webhooks",
    "notify_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
CALLR = {"callr_api_login": "l", "callr_api_password": "p"}
ROUTEE = {"routee_app_id": "a", "routee_app_secret": "s"}


@pytest.fixture
def tried(tmp_path: Path, flows: Path) -> dict[str, str]:
    """What every try here has in common."""
    return {"flows": str(flows), "db": f"sqlite+aiosqlite:///{tmp_path / 'calls.db'}"}


async def test_all_is_well(run: Run, tried: dict[str, str], emulated: dict[str, str]) -> None:
    settings = {**tried, **emulated, **ALL_SET}
    ran = await run("doctor", **settings)
    assert (ran.code, ran.err) == (0, [])
    assert {line[:8].strip() for line in ran.out} == {"ok"}
    said = {line[9:25].strip(): line[26:] for line in ran.out}
    assert said["CALLR account"] == "takes the credentials; credit 100.00"
    assert said["Routee account"] == "takes the credentials; credit 100.00 EUR"
    assert said["flows"] == f"1 in {tried['flows']}"
    assert said["CALLR webhooks"] == "signed with SHA256 and one of 2 secrets"


async def test_what_is_wrong_makes_exit_1_and_secrets_stay_secret(
    run: Run, tried: dict[str, str], emulated: dict[str, str]
) -> None:
    wrong = {"callr_api_password": "hush-hush-callr", "routee_app_secret": "hush-hush-routee"}
    ran = await run("doctor", **{**tried, **emulated, **ALL_SET, **wrong})
    assert (ran.code, ran.err) == (1, [])
    lines = [line for line in ran.out if line.startswith("wrong")]
    assert [line[:35].split()[1:3] for line in lines] == [["CALLR", "account"], ["Routee", "account"]]
    assert all("refuses the credentials" in line for line in lines)
    shown = "\n".join(ran.out)
    secrets = [
        *wrong.values(),
        *(ALL_SET[name] for name in ALL_SET if name not in ("public_url", "callr_webhook_secrets")),
    ]
    assert [
        secret for secret in [*secrets, "one-of-the-webhooks", "another-of-the-webhooks"] if secret in shown
    ] == []


async def test_nothing_is_set(run: Run, tried: dict[str, str]) -> None:
    ran = await run("doctor", **tried)
    assert ran.code == 0
    assert {line[9:25].strip() for line in ran.out if line.startswith("ok")} == {"database", "flows"}
    assert [line for line in ran.out if line.startswith("wrong")] == []


async def test_options_go_before_variables(run: Run, tried: dict[str, str], tmp_path: Path) -> None:
    ran = await run(
        "doctor", "--flows", tmp_path / "none", "--public-url", URL, "--db", tried["db"], flows=tried["flows"]
    )
    assert ran.code == 1
    assert f"flows: there is no folder {tmp_path / 'none'}; look at VOICEAPP_FLOWS or --flows" in ran.out[1]
    assert ran.out[2].split() == ["ok", "public", "URL", URL]


async def test_a_setting_that_cannot_be_read_is_one_line_and_exit_2(run: Run) -> None:
    assert await run("doctor", dial_regions="XX") == (
        2,
        [],
        ["VOICEAPP_DIAL_REGIONS: has an entry that is none; expected COUNTRY,… such as FR,GB"],
    )


class Asked:
    """An account whose credit is asked for."""

    def __init__(self, credit: Credit | PlatformError | None) -> None:
        self._credit = credit

    async def credit(self) -> Credit:
        match self._credit:
            case Credit() as credit:
                return credit
            case None:
                await asyncio.Event().wait()
                raise AssertionError("nobody sets it")
            case error:
                raise error


ACCOUNTS: dict[str, tuple[Credit | PlatformError | None, str, str]] = {
    "credit": (Credit(12.5, "USD"), "ok", "takes the credentials; credit 12.50 USD"),
    "a credit that is not told": (Credit(None), "ok", "takes the credentials; the credit is not told"),
    "no credit": (Credit(0.0, "EUR"), "wrong", "credit 0.00 EUR: no call is placed; top it up at CALLR"),
    "debts": (Credit(-1.0), "wrong", "credit -1.00: no call is placed; top it up at CALLR"),
    "too slow": (None, "wrong", "CALLR did not answer within 0.05 s; try again later"),
    "unreachable": (
        PlatformError("connection failed"),
        "wrong",
        "CALLR cannot be asked: connection failed; look at VOICEAPP_CALLR_API_URL, and at the network",
    ),
    "credentials": (
        PlatformError("Unauthorized", code="401", status=401),
        "wrong",
        "CALLR refuses the credentials (401: Unauthorized); look at VOICEAPP_CALLR_API_LOGIN and "
        "VOICEAPP_CALLR_API_PASSWORD, or VOICEAPP_CALLR_API_KEY",
    ),
    "something else": (PlatformError("Oops", code="151", status=200), "wrong", "CALLR refuses: 151: Oops"),
}


def database_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every database opens at once, where another thing is looked at."""

    @asynccontextmanager
    async def opened(_: str) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(doctor, "opened", opened)


def account_with(monkeypatch: pytest.MonkeyPatch, credit: Credit | PlatformError | None) -> None:
    """Let the account at CALLR be this one."""

    @asynccontextmanager
    async def accounts(_: Settings) -> AsyncIterator[Accounts]:
        yield Accounts(platforms={"callr": cast("Platform", Asked(credit))})

    monkeypatch.setattr(doctor, "open_accounts", accounts)


@pytest.mark.parametrize(("credit", "verdict", "note"), ACCOUNTS.values(), ids=ACCOUNTS)
async def test_an_account(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tried: dict[str, str],
    credit: Credit | PlatformError | None,
    verdict: str,
    note: str,
) -> None:
    account_with(monkeypatch, credit)
    database_opens(monkeypatch)
    async with asyncio.timeout(4):
        found = await examined(load({**tried, **CALLR}), patience=0.05)
    assert [tuple(each[1:]) for each in found if each.subject == "CALLR account"] == [(verdict, note)]


async def test_an_api_where_nobody_listens(run: Run, tried: dict[str, str], emulated: dict[str, str]) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    ran = await run("doctor", **{**tried, **emulated, "routee_auth_url": gone})
    assert ran.code == 1
    (line,) = [line for line in ran.out if line.startswith("wrong")]
    assert "Routee account" in line
    assert "look at VOICEAPP_ROUTEE_API_URL and VOICEAPP_ROUTEE_AUTH_URL" in line


SETTINGS: dict[str, tuple[Mapping[str, Any], str, str, str]] = {
    "this machine": ({}, "public URL", "not set", "no carrier reaches; set VOICEAPP_PUBLIC_URL to an https://"),
    "this machine and a real carrier": (CALLR, "public URL", "wrong", "at which CALLR get here"),
    "http": ({"public_url": "http://calls.example.com"}, "public URL", "ok", "is not https"),
    "http and real carriers": (
        {**CALLR, **ROUTEE, "public_url": "http://calls.example.com"},
        "public URL",
        "wrong",
        "at which CALLR and Routee get here",
    ),
    "https": ({**CALLR, "public_url": URL}, "public URL", "ok", URL),
    "a private network": (
        {**CALLR, "public_url": "https://10.1.2.3"},
        "public URL",
        "wrong",
        "an address of a private network",
    ),
    "an emulated carrier": (
        {**CALLR, "callr_api_url": "http://127.0.0.1:8090"},
        "public URL",
        "not set",
        "no carrier reaches",
    ),
    "no hooks' credentials here": ({}, "CALLR hooks", "not set", "everybody on this machine is let in"),
    "none in the world": (
        {"public_url": URL},
        "Routee hooks",
        "wrong",
        f"whoever knows {URL} is let in; set VOICEAPP_R",
    ),
    "only the other's": ({"routee_secret": "r" * 16}, "CALLR hooks", "not set", "everybody is turned away here"),
    "only the other's, with an account": (
        {"routee_secret": "r" * 16, **CALLR},
        "CALLR hooks",
        "wrong",
        "set VOICEAPP_CALLR_LOGIN and VOICEAPP_CALLR_PASSWORD",
    ),
    "no keys of the API": ({"routee_secret": "r" * 16}, "API keys", "not set", "everybody is turned away here"),
    "no sender": (ROUTEE, "Routee sender", "not set", "each call by Routee has to say --from"),
    "no sender, no account": ({}, "Routee sender", "not set", "only calls out by Routee need it"),
    "another algorithm": (
        {"callr_webhook_secrets": "w" * 16, "callr_webhook_algorithm": "MD5"},
        "CALLR webhooks",
        "ok",
        "signed with MD5 and one of 1 secrets",
    ),
    "no regions": ({}, "dial regions", "not set", "no telephone number may be dialled"),
    "no regions, an account": (
        CALLR,
        "dial regions",
        "wrong",
        "set VOICEAPP_DIAL_REGIONS to countries such as FR",
    ),
    "regions": ({"dial_regions": "FR, GB"}, "dial regions", "ok", "numbers of FR, GB may be dialled"),
    "a database of another kind": (
        {"db": "sqlite+aiosqlite:///:memory:"},
        "database",
        "wrong",
        "SQLite needs the path of a file",
    ),
    "a database that is nowhere": (
        {"db": "sqlite+aiosqlite:////none/x.db"},
        "database",
        "wrong",
        "unable to open database file; look at VOICEAPP_DB or --db",
    ),
}


@pytest.mark.parametrize(("settings", "subject", "verdict", "words"), SETTINGS.values(), ids=SETTINGS)
async def test_a_setting(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tried: dict[str, str],
    settings: Mapping[str, Any],
    subject: str,
    verdict: str,
    words: str,
) -> None:
    account_with(monkeypatch, Credit(1.0))
    if subject != "database":
        database_opens(monkeypatch)
    (found,) = [each for each in await examined(load({**tried, **settings})) if each.subject == subject]
    assert found.verdict == verdict
    assert words in found.note


async def test_flows_that_dial(
    run: Run, monkeypatch: pytest.MonkeyPatch, flows: Path, tried: dict[str, str]
) -> None:
    database_opens(monkeypatch)
    write_flows(flows, DIALS, BACK)

    async def found(**settings: str) -> list[Finding]:
        return [each for each in await examined(load({**tried, **settings})) if each.verdict == "wrong"]

    (regions,) = await found()
    assert regions.subject == "dial regions"
    assert await found(dial_regions="FR,GB") == []
    assert await found(dial_regions="DE") == [
        Finding(
            "number in a flow",
            "wrong",
            "back, step b: +447*******56 is a number of GB, where no number may be dialled",
        ),
        Finding(
            "number in a flow",
            "wrong",
            "dials, step desk: +331******01 is a number of FR, where no number may be dialled",
        ),
    ]


async def test_flows_with_mistakes(
    run: Run, monkeypatch: pytest.MonkeyPatch, flows: Path, tried: dict[str, str]
) -> None:
    database_opens(monkeypatch)
    write_flows(flows, "flow: broken\nlanguages: [en-GB]\nsteps:\n  one: {saay: Bye.}\n  two: {saay: Bye.}\n")
    found = (await examined(load(tried)))[1]
    assert found.verdict == "wrong"
    assert found.note.startswith("2 mistakes, the first: ")
    assert "broken.yaml:4:9: steps.one.saay: unknown verb 'saay'" in found.note

"""`voiceapp doctor`: each setting that calls depend on, and what to do about it. It tells no secret."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from yarl import URL

from voiceapp.carriers.platform import Credit, Platform
from voiceapp.egress.allow import is_loopback
from voiceapp.errors import AuthoringError, OperatorError, PlatformError
from voiceapp.flow.flow import Script
from voiceapp.flow.library import load_library
from voiceapp.settings import Settings
from voiceapp.store.database import read_url
from voiceapp.terminal.calling_out import (
    ACCOUNT_VARIABLES,
    TITLES,
    accounts,
    is_real,
    said_by,
    unreachable,
)
from voiceapp.terminal.calls import opened
from voiceapp.terminal.written_numbers import refused_numbers
from voiceapp.web.auth import Credentials
from voiceapp.web.from_settings import toll_rules
from voiceapp.web.platforms import open_accounts

PATIENCE = 10.0
"""Seconds that an account may take to answer, in all."""

Verdict = Literal["ok", "wrong", "not set"]


class Finding(NamedTuple):
    """One line: what was looked at, how it is, and what to do or what follows from it."""

    subject: str
    verdict: Verdict
    note: str

    def __str__(self) -> str:
        return f"{self.verdict:<8} {self.subject:<16} {self.note}"


async def examined(settings: Settings, *, patience: float = PATIENCE) -> list[Finding]:
    """Everything, in the order in which it is best put right. `patience`: seconds, see PATIENCE."""
    flows, scripts = _flows(settings)
    there = accounts(settings)
    return [
        await _database(settings),
        flows,
        _public_url(settings, there),
        *await _accounts(settings, patience),
        _sender(settings, there),
        *_doors(settings, there),
        _webhooks(settings),
        _notify(settings),
        _regions(settings, there, scripts),
        *_numbers(settings, scripts),
    ]


async def _database(settings: Settings) -> Finding:
    try:
        url = read_url(settings.db)
        async with opened(settings.db):
            where = f" at {url.host}" if url.host else ""
            return Finding("database", "ok", f"{url.get_backend_name()} {url.database}{where} opens")
    except OperatorError as error:
        return Finding("database", "wrong", f"{str(error).removeprefix('--db: ')}; look at VOICEAPP_DB or --db")


def _flows(settings: Settings) -> tuple[Finding, Mapping[str, Script]]:
    try:
        scripts = load_library(Path(settings.flows), settings.secrets.keys()).scripts
    except AuthoringError as error:
        mistakes = str(error).splitlines()
        note = f"{len(mistakes)} mistakes, the first: {mistakes[0]}; `voiceapp check` prints all"
        return Finding("flows", "wrong", note), {}
    except OperatorError as error:
        return Finding("flows", "wrong", f"{error}; look at VOICEAPP_FLOWS or --flows"), {}
    return Finding("flows", "ok", f"{len(scripts)} in {settings.flows}"), scripts


def _public_url(settings: Settings, there: tuple[str, ...]) -> Finding:
    reason = unreachable(settings.public_url)
    real = [TITLES[carrier] for carrier in there if is_real(settings, carrier)]
    if reason and real:
        note = f"{reason}; set VOICEAPP_PUBLIC_URL to the https:// address at which {' and '.join(real)} get here"
        return Finding("public URL", "wrong", note)
    if reason:
        set_ = not is_loopback(URL(settings.public_url).host or "")
        note = f"{reason}; set VOICEAPP_PUBLIC_URL to an https:// address before a carrier calls"
        return Finding("public URL", "ok" if set_ else "not set", note)
    return Finding("public URL", "ok", settings.public_url)


async def _accounts(settings: Settings, patience: float) -> list[Finding]:
    async with open_accounts(settings) as there:
        return list(
            await asyncio.gather(
                *(_account(carrier, there.platforms.get(carrier), patience) for carrier in TITLES)
            )
        )


async def _account(carrier: str, platform: Platform | None, patience: float) -> Finding:
    subject = f"{TITLES[carrier]} account"
    if platform is None:
        return Finding(subject, "not set", f"no calls out by {TITLES[carrier]}; set {ACCOUNT_VARIABLES[carrier]}")
    try:
        async with asyncio.timeout(patience):
            credit = await platform.credit()
    except PlatformError as error:
        return Finding(subject, "wrong", said_by(carrier, error))
    except TimeoutError:
        return Finding(
            subject, "wrong", f"{TITLES[carrier]} did not answer within {patience:g} s; try again later"
        )
    if credit.amount is not None and credit.amount <= 0:
        return Finding(subject, "wrong", f"{_credit(credit)}: no call is placed; top it up at {TITLES[carrier]}")
    return Finding(subject, "ok", f"takes the credentials; {_credit(credit)}")


def _credit(credit: Credit) -> str:
    if credit.amount is None:
        return "the credit is not told"
    return f"credit {credit.amount:.2f} {credit.currency}".rstrip()


def _sender(settings: Settings, there: tuple[str, ...]) -> Finding:
    if settings.routee_sender:
        return Finding("Routee sender", "ok", f"called parties see {settings.routee_sender}")
    needed = "each call by Routee has to say --from" if "routee" in there else "only calls out by Routee need it"
    return Finding("Routee sender", "not set", f"{needed}; VOICEAPP_ROUTEE_SENDER is the default")


def _doors(settings: Settings, there: tuple[str, ...]) -> list[Finding]:
    """Who may post to us: both carriers, and users of the API."""
    callr = "VOICEAPP_CALLR_LOGIN and VOICEAPP_CALLR_PASSWORD"
    return [
        _door(settings, "CALLR hooks", callr, is_set=bool(settings.callr_login), needed="callr" in there),
        _door(
            settings,
            "Routee hooks",
            "VOICEAPP_ROUTEE_SECRET",
            is_set=settings.routee_secret is not None,
            needed="routee" in there,
        ),
        _door(settings, "API keys", "VOICEAPP_API_KEYS", is_set=bool(settings.api_keys), needed=False),
    ]


def _door(settings: Settings, subject: str, variables: str, *, is_set: bool, needed: bool) -> Finding:
    if is_set:
        return Finding(subject, "ok", f"{variables}: others are turned away")
    if not Credentials.of(settings).none:
        note = f"everybody is turned away here, since other credentials are set; set {variables}"
        return Finding(subject, "wrong" if needed else "not set", note)
    if is_loopback(URL(settings.public_url).host or ""):
        return Finding(subject, "not set", f"everybody on this machine is let in; {variables} would change that")
    return Finding(subject, "wrong", f"whoever knows {settings.public_url} is let in; set {variables}")


def _webhooks(settings: Settings) -> Finding:
    count = len(settings.callr_webhook_secrets)
    if not count:
        note = "no signed webhooks of CALLR are taken, which tell prices and lost calls"
        return Finding(
            "CALLR webhooks", "not set", f"{note}; set VOICEAPP_CALLR_WEBHOOK_SECRETS, and connect again"
        )
    algorithm = settings.callr_webhook_algorithm
    return Finding("CALLR webhooks", "ok", f"signed with {algorithm} and one of {count} secrets")


def _notify(settings: Settings) -> Finding:
    if settings.notify_secret is None:
        return Finding(
            "notify secret", "not set", "what applications are told is unsigned; VOICEAPP_NOTIFY_SECRET"
        )
    return Finding("notify secret", "ok", "what applications are told is signed")


def _regions(settings: Settings, there: tuple[str, ...], scripts: Mapping[str, Script]) -> Finding:
    if settings.dial_regions:
        return Finding("dial regions", "ok", f"numbers of {', '.join(settings.dial_regions)} may be dialled")
    needed = bool(there) or any(script.dials for script in scripts.values())
    note = "no telephone number may be dialled; set VOICEAPP_DIAL_REGIONS to countries such as FR,GB"
    return Finding("dial regions", "wrong" if needed else "not set", note)


def _numbers(settings: Settings, scripts: Mapping[str, Script]) -> list[Finding]:
    """Numbers written out in flows, where some may be dialled and these may not."""
    if not settings.dial_regions:
        return []
    rules = toll_rules(settings)
    return [
        Finding("number in a flow", "wrong", f"{name}, step {misfit.path[0]}: {misfit.message}")
        for name, script in scripts.items()
        for misfit in refused_numbers(script.flow, rules)
    ]

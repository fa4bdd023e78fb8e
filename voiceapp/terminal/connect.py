"""`voiceapp connect` and `voiceapp numbers`: lets calls at a carrier come to a flow, and shows which do."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from voiceapp.carriers.callr.account import Account
from voiceapp.carriers.platform import Change
from voiceapp.errors import OperatorError, PlatformError
from voiceapp.flow.library import load_library
from voiceapp.flow.problems import nearest
from voiceapp.service.served_flows import misfits_of
from voiceapp.settings import Settings
from voiceapp.terminal.calling_out import ACCOUNT_VARIABLES, TITLES, accounts, is_real, said_by, unreachable
from voiceapp.tolls.rules import normalised
from voiceapp.web.from_settings import carriers_of
from voiceapp.web.platforms import open_accounts

CarrierName = Literal["callr", "routee"]
Show = Callable[[str], None]

EVENTS = (
    "call.inbound_hangup",
    "call.outbound_hangup",
    "media.recording.new",
    "media.recording.status_update",
    "sms.mo",
)
"""Of CALLR's events those that voiceapp does something with."""


class Subscribe(Change, frozen=True, kw_only=True):
    """CALLR posts events of a type to us from now on."""

    event: str


async def connect(
    settings: Settings, *, carrier: CarrierName, flow: str, number: str | None, dry_run: bool, show: Show
) -> None:
    """Makes the changes that are missing, or with `dry_run` only shows them. Raises AuthoringError for flows with
    mistakes, OperatorError for everything else that is in the way."""
    did = _number(number)
    _check_account(settings, carrier)
    _check_flow(settings, carrier, flow)
    if is_real(settings, carrier) and (reason := unreachable(settings.public_url)):
        raise OperatorError(f"VOICEAPP_PUBLIC_URL: {reason}; expected https://HOST")
    async with open_accounts(settings) as opened:
        platform = opened.platforms[carrier]
        account = opened.callr.account if opened.callr is not None and carrier == "callr" else None
        try:
            changes = await platform.changes(flow, did)
            subscriptions = () if account is None else await _subscriptions(settings, account)
            for change in (*changes, *subscriptions):
                show(change.what)
                for line in change.request:
                    show(f"    {line}")
            if not dry_run:
                await platform.make(changes)
            if account is not None and not dry_run:
                await _subscribe(settings, account, subscriptions)
        except PlatformError as error:
            unclear = "; it may have been done all the same: see with --dry-run" if error.unclear else ""
            raise OperatorError(f"{said_by(carrier, error)}{unclear}") from None
    for line in _outcome(settings, carrier, flow, did, len(changes) + len(subscriptions), dry_run=dry_run):
        show(line)


def _number(text: str | None) -> str | None:
    try:
        return None if text is None else normalised(text)
    except ValueError as error:
        raise OperatorError(f"--number: {error}") from None


def _check_account(settings: Settings, carrier: str) -> None:
    if carrier not in accounts(settings):
        raise OperatorError(f"no account at {TITLES[carrier]} is set up: set {ACCOUNT_VARIABLES[carrier]}")


def _check_flow(settings: Settings, carrier: str, flow: str) -> None:
    scripts = load_library(Path(settings.flows), settings.secrets.keys()).scripts
    if flow not in scripts:
        raise OperatorError(f"there is no flow '{flow}' in {settings.flows}{nearest(flow, scripts)}")
    wire = next(one for one in carriers_of(settings) if one.name == carrier)
    misfits = misfits_of(wire, scripts[flow])
    if misfits:
        raise OperatorError(f"{TITLES[carrier]} cannot do flow '{flow}': {misfits[0].message}")


async def _subscriptions(settings: Settings, account: Account) -> tuple[Subscribe, ...]:
    """What CALLR does not tell us yet; nothing when we could not know that it is CALLR who tells."""
    if not settings.callr_webhook_secrets:
        return ()
    endpoint = _endpoint(settings)
    told = {webhook.type for webhook in await account.webhooks() if webhook.endpoint == endpoint}
    missing = [event for event in EVENTS if event not in told]
    return tuple(_subscription(settings, event, endpoint) for event in missing)


def _subscription(settings: Settings, event: str, endpoint: str) -> Subscribe:
    signed = {"hmac_secret": "…", "hmac_algo": settings.callr_webhook_algorithm}
    params = [event, endpoint, {"format": "JSON", **signed}]
    return Subscribe(
        what=f"Let CALLR post {event} to {endpoint}, signed.",
        request=("webhooks.subscribe", msgspec.json.encode(params).decode()),
        event=event,
    )


async def _subscribe(settings: Settings, account: Account, subscriptions: Sequence[Subscribe]) -> None:
    for each in subscriptions:
        secret = settings.callr_webhook_secrets[0].get_secret_value()
        algorithm = settings.callr_webhook_algorithm
        await account.subscribe(each.event, _endpoint(settings), secret=secret, algorithm=algorithm)


def _endpoint(settings: Settings) -> str:
    return f"{settings.public_url}/webhooks/callr"


def _outcome(
    settings: Settings, carrier: str, flow: str, number: str | None, count: int, *, dry_run: bool
) -> list[str]:
    """What is connected now, and what is not because nobody asked for it."""
    if carrier == "routee" and number is None:
        return ["Routee needs nothing for calls out; with --number a number of the account leads to the flow."]
    lines = [] if count else ["Nothing to do."]
    if dry_run:
        return lines or [f"Nothing was changed; without --dry-run {_times(count)}."]
    whose = f"{number} leads to" if number else f"{TITLES[carrier]} calls people with"
    lines.append(f"Connected: {whose} flow '{flow}' at {settings.public_url}/hooks/{carrier}/{flow}.")
    if carrier == "callr" and not settings.callr_webhook_secrets:
        lines.append("CALLR's webhooks are not subscribed to: VOICEAPP_CALLR_WEBHOOK_SECRETS is not set.")
    return lines


def _times(count: int) -> str:
    return "this is done" if count == 1 else f"these {count} things are done"


async def numbers(settings: Settings) -> tuple[list[list[str]], list[str]]:
    """A row for each number of each account: number, carrier, what it points to, whether that is ours; and a
    line for each carrier that did not tell. Raises OperatorError when no account is set up."""
    if not accounts(settings):
        raise OperatorError(f"no account at a carrier is set up: set {'; or '.join(ACCOUNT_VARIABLES.values())}")
    rows: list[list[str]] = []
    failures: list[str] = []
    async with open_accounts(settings) as opened:
        for carrier, platform in opened.platforms.items():
            try:
                found = await platform.numbers()
            except PlatformError as error:
                failures.append(said_by(carrier, error))
                continue
            for number in found:
                ours = "ours" if number.ours else "not ours"
                rows.append([number.number, TITLES[carrier], number.points_to or "nothing", ours])
    return rows, failures

"""What the settings let us call out with: accounts at carriers, an address they reach us at, numbers to dial."""

from collections.abc import Iterator, Mapping

from yarl import URL

from voiceapp.carriers.base import Misfit
from voiceapp.egress.allow import is_loopback, is_public, literal
from voiceapp.errors import PlatformError
from voiceapp.flow.flow import Flow
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.step import Step
from voiceapp.settings import Settings
from voiceapp.tolls.rules import TollRules, refusal
from voiceapp.web.platforms import callr_credentials

TITLES: Mapping[str, str] = {"callr": "CALLR", "routee": "Routee"}
"""What people call the carriers."""

ACCOUNT_VARIABLES: Mapping[str, str] = {
    "callr": "VOICEAPP_CALLR_API_LOGIN and VOICEAPP_CALLR_API_PASSWORD, or VOICEAPP_CALLR_API_KEY",
    "routee": "VOICEAPP_ROUTEE_APP_ID and VOICEAPP_ROUTEE_APP_SECRET",
}
"""What sets an account up, by carrier."""


def accounts(settings: Settings) -> tuple[str, ...]:
    """The carriers that an account is set up at."""
    there = {"callr": callr_credentials(settings) is not None, "routee": settings.routee_app_secret is not None}
    return tuple(carrier for carrier in TITLES if there[carrier])


def is_real(settings: Settings, carrier: str) -> bool:
    """Whether the carrier's API is out in the world, and not an emulated one on this machine."""
    url = settings.callr_api_url if carrier == "callr" else settings.routee_api_url
    return not is_loopback(URL(url).host or "")


def unreachable(public_url: str) -> str:
    """Why carriers cannot be given this address, `""` when they can."""
    url = URL(public_url)
    address = literal(url.host or "")
    if is_loopback(url.host or ""):
        return f"{public_url} is an address of this machine alone, which no carrier reaches"
    if address is not None and not is_public(address):
        return f"{public_url} is an address of a private network, which no carrier reaches"
    if url.scheme != "https":
        return f"{public_url} is not https, so that what carriers post could be read on the way"
    return ""


def refused_numbers(flow: Flow, rules: TollRules) -> Iterator[Misfit]:
    """Every number that the flow's author wrote out and that may not be dialled; paths begin with the step."""
    for name, step in flow.steps.items():
        for path, number in _written_out(step):
            refused = refusal(rules, number, flow.head.may_dial if isinstance(step, DialStep) else ())
            if refused is not None:
                yield Misfit((name, *path), refused.message)


def _written_out(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    match step:
        case DialStep(dial=targets):
            for place, target in enumerate(targets):
                if target.literal:
                    yield ("dial", str(place)), target.source
        case CallBackStep(call_back=number):
            if number is not None and number.literal:
                yield ("call_back",), number.source
        case _:
            return


def said_by(carrier: str, error: PlatformError) -> str:
    """Why a carrier's API did not do what we asked, in one line; it holds no secret."""
    title = TITLES[carrier]
    if error.status in (401, 403):
        return f"{title} refuses the credentials ({error}); look at {ACCOUNT_VARIABLES[carrier]}"
    if not error.status and error.code:
        return f"{title}: {error.message}"
    if not error.status:
        return f"{title} cannot be asked: {error}; look at {_address_variables(carrier)}, and at the network"
    return f"{title} refuses: {error}"


def _address_variables(carrier: str) -> str:
    if carrier == "callr":
        return "VOICEAPP_CALLR_API_URL"
    return "VOICEAPP_ROUTEE_API_URL and VOICEAPP_ROUTEE_AUTH_URL"

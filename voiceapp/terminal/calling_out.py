"""What the settings let us call out with: accounts at carriers, an address they reach us at."""

from collections.abc import Mapping

from yarl import URL

from voiceapp.egress.allow import is_loopback, is_public, literal
from voiceapp.errors import PlatformError
from voiceapp.settings import Settings
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

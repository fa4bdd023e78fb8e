"""What the settings make of carriers and of numbers; nothing here needs a server, a store or the network."""

from voiceapp.carriers import Callr, CallrOptions, Routee, RouteeOptions
from voiceapp.settings import Settings
from voiceapp.tolls.rules import TollRules


def carriers_of(settings: Settings) -> tuple[Callr, Routee]:
    """Both carriers as the settings want them."""
    callr = Callr(
        CallrOptions(
            wait_parameter=settings.callr_wait_parameter,
            conference_id=settings.callr_conference_id,
            voices=settings.callr_voices,
        ),
        settings.callr_deadline,
    )
    routee = Routee(
        routee_options(settings),
        settings.routee_deadline,
        settings.status_deadline,
    )
    return callr, routee


def routee_options(settings: Settings) -> RouteeOptions:
    """Where Routee reaches us, and what its documentation leaves open."""
    return RouteeOptions(
        public_url=settings.public_url,
        secret=settings.routee_secret.get_secret_value() if settings.routee_secret else "",
        after_dial=settings.routee_after_dial,
        collects=settings.routee_collects,
        tones=settings.routee_tones,
    )


def toll_rules(settings: Settings) -> TollRules:
    """Which numbers may be dialled, as the settings say."""
    return TollRules(
        regions=frozenset(settings.dial_regions),
        sip_hosts=frozenset(settings.dial_sip_hosts),
        denied=settings.dial_denied,
    )

"""The carriers: the only place where their words appear; this is the only list of them."""

from voiceapp.carriers.base import Carrier
from voiceapp.carriers.callr.codec import Callr
from voiceapp.carriers.callr.commands import CallrOptions
from voiceapp.carriers.routee.codec import Routee
from voiceapp.carriers.routee.verbs import RouteeOptions

CARRIERS: tuple[str, ...] = (Callr.name, Routee.name)

__all__ = ["CARRIERS", "Callr", "CallrOptions", "Carrier", "Routee", "RouteeOptions"]

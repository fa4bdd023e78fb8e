"""CALLR's apps and numbers, as its API takes and shows them.

Source: docs.callr.com, "JSON objects" (App, App.Package, REALTIME10, CLICKTOCALL10, DID, DID.SearchFilters,
Search.Options). Inferred: defaults, that a property which is not in the tables is refused, and what a search of
apps goes by.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from voiceapp.emulators.platforms.callr.webhooks import HttpUrl

CDR_FIELD = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z]{0,32}\Z")]
"""Documented: 32 alphanumeric characters at most."""


class Properties(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Realtime(Properties, frozen=True):
    """REALTIME10."""

    url: HttpUrl | Literal[""] = ""
    login: str = ""
    password: str = ""
    data_format: Literal["JSON"] = "JSON"


class Medias(Properties, frozen=True):
    """CLICKTOCALL10.Medias: library ids, 0 for none."""

    A_welcome: int = 0
    A_ringtone: int = 0
    B_whisper: int = 0
    AB_bridge: int = 0


class ClickOptions(Properties, frozen=True):
    """CLICKTOCALL10.Options. `A_retrypause` is in seconds; a detection is on when it says `active`."""

    A_attempts: Annotated[int, Meta(ge=1, le=5)] = 1
    A_retrypause: Annotated[int, Meta(ge=30, le=300)] = 30
    A_vms_detect: dict[str, Any] = {}
    B_vms_detect: dict[str, Any] = {}
    record_calls: bool = False


class ClickToCall(Properties, frozen=True):
    """CLICKTOCALL10."""

    medias: Medias = Medias()
    options: ClickOptions = ClickOptions()
    vms: dict[str, Any] = {}


Params = Realtime | ClickToCall | dict[str, Any]


class Package(msgspec.Struct, frozen=True):
    """App.Package."""

    name: str
    type: str
    has_did: bool = True


class Did(msgspec.Struct, frozen=True, kw_only=True):
    """DID; `app` is the hash of the app it leads to."""

    hash: str
    intl_number: str
    local_number: str
    local_number_f: str
    country_code: str
    app: str | None = None
    class_: str = msgspec.field(default="CLASSIC", name="class")
    type: str = "GEOGRAPHIC"


class App(msgspec.Struct, frozen=True, kw_only=True):
    """App; `did` are those that lead to it."""

    hash: str
    name: str
    p: Params
    did: tuple[Did, ...] = ()
    package: Package
    date_creation: str
    date_update: str


class AppFilters(Properties, frozen=True):
    hash: str | None = None
    name: str | None = None


class DidFilters(Properties, frozen=True, rename={"class_": "class"}):
    hash: str | None = None
    class_: str | None = None
    type: str | None = None


class SearchOptions(Properties, frozen=True):
    """Search.Options."""

    offset: Annotated[int, Meta(ge=0)] = 0
    order: str | None = None
    quantity: Annotated[int, Meta(ge=1)] | None = None

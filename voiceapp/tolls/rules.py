"""Which numbers may be dialled: nothing that is not allowed by name, for flows and for the API alike.

Pure. A number is judged in this order: its form, its region, barred prefixes, its type, the flow's patterns.
Regions and types come from the metadata of phonenumbers, which is why that library is pinned and raised
every month. It also reads Unicode digits, extensions and whatever follows a number, which is why a target has
to be E.164 to the letter before it is asked. Of that library only the package itself is imported (14 ms):
its geocoder takes seconds and 200 MB.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from voiceapp.masking import mask

RefusalCode = Literal["not_a_number", "region", "prefix", "type", "pattern", "sip_host"]

_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")
_HOST = r"(?=[A-Za-z0-9.-]{1,190}(?::|\Z))[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
_PORT = r"(?::(?P<port>[1-9][0-9]{0,4}))?"
_SIP = re.compile(rf"sip:(?P<user>[A-Za-z0-9._~+-]{{1,64}})@(?P<host>{_HOST}){_PORT}")
_SIP_PATTERN = re.compile(rf"sip:(?P<user>\*|[A-Za-z0-9._~+-]{{1,64}})@(?P<host>{_HOST}){_PORT}")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_PREFIX_PATTERN = re.compile(r"\+[1-9][0-9]{0,13}\*")
_WRITTEN = re.compile(r"[ (]*\+?[0-9][0-9 .()/\u00a0\u202f-]{1,40}")
_SEPARATORS = re.compile("[^0-9+]")

_BARRED: Mapping[str, str] = {
    "+800": "an international toll-free number",
    "+808": "an international shared-cost number",
    "+870": "a satellite number",
    "+878": "an international personal number",
    "+881": "a satellite number",
    "+88216": "a satellite number",
    "+882": "a number of an international network",
    "+883": "a number of an international network",
    "+888": "a number of an international network",
    "+979": "an international premium-rate number",
    "+1900": "a premium-rate number",
    "+1976": "a premium-rate number",
    "+4470": "a personal number",
}
"""What starts so is never dialled, whatever the operator allows; the first that fits is told. Source: the list
of country codes assigned under ITU-T E.164; Ofcom's numbering plan for +44 70."""

_PREMIUM_EXCHANGE = re.compile(r"\+1[2-9][0-9]{2}976")
"""In the United States and Canada, 976 is an exchange of premium-rate numbers in each area code [NANPA]; the
metadata takes them for plain ones."""

_DIALLED_TYPES = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
_OTHER_TYPES: Mapping[int, str] = {
    PhoneNumberType.TOLL_FREE: "a toll-free number",
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.UAN: "a company's access number",
    PhoneNumberType.VOICEMAIL: "the access number of a voicemail",
}
"""Never dialled. Toll-free numbers neither: the called company pays for the call, no caller of ours asks for
one, and calling many of them is a fraud of its own."""

_LENGTHS: Mapping[int, str] = {
    ValidationResult.TOO_SHORT: "is too short for a number of its country",
    ValidationResult.TOO_LONG: "is too long for a number of its country",
    ValidationResult.INVALID_LENGTH: "is too short or too long for a number of its country",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "lacks its area code",
}


class TollRules(msgspec.Struct, frozen=True):
    """What the operator allows. `regions`: ISO 3166 codes like FR; without any, no number may be dialled.
    `sip_hosts`: hosts of `sip:` targets, any port. `denied`: prefixes like `+3389` that may not be dialled.

    Raises ValueError for what is no region, host or prefix, since a rule that never fits guards nothing."""

    regions: frozenset[str] = frozenset()
    sip_hosts: frozenset[str] = frozenset()
    denied: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for region in self.regions:
            _check_region(region)
        for host in self.sip_hosts:
            if not re.fullmatch(_HOST, host):
                raise ValueError(f"'{host}' is no host: write it as sip.example.com")
        for prefix in self.denied:
            if not _PREFIX.fullmatch(prefix):
                raise ValueError(f"'{prefix}' is no prefix of numbers: write it as +3389")


class Refusal(msgspec.Struct, frozen=True):
    """Why a target may not be dialled: a word for programs, a sentence for people with the number masked."""

    code: RefusalCode
    message: str


def refusal(rules: TollRules, target: str, patterns: Sequence[str] = ()) -> Refusal | None:
    """Why `target`, E.164 text or a `sip:` address, may not be dialled; None when it may.

    `patterns` are the flow's own, see `is_pattern`: if there are any, one of them has to match as well. A
    `sip:` address whose user is a number with its plus is held to the rules for numbers too, since a host
    may pass it on to the telephone network; all other users are names that the host alone understands."""
    sip = _SIP.fullmatch(target)
    if sip is None:
        refused = _number_refused(rules, target)
    else:
        refused = _host_refused(rules, sip["host"])
        if refused is None and sip["user"].startswith("+"):
            refused = _number_refused(rules, sip["user"])
    if refused is None and patterns and not any(_matches(pattern, target) for pattern in patterns):
        what = mask(target) if sip is None else f"an address at {sip['host']}"
        return Refusal("pattern", f"{what} is not among what this flow may dial")
    return refused


def normalised(text: str, region: str | None = None) -> str:
    """E.164 of a number as people write it: `+33 (0)6 12 34 56 78`, `0033…`, or, in `region` (an ISO 3166
    code), `06 12 34 56 78`. It has a possible length; whether it may be dialled is for `refusal` to say.

    Raises ValueError, in a sentence without the number, for everything else: letters, extensions, pauses,
    keys, line breaks, digits that are not 0-9, and numbers that do not say their country."""
    if region is not None:
        _check_region(region)
    text = text.strip(" ")
    if not _WRITTEN.fullmatch(text):
        raise ValueError("the number may hold digits, spaces and ( ) . / - only, with a + before it or none")
    digits = _SEPARATORS.sub("", text)
    if region is None and digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if region is None and not digits.startswith("+"):
        raise ValueError("the number does not say its country: write it as +33123456789")
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        raise ValueError("the number begins with no country's code, or has far too few or many digits") from None
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != ValidationResult.IS_POSSIBLE:
        raise ValueError(f"the number {_LENGTHS.get(length, 'belongs to no country')}")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not _NUMBER.fullmatch(written):
        raise ValueError("the number is too short or too long to be dialled from abroad")
    return written


def is_pattern(text: str) -> bool:
    """Whether an author may write `text` for what a flow may dial: a number, the beginning of numbers with a
    star (`+331*`), a `sip:` address, or a star for all users of its host (`sip:*@example.com`)."""
    forms = (_NUMBER, _PREFIX_PATTERN, _SIP_PATTERN)
    return any(form.fullmatch(text) for form in forms)


def _check_region(region: str) -> None:
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"'{region}' is no region: write its ISO 3166 code, like FR")


def _number_refused(rules: TollRules, target: str) -> Refusal | None:
    number = _parsed(target)
    if number is None:
        return Refusal("not_a_number", "this is nothing to dial: write +33123456789 or sip:name@host")
    own = _regions(number)
    if own and not rules.regions.intersection(own):
        return Refusal("region", f"{mask(target)} is a number of {own[0]}, where no number may be dialled")
    barred = _barred(rules, target, own)
    if barred:
        return Refusal("prefix", f"{mask(target)} is {barred}")
    if not own:
        return Refusal("not_a_number", f"{mask(target)} is a number that no country gives to anybody")
    kind = phonenumbers.number_type(number)
    if kind not in _DIALLED_TYPES:
        return Refusal("type", f"{mask(target)} is {_OTHER_TYPES.get(kind, 'a number of an unknown kind')}")
    return None


def _parsed(target: str) -> phonenumbers.PhoneNumber | None:
    """The number, if `target` is its E.164 form to the letter: `+330612345678` would be mended silently."""
    if not _NUMBER.fullmatch(target):
        return None
    try:
        number = phonenumbers.parse(target, None)
    except phonenumbers.NumberParseException:
        return None
    same = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == target
    return number if same else None


def _regions(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    """Whose number it is, by the plans of all regions that share its country code. Most have one region;
    Norway's mobiles are Svalbard's too. None: it is in no plan, or belongs to an international network."""
    sharing = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    return tuple(
        region
        for region in sharing
        if region in phonenumbers.SUPPORTED_REGIONS and phonenumbers.is_valid_number_for_region(number, region)
    )


def _barred(rules: TollRules, target: str, own: tuple[str, ...]) -> str:
    """What kind of barred number this is; empty if it is none."""
    for prefix, kind in _BARRED.items():
        if target.startswith(prefix):
            return kind
    if _PREMIUM_EXCHANGE.match(target) and ("US" in own or "CA" in own):
        return "a premium-rate number"
    return "a number that the operator denies" if target.startswith(rules.denied) else ""


def _host_refused(rules: TollRules, host: str) -> Refusal | None:
    if any(host.lower() == allowed.lower() for allowed in rules.sip_hosts):
        return None
    return Refusal("sip_host", f"{host} is not among the hosts that may be dialled")


def _matches(pattern: str, target: str) -> bool:
    """Whether `target`, of good form, is what the pattern means; a malformed pattern matches nothing."""
    if not is_pattern(pattern):
        return False
    meant, given = _SIP_PATTERN.fullmatch(pattern), _SIP.fullmatch(target)
    if meant and given:
        user = meant["user"] in ("*", given["user"])
        port = meant["port"] in (None, given["port"])
        return user and port and meant["host"].lower() == given["host"].lower()
    return pattern == target or (pattern.endswith("*") and target.startswith(pattern[:-1]))

"""What may be dialled: a table of cases, 10,000 strings that may not, and all good example numbers that may."""

import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import msgspec
import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from voiceapp.tolls.rules import TollRules, is_pattern, normalised, refusal

RULES = TollRules(
    regions=frozenset({"AR", "DE", "FR", "GB", "GR", "IT", "NO", "US"}),
    sip_hosts=frozenset({"pbx.example.com", "Desk.Example.COM"}),
    denied=("+3375", "+302310123457"),
)
EVERYWHERE = TollRules(regions=frozenset(phonenumbers.SUPPORTED_REGIONS))
NOTHING = TollRules()

MAY = """
+33123456789 +33612345678 +302310123456 +306912345678 +442079460958 +447400123456 +445612345678
+12125551234 +493012345678 +390612345678 +393123456789 +5491123456789 +4740612345 +33912345678
sip:reception@pbx.example.com sip:1001@PBX.example.com:5061 sip:a.b-c_d~e@desk.example.com
sip:+33123456789@pbx.example.com sip:00881612345678@pbx.example.com
"""

MAY_NOT = [
    *(
        (target, "not_a_number")
        for target in (
            *("", "+", "33123456789", "0123456789", "0033123456789", "++33123456789", "+033123456789", "+33"),
            *("+33112", "+1911", "112", "911", "*72", "*72+33123456789", "#31#+33123456789", "tel:+33123456789"),
            *("+33 123456789", "+33-123456789", "+33(0)123456789", " +33123456789", "+33123456789 "),
            *("+33123456789\n", "\n+33123456789", "+33123456789\r\n", "+33123456789\x00", "+3312345678\u0669"),
            *("+３３１２３４５６７８９", "＋33123456789", "+٣٣123456789", "+33123456789\u200b"),
            *("+33123456789;ext=5", "+33123456789x5", "+33123456789p1", "+33123456789w1", "+33123456789,1"),
            *("+33123456789*", "+33123456789#", "+33123456789&+88161234567", "+33CALLNOW", "+1800FLOWERS"),
            *("+999123456789", "+210123456789", "+1234567890123456", "+330612345678", "+33012345678"),
            *("+12125551234567", "+4402079460958", "+521234567890", "+11234567890", "hidden", "anonymous"),
            *("sip:", "sip:@pbx.example.com", "sip:a@", "sip:pbx.example.com", "SIP:a@pbx.example.com"),
            *("sips:a@pbx.example.com", "sip:a b@pbx.example.com", "sip:a@pbx.example.com;user=phone"),
            *("sip:a@pbx.example.com?Subject=x", "sip:a@pbx.example.com\n", "sip:a@b@pbx.example.com"),
            *("sip:a%0d%0a@pbx.example.com", "sip:a@pbx.example.com:", "sip:a@pbx.example.com:0x1", "sip:*@x.y"),
            *("sip:*72@pbx.example.com", "sip:a@pbx..example.com", "sip:a@.pbx.example.com", "sip:é@pbx.example"),
            *("sip:a@pbx.example.com/x", "sip:a:secret@pbx.example.com", f"sip:{'a' * 65}@pbx.example.com"),
            *(f"sip:a@{'a.' * 95}aa", "sip:+3312@pbx.example.com", "sip:+330612345678@pbx.example.com"),
        )
    ),
    *((f"+1{area}5551234", "region") for area in ("809", "829", "849", "876", "416", "787")),
    *((number, "region") for number in ("+12423456789", "+12462501234", "+12842291234", "+590690001234")),
    *((number, "region") for number in ("+447797712345", "+441534456789", "+441481256789", "+441624756789")),
    *((number, "region") for number in ("+41446681800", "+79123456789", "+77710009998")),
    *((number, "region") for number in ("+358412345678", "+376712345", "+37120123456", "+25261234567")),
    ("sip:+18095551234@pbx.example.com", "region"),
    *((number, "prefix") for number in ("+870301234567", "+881612345678", "+8821612345678", "+88213123456")),
    *((number, "prefix") for number in ("+883510012345", "+888123456789", "+979123456789", "+80012345678")),
    *((number, "prefix") for number in ("+80812345678", "+878101234567890", "+870123456", "+19005551234")),
    *((number, "prefix") for number in ("+19765551234", "+12129761234", "+13109760000", "+447012345678")),
    *((number, "prefix") for number in ("+33751234567", "+302310123457")),
    ("sip:+881612345678@pbx.example.com", "prefix"),
    *(
        (number, "type")
        for number in ("+33801234567", "+33891123456", "+33884012345", "+18002345678", "+18882345678")
    ),
    *((number, "type") for number in ("+448001234567", "+449012345678", "+448431234567", "+447640123456")),
    *((number, "type") for number in ("+443001234567", "+445512345678", "+491805123456", "+499001234567")),
    *((number, "type") for number in ("+39899123456", "+39848123456", "+391781234567", "+309091234567")),
    *((number, "type") for number in ("+308001234567", "+15002345678", "+4702000", "+4781212345")),
    *(
        (f"sip:a@{host}", "sip_host")
        for host in ("example.com", "evil.pbx.example.com", "pbx.example.com.evil.org")
    ),
    *((f"sip:a@{host}", "sip_host") for host in ("127.0.0.1", "pbx-example.com")),
]


@pytest.mark.parametrize("target", MAY.split())
def test_may_be_dialled(target: str) -> None:
    assert refusal(RULES, target) is None


@pytest.mark.parametrize(("target", "code"), MAY_NOT)
def test_may_not_be_dialled(target: str, code: str) -> None:
    refused = refusal(RULES, target)
    assert refused is not None
    assert refused.code == code


@pytest.mark.parametrize("target", MAY.split())
def test_nothing_is_dialled_that_no_rule_allows(target: str) -> None:
    refused = refusal(NOTHING, target)
    assert refused is not None
    assert refused.code == ("sip_host" if target.startswith("sip:") else "region")


@pytest.mark.parametrize(
    ("rules", "target", "message"),
    [
        (RULES, "+8821612345678", "+882********78 is a satellite number"),
        (RULES, "+881612345678", "+881*******78 is a satellite number"),
        (RULES, "+18095551234", "+180******34 is a number of DO, where no number may be dialled"),
        (RULES, "+12129761234", "+121******34 is a premium-rate number"),
        (RULES, "+33751234567", "+337******67 is a number that the operator denies"),
        (RULES, "+33891123456", "+338******56 is a premium-rate number"),
        (RULES, "+33801234567", "+338******67 is a toll-free number"),
        (RULES, "+33012345678", "+330******78 is a number that no country gives to anybody"),
        (RULES, "+33123456789\n", "this is nothing to dial: write +33123456789 or sip:name@host"),
        (RULES, "sip:33123456789@example.com", "example.com is not among the hosts that may be dialled"),
    ],
)
def test_a_refusal_says_why_and_shows_no_number(rules: TollRules, target: str, message: str) -> None:
    refused = refusal(rules, target)
    assert refused is not None
    assert refused.message == message


@pytest.mark.parametrize(
    ("target", "patterns", "may"),
    [
        ("+33123456789", [], True),
        ("+33123456789", ["+331*"], True),
        ("+33123456789", ["+302*", "+331*"], True),
        ("+33123456789", ["+33123456789"], True),
        ("+33123456789", ("+33123456789",), True),
        ("+33123456789", ["+3312345678*"], True),
        ("+33123456789", ["+332*"], False),
        ("+33123456789", ["+3312345678"], False),
        ("+33123456789", ["+331"], False),
        ("+33123456789", ["*", "+*", "", "33*", "+33.*", "+33123456789 ", "+33*\n"], False),
        ("+33123456789", ["sip:*@pbx.example.com"], False),
        ("sip:a@pbx.example.com", ["sip:*@pbx.example.com"], True),
        ("sip:a@PBX.example.com", ["sip:a@pbx.EXAMPLE.com"], True),
        ("sip:a@pbx.example.com:5061", ["sip:*@pbx.example.com"], True),
        ("sip:a@pbx.example.com:5061", ["sip:*@pbx.example.com:5061"], True),
        ("sip:a@pbx.example.com", ["sip:*@pbx.example.com:5061"], False),
        ("sip:a@pbx.example.com", ["sip:b@pbx.example.com", "sip:A@pbx.example.com"], False),
        ("sip:a@pbx.example.com", ["sip:*@desk.example.com", "+33*"], False),
        ("sip:+33123456789@pbx.example.com", ["+33*"], False),
    ],
)
def test_the_patterns_of_a_flow_narrow_what_may_be_dialled(target: str, patterns: list[str], may: bool) -> None:
    refused = refusal(RULES, target, patterns)
    assert (refused is None) is may
    assert refused is None or (refused.code == "pattern" and "123456789" not in refused.message)


@pytest.mark.parametrize("target", [target for target, _ in MAY_NOT])
def test_no_pattern_opens_what_the_rules_close(target: str) -> None:
    alone, widened = (
        refusal(RULES, target),
        refusal(RULES, target, [target, "+33*", "+1*", "+8*", "sip:*@pbx.example.com"]),
    )
    assert alone == widened is not None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        *(
            (text, True)
            for text in ("+331*", "+3*", "+33123456789", "sip:*@example.com", "sip:a@example.com:5061")
        ),
        *(
            (text, False)
            for text in ("", "*", "+*", "+0*", "331*", "+33", "+33*5", "+33**", "+33?", "+33*\n", "+٣٣*")
        ),
        *((text, False) for text in ("sip:*", "sip:*@", "sip:a*@example.com", "sip:*@*", "sip:*@*.example.com")),
        *(
            (text, False)
            for text in ("+33123456789;ext=1", "+3312345678٩", "{{ caller }}", "+123456789012345*", "sip:*@a:b")
        ),
    ],
)
def test_what_an_author_may_write(text: str, good: bool) -> None:
    assert is_pattern(text) is good


@pytest.mark.parametrize(
    ("region", "written", "number"),
    [
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("FR", "06.12.34.56.78", "+33612345678"),
        ("FR", "06\u00a012\u202f34 56 78", "+33612345678"),
        ("FR", "612345678", "+33612345678"),
        ("FR", "33612345678", "+33612345678"),
        ("FR", "0033 6 12 34 56 78", "+33612345678"),
        ("FR", "0030 2310 123456", "+302310123456"),
        ("FR", "+30 2310 123456", "+302310123456"),
        (None, "+33 6 12 34 56 78", "+33612345678"),
        (None, "  +33612345678 ", "+33612345678"),
        (None, "(+33) 6 12 34 56 78", "+33612345678"),
        (None, "+33 (0)6 12 34 56 78", "+33612345678"),
        (None, "0033612345678", "+33612345678"),
        (None, "00 33 (0)6 12 34 56 78", "+33612345678"),
        (None, "+39 06 1234 5678", "+390612345678"),
        (None, "+44 (0)20 7946 0958", "+442079460958"),
        ("US", "(212) 555-1234", "+12125551234"),
        ("US", "1-212-555-1234", "+12125551234"),
        ("GR", "2310 123456", "+302310123456"),
        (None, "+881612345678", "+881612345678"),
    ],
)
def test_what_people_write_becomes_e164(region: str | None, written: str, number: str) -> None:
    assert normalised(written, region) == number


@pytest.mark.parametrize(
    ("region", "written", "says"),
    [
        *((None, text, "does not say its country") for text in ("0612345678", "612345678", "33612345678", "112")),
        *(
            ("FR", text, "may hold digits")
            for text in ("", "+", "()", "6", "abc", "06 12 34 56 78 ext 5", "0612345678;ext=5")
        ),
        *(
            ("FR", text, "may hold digits")
            for text in ("0612345678x5", "0612345678p1", "0612345678w1", "0612345678,1")
        ),
        *(
            ("FR", text, "may hold digits")
            for text in ("*310612345678", "#0612345678", "0612345678#", "0612345678*1")
        ),
        *(
            ("FR", text, "may hold digits")
            for text in ("0612345678\n", "\n0612345678", "06\t12345678", "tel:+33612345678")
        ),
        *(
            ("FR", text, "may hold digits")
            for text in ("٠٦١٢٣٤٥٦٧٨", "０６１２３４５６７８", "＋33612345678", "06+12345678")
        ),
        *(
            ("FR", text, "may hold digits")
            for text in ("++33612345678", "sip:a@example.com", "06" * 30, "3FLOWERS")
        ),
        ("FR", "0612345", "too short"),
        ("FR", "06123456789", "too long"),
        ("FR", "112", "too short"),
        ("US", "0033612345678", "too long"),
        ("US", "555-1234", "lacks its area code"),
        ("DE", "0151234567890123456", "far too few or many"),
        ("DE", "+49 123 456 789 012 345", "to be dialled from abroad"),
        (None, "+999 123 456 789", "no country's code"),
        (None, "+0612345678", "no country's code"),
        ("FR", "00", "no country's code"),
        ("fr", "0612345678", "'fr' is no region"),
        ("001", "0612345678", "'001' is no region"),
        ("", "+33612345678", "'' is no region"),
    ],
)
def test_what_is_no_number_is_not_mended(region: str | None, written: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        normalised(written, region)
    assert "612345" not in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        *(({"regions": frozenset({region})}, "is no region") for region in ("fr", "FRA", "UK", "001", "*", "")),
        *(
            ({"sip_hosts": frozenset({host})}, "is no host")
            for host in ("", "*", "a@b", "a b", "a:5060", "sip:a", "a\n")
        ),
        *(
            ({"denied": (prefix,)}, "is no prefix")
            for prefix in ("", "+", "0033", "+33 89", "33", "+3389*", "+３３")
        ),
    ],
)
def test_a_rule_that_never_fits_is_refused(parts: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        msgspec.structs.replace(RULES, **parts)


DIALLED = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
)


def examples(*, dialled: bool) -> Iterator[tuple[str, str]]:
    """Each region with its example numbers, of the types that are dialled or of all others."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.supported_types_for_region(region):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None and (kind in DIALLED) is dialled:
                yield region, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_good_numbers_of_every_region_are_let_through() -> None:
    good = list(examples(dialled=True))
    wrong = [(region, number) for region, number in good if refusal(TollRules(frozenset({region})), number)]
    assert len(good) >= 500
    assert wrong == []
    assert [number for _, number in good if normalised(number) != number] == []


def test_numbers_of_other_types_are_refused_everywhere() -> None:
    codes = {
        (refused.code if refused else "")
        for _, number in examples(dialled=False)
        if [refused := refusal(EVERYWHERE, number)]
    }
    assert codes == {"type", "prefix"}


def test_a_number_of_two_regions_is_dialled_for_either() -> None:
    norwegian = "+4740612345"  # the plan has the same mobiles for Norway and for Svalbard
    found = {region: refusal(TollRules(frozenset({region})), norwegian) is None for region in ("NO", "SJ", "SE")}
    assert found == {"NO": True, "SJ": True, "SE": False}


def digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def good(chance: random.Random) -> str:
    """A number that may be dialled."""
    return chance.choice([target for target in MAY.split() if target.startswith("+")])


SPOILERS = (
    "\n",
    "\r",
    "\x00",
    " ",
    ";ext=5",
    ";phone-context=+881",
    "x12",
    "p123",
    "w123",
    ",,1",
    "*",
    "#",
    "/1",
    "@b",
    "\u200e",
)
FOREIGN_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
PREMIUM = (
    *(
        "+3389",
        "+33810",
        "+33820",
        "+3387",
        "+449",
        "+44843",
        "+44871",
        "+4470",
        "+1900",
        "+1800",
        "+1888",
        "+1976",
    ),
    *(
        "+49900",
        "+491805",
        "+49700",
        "+49180",
        "+3989",
        "+39848",
        "+39199",
        "+30901",
        "+30909",
        "+30801",
        "+30800",
    ),
    *("+54600", "+54800", "+54810", "+47829", "+47800", "+47810"),
)
ABROAD = (
    *("+1809", "+1876", "+1242", "+1473", "+1649", "+1664", "+1758", "+1767", "+1784", "+1868", "+1869", "+1441"),
    *("+447797", "+441534", "+441481", "+441624", "+7", "+212", "+216", "+224", "+232", "+252", "+257", "+263"),
    *("+34", "+41", "+43", "+53", "+371", "+372", "+375", "+381", "+677", "+675", "+960", "+992"),
)
SATELLITES = ("+870", "+878", "+881", "+8810", "+88216", "+882", "+883", "+888", "+979", "+800", "+808")


def foreign_digits(chance: random.Random) -> str:
    number, script = good(chance), chance.choice(FOREIGN_DIGITS)
    at = chance.randrange(1, len(number))
    return number[:at] + script[int(number[at])] + number[at + 1 :]


def spoilt_inside(chance: random.Random) -> str:
    number = good(chance)
    at = chance.randrange(len(number) + 1)
    return number[:at] + chance.choice(SPOILERS) + number[at:]


def sip_elsewhere(chance: random.Random) -> str:
    user = chance.choice(["a", good(chance), digits(chance, 5)])
    host = chance.choice(["evil.org", "pbx.example.com.evil.org", "xpbx.example.com", "pbx.example.com@evil.org"])
    scheme, tail = chance.choice(["sip:", "sips:", "SIP:", "sip://"]), chance.choice(["", ":5060", ";user=phone"])
    return f"{scheme}{user}@{host}{tail}"


def noise(chance: random.Random) -> str:
    text = "".join(chance.choices("+0123456789*#pwx;=@sip: \n.٣３", k=chance.randrange(0, 24)))
    return text if re.search(r"[^+0-9]", text) else f"{text}*"


BAD: dict[str, Callable[[random.Random], str]] = {
    "a good one with a tail": lambda chance: good(chance) + chance.choice(SPOILERS),
    "a good one with a head": lambda chance: (
        chance.choice(["*72", "#31#", "tel:", "00", "+", "sip:", " ", "\n", "p"]) + good(chance)
    ),
    "a good one, broken up": spoilt_inside,
    "a good one without its plus": lambda chance: chance.choice(["", "0", "00", "011"]) + good(chance)[1:],
    "digits of another script": foreign_digits,
    "premium": lambda chance: chance.choice(PREMIUM) + digits(chance, chance.randrange(4, 9)),
    "976": lambda chance: f"+1{chance.choice(['212', '310', '415', '702'])}976{digits(chance, 4)}",
    "no country": lambda chance: chance.choice(SATELLITES) + digits(chance, chance.randrange(4, 11)),
    "another region": lambda chance: chance.choice(ABROAD) + digits(chance, chance.randrange(5, 10)),
    "denied": lambda chance: f"+3375{digits(chance, 7)}",
    "sip elsewhere": sip_elsewhere,
    "noise": noise,
}


@pytest.mark.parametrize("family", BAD)
def test_none_of_10_000_bad_strings_is_let_through(family: str) -> None:
    chance = random.Random(family)  # noqa: S311 - no secret
    made = [BAD[family](chance) for _ in range(10_000 // len(BAD) + 1)]
    assert [text for text in made if refusal(RULES, text) is None] == []
    assert [text for text in made if refusal(RULES, text, ["+3*", "+1*", "+4*", text]) is None] == []


def test_only_the_light_part_of_phonenumbers_is_loaded() -> None:
    heavy = "geocoder", "carrier", "timezone", "geodata", "carrierdata", "tzdata"
    use = "voiceapp.tolls.rules.normalised('0612345678', 'FR')"
    code = f"import sys, voiceapp.tolls.rules; {use}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "phonenumbers" in loaded
    assert {f"phonenumbers.{name}" for name in heavy} & set(loaded) == set()

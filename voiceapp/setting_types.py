"""What a setting may hold: from the text of an environment variable to a checked value."""

import base64
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, SecretStr
from yarl import URL

from voiceapp.egress.allow import AllowList, is_host


def text(right: str | Callable[[str], object], wrong: str) -> AfterValidator:
    """A text that matches the pattern as a whole, or passes the function; else `wrong` is what is wrong."""
    test = re.compile(right).fullmatch if isinstance(right, str) else right

    def check(value: str | SecretStr) -> str | SecretStr:
        if not test(value.get_secret_value() if isinstance(value, SecretStr) else value):
            raise ValueError(wrong)
        return value

    return AfterValidator(check)


def items(text: str) -> tuple[str, ...]:
    """`a, b` -> ("a", "b")."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def pairs(text: str) -> dict[str, str]:
    """`a=x, b=y` -> {"a": "x", "b": "y"}; raises ValueError for a key given twice."""
    pairs = [item.partition("=") for item in items(text)]
    if len({language for language, _, _ in pairs}) < len(pairs):
        raise ValueError("a language is given twice")
    return {language.strip(): voice.strip() for language, _, voice in pairs}


def split(parse: Callable[[str], object]) -> BeforeValidator:
    """Reads what the environment gives as one text."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def public_address(text: str) -> str:
    """The URL without its last slash; raises ValueError for what is no place of ours."""
    try:
        url = URL(text)
    except ValueError:
        raise ValueError("not a URL") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("not an http or https URL")
    if url.user is not None or url.password is not None or url.query_string or url.fragment:
        raise ValueError("has more than scheme, host, port and path")
    return text.rstrip("/")


def derived_url(given: dict[str, Any]) -> str:
    """Where we listen, which is where we are reached if nothing else is said."""
    return str(URL.build(scheme="http", host=given["host"], port=given["port"]))


def listed(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for what is no host, place or network."""
    AllowList.parse(entries)
    return entries


def is_webhook_secret(text: str) -> bool:
    """Whether it is a secret as Standard Webhooks writes them."""
    try:
        return text.startswith("whsec_") and 24 <= len(base64.b64decode(text[6:], validate=True)) <= 64
    except ValueError:
        return False


Host = Annotated[str, text(is_host, "not a host")]
Database = Annotated[str, text(r"(sqlite\+aiosqlite|postgresql\+psycopg)://\S+", "not a database URL")]
Login = Annotated[str, text(r"[!-9;-~]*", "has a colon, a space or a letter outside ASCII")]
Password = Annotated[SecretStr, text(r"[ -~]*", "has a letter outside ASCII")]
Key = Annotated[SecretStr, text(r"[!-~]{16,}", "shorter than 16 characters, or has a space")]
Language = Annotated[str, text(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", "not a language tag")]
Voice = Annotated[str, text(r"[A-Za-z0-9_.-]+", "not a voice name")]
WebhookSecret = Annotated[SecretStr, text(is_webhook_secret, "not a Standard Webhooks secret")]


def api_address(text: str) -> str:
    """The URL of a carrier's API; raises ValueError for one that would tell its credentials to the world."""
    from voiceapp.egress.allow import is_loopback

    url = URL(public_address(text))
    if url.scheme != "https" and not is_loopback(url.host or ""):
        raise ValueError("not https")
    return text


def regions(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for what is no country."""
    _rules(regions=frozenset(codes))
    return codes


def sip_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for what is no host."""
    _rules(sip_hosts=frozenset(hosts))
    return hosts


def prefixes(denied: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for what numbers do not begin with."""
    _rules(denied=denied)
    return denied


def _rules(**given: Any) -> None:
    if any(given.values()):
        from voiceapp.tolls.rules import TollRules  # the metadata of all numbers, not needed for most

        try:
            TollRules(**given)
        except ValueError:
            raise ValueError("has an entry that is none") from None

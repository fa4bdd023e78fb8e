"""Who is let in: every right and wrong way to show credentials, over real HTTP."""

import base64
import contextlib
import hmac
from collections.abc import Callable
from hmac import compare_digest

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from pydantic import SecretStr

from voiceapp.settings import Settings
from voiceapp.web.auth import Credentials, Failures, require_api_key, require_callr, require_routee

LOGIN, PASSWORD, SECRET, KEY, OLD_KEY = "callr", "pa:ss", "r" * 16, "k" * 20, "o" * 20
Check = Callable[[web.BaseRequest, Credentials], None]


def credentials() -> Credentials:
    settings = Settings(
        callr_login=LOGIN,
        callr_password=SecretStr(PASSWORD),
        routee_secret=SecretStr(SECRET),
        api_keys=(SecretStr(KEY), SecretStr(OLD_KEY)),
    )
    return Credentials.of(settings)


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


CHALLENGES: dict[Check, str] = {
    require_callr: "Basic realm=",
    require_api_key: "Bearer realm=",
    require_routee: "",
}
RIGHT: list[tuple[Check, str, dict[str, str]]] = [
    (require_callr, "/", basic(f"{LOGIN}:{PASSWORD}")),
    (
        require_callr,
        "/",
        {"Authorization": basic(f"{LOGIN}:{PASSWORD}")["Authorization"].replace("Basic", "basic")},
    ),
    (require_routee, f"/?secret={SECRET}", {}),
    (require_routee, f"/?a=b&secret={SECRET}&c=d", {}),
    (require_api_key, "/", {"Authorization": f"Bearer {KEY}"}),
    (require_api_key, "/", {"Authorization": f"bearer  {OLD_KEY}"}),
    (require_api_key, "/", {"X-Api-Key": KEY}),
]
WRONG: list[tuple[Check, str, dict[str, str]]] = [
    (require_callr, "/", {}),
    (require_callr, "/", basic("")),
    (require_callr, "/", basic(":")),
    (require_callr, "/", basic(LOGIN)),
    (require_callr, "/", basic(f"{LOGIN}:")),
    (require_callr, "/", basic(f":{PASSWORD}")),
    (require_callr, "/", basic(f"{LOGIN}:{PASSWORD}x")),
    (require_callr, "/", basic(f"{LOGIN}:{PASSWORD[:-1]}")),
    (require_callr, "/", basic(f"x{LOGIN}:{PASSWORD}")),
    (require_callr, "/", basic(f"{LOGIN.upper()}:{PASSWORD}")),
    (require_callr, "/", basic(f"{LOGIN}:πάσσ")),
    (require_callr, "/", {"Authorization": "Basic"}),
    (require_callr, "/", {"Authorization": "Basic !!!"}),
    (require_callr, "/", {"Authorization": "Basic é"}),
    (require_callr, "/", {"Authorization": f"Bearer {KEY}"}),
    (require_callr, f"/?secret={SECRET}", {"X-Api-Key": KEY}),
    (require_routee, "/", {}),
    (require_routee, "/?secret=", {}),
    (require_routee, f"/?secret={SECRET}x", {}),
    (require_routee, f"/?secret={SECRET[:-1]}", {}),
    (require_routee, f"/?Secret={SECRET}", {}),
    (require_routee, f"/?secret=x&secret={SECRET}", {}),
    (require_routee, "/?secret=%ff%ff", {}),
    (require_routee, "/?secret=%CE%B1", {}),
    (require_routee, "/", basic(f"{LOGIN}:{PASSWORD}")),
    (require_api_key, "/", {}),
    (require_api_key, "/", {"X-Api-Key": ""}),
    (require_api_key, "/", {"X-Api-Key": KEY[:-1]}),
    (require_api_key, "/", {"X-Api-Key": f"{KEY},{OLD_KEY}"}),
    (require_api_key, "/", {"Authorization": KEY}),
    (require_api_key, "/", {"Authorization": f"Token {KEY}"}),
    (require_api_key, "/", {"Authorization": "Bearer "}),
    (require_api_key, "/", basic(f"{LOGIN}:{PASSWORD}")),
    (require_api_key, f"/?key={KEY}&secret={SECRET}", {}),
]


@pytest.mark.parametrize(("check", "path", "headers"), RIGHT)
def test_right_credentials(check: Check, path: str, headers: dict[str, str]) -> None:
    check(make_mocked_request("POST", path, headers), credentials())


@pytest.mark.parametrize(("check", "path", "headers"), WRONG)
def test_wrong_credentials(check: Check, path: str, headers: dict[str, str]) -> None:
    with pytest.raises(web.HTTPUnauthorized) as denied:
        check(make_mocked_request("POST", path, headers), credentials())
    challenge = denied.value.headers.get("WWW-Authenticate", "")
    assert challenge.startswith(CHALLENGES[check])


@pytest.mark.parametrize(("check", "path", "headers"), WRONG)
def test_without_any_configured_everybody_is_let_in(check: Check, path: str, headers: dict[str, str]) -> None:
    check(make_mocked_request("POST", path, headers), Credentials())


@pytest.mark.parametrize(
    ("given", "shut"),
    [
        (Credentials(api_keys=(KEY.encode(),)), [require_callr, require_routee]),
        (Credentials(routee_secret=SECRET.encode()), [require_callr, require_api_key]),
        (Credentials(callr=base64.b64encode(b"a:b")), [require_routee, require_api_key]),
    ],
)
def test_what_alone_is_not_configured_stays_shut(given: Credentials, shut: list[Check]) -> None:
    for check in shut:
        for headers in ({}, basic(":"), {"X-Api-Key": ""}):
            with pytest.raises(web.HTTPUnauthorized):
                check(make_mocked_request("POST", "/?secret=", headers), given)


def test_an_address_that_keeps_failing_is_told_to_wait() -> None:
    doors = credentials()
    wrong = make_mocked_request("POST", "/?secret=x")
    for _ in range(20):
        with pytest.raises(web.HTTPUnauthorized):
            require_routee(wrong, doors)
    with pytest.raises(web.HTTPTooManyRequests) as told:
        require_routee(wrong, doors)
    assert told.value.headers["Retry-After"] == "60"
    with pytest.raises(web.HTTPTooManyRequests):
        require_callr(wrong, doors)
    require_routee(make_mocked_request("POST", f"/?secret={SECRET}"), doors)


def test_failures_are_forgotten_after_a_minute_and_bounded() -> None:
    now = [0.0]
    failures = Failures(limit=2, addresses=3, clock=lambda: now[0])
    assert [failures.failed("a") for _ in range(4)] == [False, False, True, True]
    now[0] = 60.0
    assert not failures.failed("a")
    for number in range(1000):
        failures.failed(f"address {number}")
    assert len(failures._counts) == 3


def test_credentials_do_not_show() -> None:
    for value in (LOGIN, PASSWORD, SECRET, KEY):
        assert value not in repr(credentials())


@pytest.mark.parametrize(("check", "path", "headers"), RIGHT + WRONG)
def test_everything_is_compared_in_constant_time(
    monkeypatch: pytest.MonkeyPatch, check: Check, path: str, headers: dict[str, str]
) -> None:
    compared = []

    def spy(given: bytes, expected: bytes) -> bool:
        compared.append(expected)
        return compare_digest(given, expected)

    monkeypatch.setattr(hmac, "compare_digest", spy)
    with contextlib.suppress(web.HTTPUnauthorized):
        check(make_mocked_request("POST", path, headers), credentials())
    everything: dict[Check, list[str]] = {
        require_callr: [base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()],
        require_routee: [SECRET],
        require_api_key: [KEY, OLD_KEY],
    }
    assert compared == [text.encode() for text in everything[check]]

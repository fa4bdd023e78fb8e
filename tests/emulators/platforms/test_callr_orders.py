"""Orders to call somebody that CALLR refuses, and those it just takes."""

from typing import Any

import pytest

from tests.emulators.platforms.clients import TARGET, CallrClient, Hooks

REFUSED: dict[str, tuple[tuple[Any, ...], tuple[int, str]]] = {
    "unknown app": (("NOBODY", TARGET, None), (151, "PROPERTY_VALUE_ERROR [app]")),
    "app a number": ((5, TARGET, None), (151, "PROPERTY_TYPE_ERROR [app]")),
    "number without plus": (
        ("APP", {**TARGET, "number": "336"}, None),
        (151, "PROPERTY_VALUE_ERROR [target.number]"),
    ),
    "timeout too short": (("APP", {**TARGET, "timeout": 4}, None), (151, "PROPERTY_VALUE_ERROR [target.timeout]")),
    "timeout as text": (("APP", {**TARGET, "timeout": "9"}, None), (151, "PROPERTY_TYPE_ERROR [target.timeout]")),
    "no timeout": (("APP", {"number": "+331"}, None), (150, "PROPERTY_MISSING [target.timeout]")),
    "target null": (("APP", None, None), (151, "PROPERTY_VALUE_ERROR [target]")),
    "cdr_field null": (("APP", TARGET, {"cdr_field": None}), (151, "PROPERTY_VALUE_ERROR [options.cdr_field]")),
    "cdr_field long": (
        ("APP", TARGET, {"cdr_field": "a" * 33}),
        (151, "PROPERTY_VALUE_ERROR [options.cdr_field]"),
    ),
    "cdr_field signs": (("APP", TARGET, {"cdr_field": "a-b"}), (151, "PROPERTY_VALUE_ERROR [options.cdr_field]")),
    "cli not ours": (("APP", TARGET, {"cli": "+33700000000"}), (151, "PROPERTY_VALUE_ERROR [options.cli]")),
    "unknown option": (("APP", TARGET, {"schedule": ""}), (151, "PROPERTY_VALUE_ERROR [options.schedule]")),
    "params missing": (("APP", TARGET), (150, "PROPERTY_MISSING [options]")),
    "params too many": (("APP", TARGET, None, None), (151, "INVALID_PARAM_FORMAT [params]")),
    "another type of app": (("CLICK", TARGET, None), (151, "BAD_APP_TYPE")),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
async def test_an_order_is_refused(
    callr: CallrClient, hooks: Hooks, case: tuple[tuple[Any, ...], tuple[int, str]]
) -> None:
    (app, *rest), refusal = case
    if app == "APP":
        app = await callr.realtime_app(hooks.url)
    elif app == "CLICK":
        app = (await callr("apps.create", "CLICKTOCALL10", "click", None))["hash"]
    assert await callr.error("calls.realtime", app, *rest) == refusal
    await callr.platform.idle()
    assert (callr.platform.originates, hooks.posts) == ([], [])


async def test_a_longest_cdr_field_is_taken(callr: CallrClient, hooks: Hooks) -> None:
    options = {"cdr_field": "0123456789abcdefABCDEF9876543210"}
    await callr("calls.realtime", await callr.realtime_app(hooks.url), TARGET, options)
    await callr.platform.idle()
    assert hooks.posts[0]["cdr_field"] == "0123456789abcdefABCDEF9876543210"


async def test_options_of_a_hang_up_may_not_be_null(callr: CallrClient) -> None:
    assert await callr.error("calls.hangup", 2**64 - 1, None) == (151, "PROPERTY_VALUE_ERROR [options]")
    assert await callr("calls.hangup", 2**64 - 1, {}) is False

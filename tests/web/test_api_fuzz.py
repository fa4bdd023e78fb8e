"""Requests that schemathesis makes up from the OpenAPI document, good ones and bad ones, sent to a real server."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Session
from schemathesis import Case, Config, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import ChecksConfig, NotAServerErrorConfig, ProjectConfig, ProjectsConfig
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from tests.web.api_scene import KEY, scene
from voiceapp.web.openapi.document import document

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = 20
"""Requests of each operation and kind."""
ANSWERED = ["2xx", "4xx", "502", "503", "504"]
"""What is no fault of the server: 502 to 504 tell of a carrier's, which the stand-in has all the time."""
CHECKED = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
Operation = APIOperation[Any, Any, Any, Any]
Request = Case[Any]
NUMBERS = ["+33123456789", "+33987654321"]
GOOD: Mapping[str, Mapping[str, Any]] = {
    "place_call": {"flow": "reminder", "to": NUMBERS[0]},
    "click_to_call": {"a": NUMBERS, "b": NUMBERS},
}
FRUITLESS = {*GOOD, "get_call", "end_call", "get_click_to_call", "end_click_to_call", "resend_webhook"}
"""Operations of which nothing can come where there is no account."""
SAFE = {"ring", "max_duration", "machine_detection", "machine_detection_a", "attempts", "pause", "cdr_field"}
"""Fields that are good with whatever the document allows."""


def operations() -> Mapping[str, Operation]:
    """All operations, by name; what they need of schemathesis is set."""
    no_fault = NotAServerErrorConfig(expected_statuses=ANSWERED)
    project = ProjectConfig(checks=ChecksConfig(not_a_server_error=no_fault))
    config = Config(projects=ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_dict(document("http://127.0.0.1"), config=config)
    return {
        described["operationId"]: schema[path][method]
        for path, methods in schema.raw_schema["paths"].items()
        for method, described in methods.items()
    }


OPERATIONS = operations()


@dataclass
class Place:
    """A server; `ids`: operation -> the id of something that is there."""

    url: str
    account: bool
    ids: Mapping[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[True, False], ids=["account", "no account"])
async def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """A server with an account at a carrier that often fails, or without any."""
    async with scene(tmp_path_factory.mktemp("fuzz"), account=request.param) as here:
        ids = {}
        if request.param:
            tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
            callback = {"callback": {"url": f"{here.told.url}/calls"}}
            _, _, placed, _ = await here.ask("POST", "/v1/calls", {**GOOD["place_call"], **callback})
            _, _, call, _ = await here.ask("POST", "/v1/calls", {**GOOD["place_call"], "at": tomorrow})
            _, _, click, _ = await here.ask("POST", "/v1/click-to-call", {**GOOD["click_to_call"], "at": tomorrow})
            ids = dict.fromkeys(("get_call", "end_call"), call["id"])
            ids |= dict.fromkeys(("get_click_to_call", "end_click_to_call"), click["id"])
            ids["resend_webhook"] = f"{placed['id']}.placed.0"
            here.callr.moods = ("takes", "refuses", "takes", "busy", "takes", "lost")
        yield Place(here.served.url, request.param, ids)


def send_all(place: Place, name: str, mode: GenerationMode) -> set[int]:
    """The statuses that came of one operation's requests; raises what schemathesis finds."""
    statuses = set[int]()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[name].as_strategy(mode), known=st.booleans())
    def send(case: Request, known: bool) -> None:
        if known and mode is GenerationMode.POSITIVE:
            fill_in(case, name, place)
        case.headers.pop("Expect", None)  # 417 is HTTP's own answer to it, wherever it comes
        response = case.call(base_url=place.url, session=session, headers=KEY)
        case.validate_response(response, checks=CHECKED, headers=KEY)
        statuses.add(response.status_code)

    with Session() as session:
        send()
    return statuses


def fill_in(case: Request, name: str, place: Place) -> None:
    """Makes a good request of one that only looks good: with ids, flows and numbers that there are."""
    if name in place.ids:
        case.path_parameters = {"id": place.ids[name]}
    if name in GOOD and isinstance(case.body, dict):
        case.body = {**{field: value for field, value in case.body.items() if field in SAFE}, **GOOD[name]}


@pytest.mark.parametrize("name", OPERATIONS)
async def test_good_requests(place: Place, name: str) -> None:
    statuses = await asyncio.to_thread(send_all, place, name, GenerationMode.POSITIVE)
    assert statuses & ({200, 202} if place.account or name not in FRUITLESS else {404, 422})


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in ("get_openapi", "get_docs")])
async def test_bad_requests(place: Place, name: str) -> None:
    statuses = await asyncio.to_thread(send_all, place, name, GenerationMode.NEGATIVE)
    assert statuses & {400, 404, 422}

"""What an application hears when placing a call goes wrong, and what is known of the call in the end (F40)."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.calling.house import House, open_house
from tests.faults.dial_kills import FLOW
from tests.faults.dialled_platform import PLACE, CarrierName
from tests.servers import Clock
from voiceapp.attempt import Attempt, AttemptState, DialOrder
from voiceapp.egress.platform import PlatformSession
from voiceapp.emulators.platforms.faults import (
    ApiError,
    CutAfter,
    CutBefore,
    FailAfter,
    Fault,
    Faults,
    Late,
    Refuse,
)
from voiceapp.emulators.platforms.people import People
from voiceapp.outbound.reconcile import NOT_PLACED_AFTER, SETTLE_AFTER

pytestmark = pytest.mark.fault

CARRIERS: tuple[CarrierName, ...] = ("callr", "routee")
NUMBER = "+33612345678"
LATER = timedelta(minutes=2)
ApiAnswer = tuple[int, Any]


class Placing:
    """A house whose clock can be moved, and one call that is asked for with one key."""

    def __init__(self, house: House, clock: Clock, carrier: CarrierName) -> None:
        self.house = house
        self.clock = clock
        self.carrier = carrier

    @property
    def faults(self) -> Faults:
        return (self.house.callr if self.carrier == "callr" else self.house.routee).faults

    @property
    def dialled(self) -> list[str]:
        """Who was called."""
        platform = self.house.callr if self.carrier == "callr" else self.house.routee
        return [order.number for order in platform.originates]

    async def ask(self) -> ApiAnswer:
        body = {"flow": "call", "to": NUMBER, "carrier": self.carrier}
        return await self.house.post("/v1/calls", body, **{"Idempotency-Key": "key"})

    async def state(self, call_id: str) -> AttemptState:
        attempt = await self.house.served.store.ledger.attempt(call_id)
        assert attempt is not None
        return attempt.state

    async def tell_nothing(self) -> None:
        """CALLR posts no webhooks any more."""
        accounts = self.house.served.server.accounts
        assert accounts.callr is not None
        for webhook in await accounts.callr.account.webhooks():
            await accounts.callr.account.unsubscribe(webhook.hash)

    async def reconcile(self) -> None:
        """Look up what is unclear, two minutes later."""
        self.clock.skip(LATER)
        await self.house.served.server.reconciler.look()


@asynccontextmanager
async def placing(
    folder: Path, carrier: CarrierName, *faults: Fault, people: People | None = None, **settings: Any
) -> AsyncIterator[Placing]:
    """Calls by this carrier meet these faults, one each."""
    clock = Clock(datetime.now(UTC))
    async with open_house(folder, FLOW, clock=clock, people=people, **settings) as house:
        one = Placing(house, clock, carrier)
        one.faults.add(PLACE[carrier], *faults)
        yield one


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carriers have two seconds to answer, not eight."""
    opened = PlatformSession.open

    async def open_hasty(*bases: str, **options: Any) -> PlatformSession:
        return await opened(*bases, **options, within=2.0)

    monkeypatch.setattr(PlatformSession, "open", open_hasty)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("fault", [CutAfter(), FailAfter(500), FailAfter(503), Late(60.0)], ids=repr)
@pytest.mark.usefixtures("hasty")
async def test_accepted_and_never_told(tmp_path: Path, carrier: CarrierName, fault: Fault) -> None:
    """The phone rings, whatever came of the request: nobody may ask for it again."""
    people = People()
    picked_up = people.waits[NUMBER] = asyncio.Event()
    async with placing(tmp_path, carrier, fault, people=people) as one:
        status, problem = await one.ask()
        assert (status, problem["call"]["state"]) == (504, "unknown")
        call_id = problem["call"]["id"]
        assert one.dialled == [NUMBER]
        for _ in range(3):
            status, call = await one.ask()
            assert (status, call["id"], call["state"]) == (202, call_id, "unknown")
        picked_up.set()
        one.faults.close()
        await one.house.settled()
        await one.house.until(f"/v1/calls/{call_id}", lambda view: view["state"] == "ended")
        await one.reconcile()
        assert await one.state(call_id) is AttemptState.OVER
        assert (await one.ask())[1]["id"] == call_id
        assert one.dialled == [NUMBER]


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_accepted_and_known_to_the_carrier_only(tmp_path: Path, carrier: CarrierName) -> None:
    """Nor do its posts reach us: what became of it is looked up."""
    async with placing(tmp_path, carrier, CutAfter(), public_url="http://127.0.0.1:9") as one:
        await one.tell_nothing()
        _, problem = await one.ask()
        await one.house.settled()
        assert await one.state(problem["call"]["id"]) is AttemptState.UNKNOWN
        await one.reconcile()
        assert await one.state(problem["call"]["id"]) is AttemptState.OVER
        assert one.dialled == [NUMBER]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("fault", [Refuse(503), Refuse(500), CutBefore()], ids=repr)
async def test_not_placed_and_never_told(tmp_path: Path, carrier: CarrierName, fault: Fault) -> None:
    """Unclear to us, until the carrier knows of no such call when it would have rung to its end."""
    async with placing(tmp_path, carrier, fault) as one:
        status, problem = await one.ask()
        assert (status, problem["call"]["state"]) == (504, "unknown")
        status, call = await one.ask()
        assert (status, call["id"], call["state"]) == (202, problem["call"]["id"], "unknown")
        one.clock.skip(SETTLE_AFTER + timedelta(seconds=1))
        await one.house.served.server.reconciler.look()
        assert await one.state(call["id"]) is AttemptState.UNKNOWN, "it may still be rung"
        assert one.dialled == []
        one.clock.skip(NOT_PLACED_AFTER)
        await one.reconcile()
        view = await one.house.get(f"/v1/calls/{call['id']}")
        assert (view["state"], view["reason"].partition(":")[0]) == ("failed", "not_placed")
        assert one.dialled == []
        status, another = await one.ask()
        assert status == 202
        assert another["id"] != call["id"]
        assert one.dialled == [NUMBER]


REFUSED: list[tuple[CarrierName, tuple[Fault, ...], int, str]] = [
    ("callr", (Refuse(401),), 502, "401"),
    ("routee", (Refuse(401), Refuse(401)), 502, "401"),
    ("callr", (Refuse(429, {"Retry-After": "7"}),), 503, "429"),
    ("routee", (Refuse(429, {"Retry-After": "7"}),), 503, "429"),
    ("callr", (ApiError(151, "CREDIT_TOO_LOW"),), 502, "151"),
    ("routee", (ApiError(400_001_009, "Insufficient Balance"),), 502, "400001009"),
]


@pytest.mark.parametrize(("carrier", "faults", "status", "code"), REFUSED)
async def test_refused_and_nobody_called(
    tmp_path: Path, carrier: CarrierName, faults: tuple[Fault, ...], status: int, code: str
) -> None:
    """Plain enough to be asked for again with the same key."""
    async with placing(tmp_path, carrier, *faults) as one:
        refused, problem = await one.ask()
        assert (refused, problem["code"], problem["call"]["state"]) == (status, code, "failed")
        assert problem["errors"][0]["field"] == "carrier"
        assert "nothing was dialled" in problem["detail"]
        assert one.dialled == []
        taken, call = await one.ask()
        assert taken == 202
        assert call["id"] != problem["call"]["id"]
        assert one.dialled == [NUMBER]


@pytest.fixture
def nobody() -> Iterator[str]:
    """A URL at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_nobody_at_the_other_end(tmp_path: Path, carrier: CarrierName, nobody: str) -> None:
    urls = {"callr_api_url": nobody, "routee_api_url": nobody, "routee_auth_url": nobody}
    async with placing(tmp_path, carrier, people=None, connect=False, callr_app="4346423A", **urls) as one:
        status, problem = await one.ask()
        assert (status, problem["call"]["state"]) == (502, "failed")
        assert one.dialled == []


async def test_what_nobody_can_tell_of_keeps_nothing_waiting(tmp_path: Path) -> None:
    """Sixty calls by a carrier whose account is gone, and one behind them."""
    async with placing(tmp_path, "callr") as one:
        now, store = one.clock(), one.house.served.store
        for number in range(61):
            order = DialOrder(flow="call", to=NUMBER, carrier="callr" if number == 60 else "gone")
            at = now + timedelta(milliseconds=number)
            attempt = Attempt(
                id=f"{number:032}",
                order=order,
                state=AttemptState.DIALING,
                created_at=at,
                due_at=at,
                requested_at=at,
            )
            await store.ledger.put(attempt)
        for _ in range(2):
            await one.reconcile()
        assert await one.state(f"{60:032}") is AttemptState.FAILED
        assert await one.state(f"{0:032}") is AttemptState.UNKNOWN

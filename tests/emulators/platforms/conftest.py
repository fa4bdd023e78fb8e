"""Both platforms on free ports, and clients for them, closed when the test is over."""

from collections.abc import AsyncIterator

import pytest

from tests.emulators.platforms.clients import CallrClient, Hooks, RouteeClient, callr_client, routee_client
from tests.emulators.server import FakeServer
from voiceapp.emulators.platforms.people import People


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK asks whatever proxy the environment names."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def people() -> People:
    return People(by_digits=True)


@pytest.fixture
def hooks(server: FakeServer) -> Hooks:
    return Hooks(server)


@pytest.fixture
async def callr(people: People) -> AsyncIterator[CallrClient]:
    async with callr_client(people, clis=["+33999999999"]) as client:
        yield client


@pytest.fixture
async def routee(people: People) -> AsyncIterator[RouteeClient]:
    async with routee_client(people) as client:
        yield client

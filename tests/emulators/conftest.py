"""A fake server on a free port and one HTTP client, both closed when the test is over."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.emulators.plans import RouteeServer
from tests.emulators.server import FakeServer


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    fake = FakeServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    async with TestServer(app) as running:
        fake.url = str(running.make_url("")).rstrip("/")
        yield fake
        fake.over.set()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def routee(server: FakeServer, session: aiohttp.ClientSession) -> RouteeServer:
    return RouteeServer(server, session)

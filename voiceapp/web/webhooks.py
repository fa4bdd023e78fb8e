"""CALLR's webhooks come in here: who signed, what it says, and off to whom it concerns."""

from aiohttp import web

from voiceapp.carriers.callr.webhooks import SIGNATURE_HEADER, Algorithm, read_event, signed_by_us
from voiceapp.service.carrier_news import CarrierNews
from voiceapp.web.auth import Credentials, denied
from voiceapp.web.guard import read_body

_BODY_SECONDS = 2.0


class Webhooks:
    """`secrets`: those that may have signed, two of them while one replaces the other."""

    def __init__(
        self, news: CarrierNews, secrets: tuple[str, ...], algorithm: Algorithm, credentials: Credentials
    ) -> None:
        self._news = news
        self._secrets = secrets
        self._algorithm = algorithm
        self._credentials = credentials

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [web.post("/webhooks/callr", self.callr)]

    async def callr(self, request: web.Request) -> web.Response:
        """200 when it is on disk; anything else lets CALLR send it again."""
        body = await read_body(request, within=_BODY_SECONDS)
        if not self._let_in(request, body):
            raise denied(request, self._credentials, {})
        await self._news.take(read_event(body), body)
        return web.Response(text="ok\n")

    def _let_in(self, request: web.Request, body: bytes) -> bool:
        """With nothing configured at all everybody is let in, as at every other door."""
        if not self._secrets:
            return self._credentials.none
        return signed_by_us(body, request.headers.get(SIGNATURE_HEADER), self._secrets, self._algorithm)

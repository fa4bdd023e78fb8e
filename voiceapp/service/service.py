"""From a post to a reply, in time whatever happens: the hard stop and what is said when it strikes."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from voiceapp.carriers.base import Carrier, Post
from voiceapp.errors import PostRefused, StoreUnavailable
from voiceapp.metrics import Metrics
from voiceapp.service.calls import Calls
from voiceapp.service.deadlines import Deadlines
from voiceapp.service.fallback import last_words
from voiceapp.service.live_calls import LiveCall
from voiceapp.service.post_turn import PostTurn
from voiceapp.turn import wants_answer

_log = structlog.get_logger()


class Service:
    """Answers posts. One instance a process."""

    def __init__(self, calls: Calls, metrics: Metrics, clock: Callable[[], datetime]) -> None:
        self.calls = calls
        self._metrics = metrics
        self._clock = clock
        self._deadlines = Deadlines()
        self._now = asyncio.get_running_loop().time

    async def answer(self, carrier: Carrier, flow: str, post: Post) -> bytes:
        """The reply to a post: always valid and in time, unless the post is none of this carrier's
        (PostRefused)."""
        began = self._now()
        until = began + carrier.answers_within[post.hook]
        received = carrier.decode(post)
        key = (carrier.name, received.app, received.ref)
        if received.unknown:
            self._metrics.anomaly(carrier.name, "unknown_status")
        turn = PostTurn(self.calls, self._metrics, self._clock, carrier, flow, post, received, key, until)
        outcome = "answered"
        task = self._deadlines.begin(until)
        alone = self.calls.live.alone(key)
        try:
            if not alone.take():
                await alone.wait()
            try:
                return await turn.reply()
            finally:
                alone.release()
        except PostRefused:
            outcome = "refused"
            raise
        except asyncio.CancelledError:
            if not self._deadlines.taken_back(task):
                raise
            outcome = "deadline"
        except StoreUnavailable as error:
            outcome = "store"
            _log.error("the store does not answer", reason=str(error))
        except Exception:
            outcome = "fault"
            self._metrics.error()
            _log.exception("a turn failed")
        finally:
            self._deadlines.end(task)
            self._metrics.turn(carrier.name, outcome, self._now() - began)
        live = self.calls.live.get(key)
        self.calls.live.forget(key)
        if not wants_answer(carrier, received.events):
            return carrier.nothing()
        return self._fallback(carrier, flow, live, outcome)

    def _fallback(self, carrier: Carrier, flow: str, live: LiveCall | None, reason: str) -> bytes:
        self._metrics.fallback(carrier.name, reason)
        script = live.script if live else self.calls.flows.scripts.get(flow)
        if script is None:
            return carrier.goodbye()
        language = live.call.language if live else ""
        return carrier.farewell(last_words(script.flow, language, carrier.name), flow)

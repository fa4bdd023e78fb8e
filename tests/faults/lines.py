"""The carriers' side of one call, post by post: whatever was posted can be posted again, late, or forged."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from tests.servers import Served

FLOW = """\
flow: line
languages: [en-GB]
on_error: sorry
steps:
  hello: {say: Hello.}
  first: {ask: First., answer: {digits: 2}}
  second: {ask: Second., answer: {digits: 2}}
  reach: {dial: "+33123456780", no_answer: bye}
  bye: {menu: "Press 1.", keys: {1: first}, tries: 1, otherwise: none}
  none: {end: Goodbye.}
  sorry: {end: We are sorry.}
"""
"""Two answers, somebody to call, and back to the beginning: a call that can go on for ever."""

SORRY = b"We are sorry."


class Posts(Protocol):
    """Somebody to post to: a server in this process, or one that may be dead."""

    async def post(self, path: str, body: Any) -> tuple[int, bytes]:
        """Status and body of the answer."""


@dataclass
class Post:
    """A request and what it was answered."""

    path: str
    body: dict[str, Any]
    reply: bytes = b""

    @property
    def said(self) -> Any:
        return msgspec.json.decode(self.reply)


@dataclass
class CallrLine:
    """A call by CALLR. `next` posts what came of the last command; `sent` are all posts, in order."""

    server: Posts
    callid: int
    app: str = "4346423A"
    flow: str = "line"
    sent: list[Post] = field(default_factory=list)

    carrier = "callr"

    def request(self, **changes: Any) -> dict[str, Any]:
        """The post that comes next."""
        said = self.sent[-1].said if self.sent else {"command": "", "command_id": 0}
        body = {
            "app": self.app,
            "callid": self.callid,
            "request_hash": None,
            "cli_name": "",
            "cli_number": "+33612345678",
            "number": "+33123456789",
            "command": said["command"],
            "command_id": said["command_id"],
            "command_result": self._result(said),
            "command_error": "",
            "call_status": "UP" if self.sent else "INCOMING_CALL",
            "variables": {},
        }
        return body | changes

    def _result(self, said: dict[str, Any]) -> str:
        if said["command"] == "read":
            return "42"[: said["params"]["max_digits"]]
        return "BUSY" if said["command"] == "dialout" else "0"

    def upcoming(self, **changes: Any) -> Post:
        return Post(f"/hooks/callr/{self.flow}", self.request(**changes))

    async def next(self, **changes: Any) -> Post:
        """Post what comes next; it has to be answered with 200."""
        post = self.upcoming(**changes)
        post.reply = await send(self.server, post)
        self.sent.append(post)
        return post

    async def hang_up(self, **changes: Any) -> Post:
        return await self.next(call_status="HANGUP", **changes)

    def forged(self, token: str) -> Post:
        """The next post with another token."""
        return self.upcoming(command_id=token)


@dataclass
class RouteeLine:
    """A call by Routee, whose caller presses the keys that the first COLLECT of each plan wants."""

    server: Posts
    conversation: str
    flow: str = "line"
    sent: list[Post] = field(default_factory=list)

    carrier = "routee"

    @property
    def body(self) -> dict[str, Any]:
        base = {"messageId": "leg", "conversationTrackingId": self.conversation}
        return base | {"from": "+33612345678", "to": "+33123456789"}

    def upcoming(self, **changes: Any) -> Post:
        """The post that comes next."""
        if not self.sent:
            return Post(f"/hooks/routee/{self.flow}", self.body | changes)
        verbs = self.sent[-1].said["verbs"]
        gather = next(verb for verb in verbs if verb["type"] == "COLLECT")
        keys = {"collectedTones": "42"[: gather["maxDigits"]] if gather["maxDigits"] > 1 else "1"}
        return Post("/hooks" + gather["eventUrl"].partition("/hooks")[2], self.body | keys | changes)

    async def next(self, **changes: Any) -> Post:
        post = self.upcoming(**changes)
        post.reply = await send(self.server, post)
        self.sent.append(post)
        return post

    async def hang_up(self) -> Post:
        """The status of a call that is over."""
        over = {"status": {"name": "Completed"}, "duration": 3}
        post = Post(f"/hooks/routee/{self.flow}/status", self.body | over)
        post.reply = await send(self.server, post)
        return post

    def forged(self, token: str) -> Post:
        post = self.upcoming()
        head, _, query = post.path.partition("?")
        return Post(f"{head.rpartition('/')[0]}/{token}.0?{query}", post.body)


Line = CallrLine | RouteeLine


async def send(server: Posts, post: Post) -> bytes:
    """Post this; the reply, which always is one."""
    status, body = await server.post(post.path, post.body)
    assert status == 200, body
    return body


def a_line(carrier: str, server: Posts, number: int) -> Line:
    """A call by this carrier, told from others by its number."""
    return (
        CallrLine(server, 2**63 + number) if carrier == "callr" else RouteeLine(server, f"conversation-{number}")
    )


async def state(served: Served, line: Line) -> tuple[Any, int]:
    """The call as it is stored, and how many turns it has."""
    ref = line.callid if isinstance(line, CallrLine) else line.conversation
    app = line.app if isinstance(line, CallrLine) else ""
    stored = await served.stored(line.carrier, ref, app)
    return stored.call, stored.log


def is_farewell(line: Line, reply: bytes) -> bool:
    """Whether a reply hangs up at once and says nothing."""
    said = msgspec.json.decode(reply)
    if line.carrier == "callr":
        return bool(said["command"] == "hangup")
    return bool([verb["type"] for verb in said["verbs"]] == ["PAUSE"])

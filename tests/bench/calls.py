"""The calls that the load generator makes: what CALLR would post, as bytes, and what it reads of a reply."""

import base64
import re
from typing import NamedTuple

from tests.bench.flows import KEYS

ANSWERS = 10
"""Menus that are answered in a call; with the first post and the hang-up that is two posts more."""

_LENGTH = re.compile(rb"[Cc]ontent-[Ll]ength: (\d+)")
_APOLOGY = b'"command_id":"fallback"'
_COMMAND_ID = re.compile(rb'"command_id": ?("[^"]+")')
# the 14 fields of RT.Request, in the order of the vendor's sample
_BODY = (
    b'{"app":"4346423A","callid":%d,"request_hash":null,"cli_name":"","cli_number":"+33612345678",'
    b'"date_started":"2026-01-01 10:00:00","number":"+33123456789","command":"%b","command_id":%b,'
    b'"command_result":"%b","command_error":"","call_status":"%b","cdr_field":"","variables":{}}'
)
_KEYS = [key.encode() for key in KEYS]


class BadReply(Exception):
    """The server answered what no carrier could use."""


class Reply(NamedTuple):
    """What is known of a reply before it is complete or not: `size` is that of head and body together."""

    size: int
    status: bytes
    body_at: int


def head_of(data: bytes) -> Reply | None:
    """The head at the beginning of `data`, or None when it is not all there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = _LENGTH.search(data, 0, end)
    if length is None:
        raise BadReply("a reply without Content-Length")
    return Reply(end + 4 + int(length[1]), data[9:12], end + 4)


class Posts:
    """Makes the posts to one hook of one server."""

    def __init__(self, port: int, flow: str, login: str, password: str) -> None:
        basic = base64.b64encode(f"{login}:{password}".encode()).decode()
        self._head = (
            f"POST /hooks/callr/{flow} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n"
            f"Authorization: Basic {basic}\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%%b"
        ).encode()

    def post(self, callid: int, command: bytes, command_id: bytes, result: bytes, status: bytes) -> bytes:
        """One request, head and body."""
        body = _BODY % (callid, command, command_id, result, status)
        return self._head % len(body) % body


class Call:
    """One call: rings, answers some menus, hangs up; `apologised`: the server could not go on with it."""

    __slots__ = ("_answers", "_posts", "_token", "apologised", "callid", "over", "posted")

    def __init__(self, posts: Posts, callid: int, answers: int = ANSWERS) -> None:
        self._posts = posts
        self._answers = answers
        self._token = b"0"
        self.callid = callid
        self.posted = 0
        self.over = False
        self.apologised = False

    def next_post(self) -> bytes:
        """What is posted now."""
        number, self.posted = self.posted, self.posted + 1
        if number == 0:
            return self._posts.post(self.callid, b"", b"0", b"", b"INCOMING_CALL")
        if number <= self._answers:
            key = _KEYS[(self.callid + number) % len(_KEYS)]
            return self._posts.post(self.callid, b"read", self._token, key, b"UP")
        self.over = True
        return self._posts.post(self.callid, b"read", self._token, b"", b"HANGUP")

    def take(self, reply: Reply, data: bytes) -> None:
        """Reads the command out of the reply; raises BadReply when it is not the next menu."""
        if reply.status != b"200":
            raise BadReply(f"status {reply.status.decode()}: {data[reply.body_at :][:200]!r}")
        if self.over:
            return
        if data.find(_APOLOGY, reply.body_at) >= 0:
            self.over = self.apologised = True
            return
        token = _COMMAND_ID.search(data, reply.body_at)
        if token is None or data.find(b'"read"', reply.body_at) < 0:
            raise BadReply(f"not a menu: {data[reply.body_at :][:200]!r}")
        self._token = token[1]

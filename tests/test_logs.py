"""Log lines under attack: one line an event, nothing unprintable, no phone number, and never an exception."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, Literal
from urllib.parse import quote

import pytest
import structlog

from voiceapp.logs import configure
from voiceapp.masking import mask

Log = tuple[io.StringIO, Any]


@pytest.fixture
def start() -> Iterator[Callable[[Literal["json", "text"]], Log]]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def begin(form: Literal["json", "text"]) -> Log:
        stream = io.StringIO()
        configure(form, stream=stream)
        return stream, structlog.get_logger()

    yield begin
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+33612345678", "+336******78"),
        ("33612345678", "336******78"),
        ("0612345678", "061*****78"),
        ("%2B33612345678", "+336******78"),
        ("+33 6 12 34 56 78", "+336******78"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_mask(number: str, masked: str) -> None:
    assert mask(number) == masked


NUMBERS = [f"+{country}{6_1234_5000 + n * 7919}" for n, country in enumerate([1, 30, 33, 44, 49, 351, 995] * 8)]
PLACES = [
    "{}",
    "call from {} to {}",
    "sip:{}@host",
    "tel:{};ext=1",
    "GET /v1/calls?to={}&from=x",
    "/calls/{}/recording",
    "('{}',)",
    '{{"caller": "{}"}}',
    "caller={}",
    "<{}>",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", ["json", "text"])
def test_no_number_in_any_form_is_written(
    start: Callable[..., Log], form: Literal["json", "text"], place: str
) -> None:
    stream, log = start(form)
    hidden = []
    for number in NUMBERS:
        spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
        plain = [number, number[1:], "00" + number[1:], spaced, number.replace("1", "1-", 1)]
        for text in [*plain, quote(number), quote(spaced)]:
            hidden.append(text[6:])
            said = place.replace("{}", text)
            log.info(said, a=said, b=[said, {"c": said, said: 1}], d=(said,), e=ValueError(said))
            logging.getLogger("library").warning("%s", said)
    written = stream.getvalue()
    assert written.count("\n") == len(NUMBERS) * 7 * 2
    for tail in hidden:
        assert tail not in written


def test_what_is_no_number_stays(start: Callable[..., Log]) -> None:
    stream, log = start("json")
    kept = [
        "2026-03-29T01:00:00",
        "e0123456789abcdef",
        "10.20.30.40:8080",
        "v1.2.3",
        "0.000123",
        "1234567",
        "9" * 19,
    ]
    for text in kept:
        log.info("kept", a=text)
    assert [json.loads(line)["a"] for line in stream.getvalue().splitlines()] == kept


CONTROLS = [chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]]
TRICKS = [
    "\u2028",
    "\u2029",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\ud800",
    "\udfff",
    "\r\n",
    "\n\r",
]
SENTENCES = [
    "\n" + json.dumps({"event": "forged", "level": "critical"}),
    "\r\n09:00:00.000 critical  forged",
    "\x1b[2J\x1b[1;1Hforged",
    "\x1b]0;title\x07",
    "%s%s%s%n",
    "%(levelname)s",
    "{0.__class__}",
    "{event}",
    "${jndi:ldap://127.0.0.1/a}",
    '","level":"critical","event":"forged',
    "\\n\\u000a",
    "\\",
    '"',
    "\x00" * 50,
    "<script>alert(1)</script>",
    "forged\n" * 500,
]
PAYLOADS = [f"a{piece}b" for piece in CONTROLS + TRICKS] + SENTENCES


@pytest.mark.parametrize("form", ["json", "text"])
def test_lines_are_events_whatever_is_in_them(start: Callable[..., Log], form: Literal["json", "text"]) -> None:
    assert len(PAYLOADS) >= 90
    stream, log = start(form)
    for payload in PAYLOADS:
        log.warning(payload, field=payload, deep={"list": [payload], payload: payload}, error=OSError(payload))
        log.info("named", **{payload: payload})
        logging.getLogger("library").error(payload)
        logging.getLogger("library").error("%s", payload)
    lines = stream.getvalue().split("\n")
    assert lines.pop() == ""
    assert len(lines) == 4 * len(PAYLOADS)
    assert len(stream.getvalue().splitlines()) == len(lines)
    for line in lines:
        assert line.isprintable()
        assert not line.startswith("09:00")
    if form == "json":
        levels = [json.loads(line)["level"] for line in lines]
        assert levels == ["warning", "info", "error", "error"] * len(PAYLOADS)


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_trace_is_part_of_its_event(start: Callable[..., Log], form: Literal["json", "text"]) -> None:
    stream, log = start(form)
    try:
        raise ValueError("call of +33612345678\n09:00:00.000 critical forged")
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed too")
    written = stream.getvalue()
    assert "612345" not in written
    assert written.count("ValueError: call of +336******78") == 2
    assert not any(line.startswith("09:00") for line in written.splitlines())
    assert len(written.splitlines()) == 2 or form == "text"


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError("no space left on device")


def endless() -> list[Any]:
    knot: list[Any] = []
    knot.append(knot)
    return knot


ODD: dict[str, Any] = {
    "no repr": Unprintable(),
    "key without repr": {Unprintable(): 1},
    "knot": endless(),
    "NaN": float("nan"),
    "infinity": float("inf"),
    "int of 5,001 digits": 10**5000,
    "bytes": b"\xff\n",
    "object": object(),
    "set": {1, 2},
}


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("name", ODD)
def test_nothing_that_is_logged_raises(
    start: Callable[..., Log], form: Literal["json", "text"], name: str
) -> None:
    stream, log = start(form)
    library = logging.getLogger("library")
    log.info("odd", value=ODD[name])
    library.warning("odd %s", ODD[name])
    library.handle(library.makeRecord("library", logging.WARNING, "f", 1, "odd %d %d", (ODD[name],), None))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert all("odd" in line or "lost" in line for line in lines)
    if form == "json":
        for line in lines:
            json.loads(line, parse_constant=pytest.fail)


def test_a_stream_that_fails_is_ignored(monkeypatch: pytest.MonkeyPatch, start: Callable[..., Log]) -> None:
    start("json")
    configure("json", stream=Broken())
    structlog.get_logger().info("lost")
    closed = io.StringIO()
    closed.close()
    configure("json", stream=closed)
    structlog.get_logger().info("lost")
    logging.getLogger("library").warning("lost")


def test_what_callers_typed_and_secrets_do_not_show(start: Callable[..., Log]) -> None:
    stream, log = start("json")
    log.info("turn", digits="4711", caller_name="canary", headers={"Authorization": "canary"}, password="canary")
    assert "canary" not in stream.getvalue()
    assert "4711" not in stream.getvalue()


def test_no_event_sets_its_own_time_or_level(start: Callable[..., Log]) -> None:
    stream, log = start("json")
    log.info("x", at="1999", level="critical")
    said = json.loads(stream.getvalue())
    assert said["at"] != "1999"
    assert list(said)[:3] == ["at", "level", "event"]


def test_libraries_speak_from_warnings_on(start: Callable[..., Log]) -> None:
    stream, _ = start("text")
    logging.getLogger("aiohttp.access").info("hidden")
    logging.getLogger("sqlalchemy.engine").info("hidden")
    logging.getLogger("aiohttp.server").warning("shown")
    assert "hidden" not in stream.getvalue()
    assert "shown  logger=aiohttp.server" in stream.getvalue()

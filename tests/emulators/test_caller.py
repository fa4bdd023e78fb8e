"""Scripts use one token a window; a person at a terminal is asked for one line a window."""

import asyncio
import threading

import pytest

from voiceapp.emulators.caller import Caller, Outcome, Question, ScriptedCaller, TerminalCaller

WINDOW = Question("Press a key", 5.0)


async def windows(caller: Caller, count: int, seconds: float = 5.0) -> list[str | None]:
    return [await caller.press(Question("", seconds)) for _ in range(count)]


@pytest.mark.parametrize(
    ("script", "pressed"),
    [
        ("", [None, None]),
        ("1", ["1", None]),
        ("1 . 42# !", ["1", None, "42#", "!", None]),
        ("  *  0# ", ["*", "0#", None]),
        ("12!", ["12!", None]),
    ],
)
async def test_each_token_answers_one_window(script: str, pressed: list[str | None]) -> None:
    assert await windows(ScriptedCaller(script), len(pressed)) == pressed


@pytest.mark.parametrize("token", ["a", "1.", "!1", "..", "+3", "x", "١"])
def test_a_wrong_token_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="is no token"):
        ScriptedCaller(f"1 {token} 2")


async def test_a_window_too_short_for_a_person_uses_up_no_token() -> None:
    caller = ScriptedCaller("1 2")
    assert await windows(caller, 3, seconds=0.49) == [None, None, None]
    assert caller.unused == ["1", "2"]
    assert await windows(caller, 1, seconds=0.5) == ["1"]
    assert caller.unused == ["2"]


async def test_after_the_script_the_caller_may_hang_up() -> None:
    assert await windows(ScriptedCaller("7", then="hangs_up"), 3) == ["7", "!", "!"]


async def test_what_needs_no_token() -> None:
    caller = ScriptedCaller("1", parties={"+331": "busy"}, voice="silent", leaves=False, drops_at="good")
    assert await caller.dialled("+331") == "busy"
    assert await caller.dialled("+332") == "answered"
    assert await caller.record() == "silent"
    assert not await caller.leave("7")
    assert await caller.hears("hello")
    assert not await caller.hears("goodbye")
    assert caller.unused == ["1"]
    assert await ScriptedCaller().hears("")


def at_terminal(*lines: str) -> tuple[TerminalCaller, list[str]]:
    """A person who types `lines`, then Ctrl-D."""
    rest = [*lines, ""]
    shown: list[str] = []

    def read() -> str:
        return rest.pop(0) if len(rest) > 1 else rest[0]

    return TerminalCaller(shown.append, read), shown


@pytest.mark.parametrize(
    ("line", "keys"),
    [("42#\n", "42#"), (" 4 2 \n", "42"), ("\n", None), ("!\n", "!"), ("1!\n", "1!"), ("", "!")],
)
async def test_a_line_is_a_window(line: str, keys: str | None) -> None:
    caller, shown = at_terminal(line)
    assert await caller.press(WINDOW) == keys
    assert shown == ["keys within 5 s (Enter: silence, !: hang up)"]


async def test_a_mistyped_line_is_asked_for_again() -> None:
    caller, shown = at_terminal("four\n", "4\n")
    assert await caller.press(WINDOW) == "4"
    assert shown[1] == "a phone has the keys 0-9, * and #"


async def test_nobody_is_asked_in_a_window_too_short() -> None:
    caller, shown = at_terminal("1\n")
    assert await caller.press(Question("", 0.1)) is None
    assert shown == []


@pytest.mark.parametrize(
    ("line", "outcome"),
    [("busy\n", "busy"), ("\n", "answered"), ("what\n", "answered"), ("failed\n", "failed")],
)
async def test_a_person_says_what_a_dialled_party_does(line: str, outcome: Outcome) -> None:
    assert await at_terminal(line)[0].dialled("+331") == outcome


async def test_a_person_is_recorded_and_leaves_rooms() -> None:
    caller, _ = at_terminal("\n", ".\n", "!\n", "\n", "!\n")
    assert [await caller.record() for _ in range(3)] == ["speaks", "silent", "hangs_up"]
    assert [await caller.leave("7") for _ in range(2)] == [True, False]
    assert await caller.hears("anything")


async def test_the_loop_runs_on_while_a_person_thinks() -> None:
    loop = asyncio.get_running_loop()
    pressed = asyncio.Event()

    def read() -> str:
        asyncio.run_coroutine_threadsafe(pressed.wait(), loop).result()
        return "5\n"

    caller = TerminalCaller(lambda text: None, read)
    keys = asyncio.create_task(caller.press(WINDOW))
    await asyncio.sleep(0)
    pressed.set()
    assert await keys == "5"


def test_a_line_that_comes_after_the_call_is_lost() -> None:
    typed = threading.Event()
    readers: list[threading.Thread] = []

    def read() -> str:
        readers.append(threading.current_thread())
        typed.wait()
        return "5\n"

    async def give_up() -> None:
        async with asyncio.timeout(0.01):
            await TerminalCaller(len, read).press(WINDOW)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    typed.set()
    readers[0].join()
    assert readers[0].daemon

"""One call without a telephone: an emulated carrier calls the production engine, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import urlencode

from voiceapp.actions import Action, CallBack, Notify, OptOut, is_carrier_action
from voiceapp.attempt import Attempt, AttemptState, DialOrder
from voiceapp.call import Call
from voiceapp.carriers.base import Carrier
from voiceapp.emulators.caller import Caller
from voiceapp.emulators.callr import CallrCall, CallrOptions, FirstStatus
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.emulators.wire import Session
from voiceapp.events import Value
from voiceapp.flow.flow import Script, read_input, with_defaults
from voiceapp.flow.ways import Taken
from voiceapp.rehearsal.back_end import Asked, BackEnd
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.conditions import Conditions, Unreached
from voiceapp.rehearsal.lines import Line, lines_of, pieces_of
from voiceapp.rehearsal.server import RehearsalServer
from voiceapp.rehearsal.session import LocalSession
from voiceapp.terms import MachineDetection, Terms

ATTEMPT_ID = "a" * 32
CALL_REF = "1"
PUBLIC_URL = "https://rehearsal.invalid"
"""What the carrier is told in place of this server's address."""

_FIRST_STATUS: Mapping[Unreached, FirstStatus] = {"busy": "BUSY", "no_answer": "NOANSWER", "failed": "CONGESTION"}


@dataclass(frozen=True)
class Rehearsed:
    """What came of a call. `lines` is what happened on the phone, `call` what is known of it in the end (None: it
    never came to us), `actions` and `taken` everything that the flow did and the ways it went, `steps` what it
    entered (`flow/step` in a flow that another runs), `asked` the requests to back ends, `unexpected` those of
    them that nobody gave an answer for, `defects` what the server did wrong."""

    lines: tuple[Line, ...]
    call: Call | None
    actions: tuple[Action, ...]
    steps: tuple[str, ...]
    taken: tuple[Taken, ...]
    asked: tuple[Asked, ...]
    unexpected: tuple[Asked, ...]
    defects: tuple[str, ...]
    inputs: Mapping[str, Value]

    @property
    def saved(self) -> dict[str, Value]:
        """The variables that steps saved."""
        saved = {} if self.call is None else self.call.saved
        return {
            name: value for name, value in saved.items() if name not in self.inputs or value != self.inputs[name]
        }

    @property
    def ends(self) -> str:
        """Why the call ended."""
        return "" if self.call is None else self.call.end_reason

    @property
    def notified(self) -> tuple[Notify, ...]:
        """The webhooks that it owes."""
        return tuple(action for action in self.actions if isinstance(action, Notify))

    @property
    def opted_out(self) -> tuple[str, ...]:
        """The scopes in which the other party is not to be called any more."""
        return tuple(action.scope for action in self.actions if isinstance(action, OptOut))

    @property
    def called_back(self) -> tuple[CallBack, ...]:
        """The later calls that it asked for."""
        return tuple(action for action in self.actions if isinstance(action, CallBack))

    @property
    def spoken(self) -> frozenset[tuple[str, str]]:
        """(step, language) of everything that was to be heard; steps as in `steps`."""
        return frozenset(
            (action.step, piece.language)
            for action in self.actions
            if is_carrier_action(action)
            for piece in pieces_of(action)
        )


Casting = Callable[[RehearsalServer, Clock], Caller]
"""Who plays the people on the line; they may look at the server to decide what to do."""


Wiring = Callable[[RehearsalServer, Clock, str], Session]
"""What lies between an emulated carrier and the server; made as LocalSession is."""


async def rehearse(
    script: Script,
    carrier: Carrier,
    conditions: Conditions,
    casting: Casting,
    wiring: Wiring = LocalSession,
    *,
    keys_during_prompts: bool = False,
) -> Rehearsed:
    """Plays one call to its end. `keys_during_prompts`: on Routee, keys may be pressed while a prompt plays that a
    key stops. Raises ValueError for an input that the flow does not have or that is not of its type, as whoever
    passes it would be told."""
    inputs = _inputs(script, conditions.inputs)
    clock = Clock(conditions.at)
    attempt = _attempt(script, conditions, inputs) if conditions.direction == "outbound" else None
    server = RehearsalServer(script, carrier, clock, BackEnd(conditions.fetch), attempt, conditions.refused)
    session, caller = wiring(server, clock, conditions.fails), casting(server, clock)
    phone = _phone(script, conditions, session, caller, keys_during_prompts=keys_during_prompts)
    transcript = await phone.run()
    actions = tuple(action for turn in server.turns for action in turn.actions)
    return Rehearsed(
        lines=lines_of(transcript, actions),
        call=server.call,
        actions=actions,
        steps=tuple(step for turn in server.turns for step in turn.steps),
        taken=tuple(taken for turn in server.turns for taken in turn.taken),
        asked=tuple(server.back_end.asked),
        unexpected=tuple(server.back_end.unexpected),
        defects=tuple(transcript.defects),
        inputs=with_defaults(script.flow, inputs),
    )


def _inputs(script: Script, given: Mapping[str, str]) -> dict[str, Value]:
    declared, typed = script.flow.head.inputs, dict[str, Value]()
    for name, text in given.items():
        found = next((item for own, item in declared.items() if own == name), None)
        if found is None:
            raise ValueError(f"the flow {script.flow.name} has no input '{name}'")
        try:
            typed[name] = read_input(found.type, text)
        except ValueError as error:
            raise ValueError(f"the input '{name}' {error}") from None
    return typed


def _attempt(script: Script, conditions: Conditions, inputs: dict[str, Value]) -> Attempt:
    """What placed an outbound call. It listens for a machine where the flow says what to do about one."""
    listens = script.flow.head.on_machine is not None or conditions.machine
    detection = MachineDetection(carrier=conditions.carrier == "routee") if listens else None
    order = DialOrder(
        flow=script.flow.name,
        to=conditions.called,
        carrier=conditions.carrier,
        shown=conditions.caller,
        inputs=inputs,
        terms=Terms(detection=detection),
    )
    at = conditions.at
    return Attempt(id=ATTEMPT_ID, order=order, state=AttemptState.PLACED, created_at=at, due_at=at)


def _phone(
    script: Script, conditions: Conditions, session: Session, caller: Caller, *, keys_during_prompts: bool
) -> CallrCall | RouteeCall:
    outbound = conditions.direction == "outbound"
    hook = f"{PUBLIC_URL}/hooks/{conditions.carrier}/{script.flow.name}"
    match conditions.carrier:
        case "callr":
            return CallrCall(
                session, _with(hook, conditions.inputs), _callr(conditions, outbound=outbound), caller
            )
        case "routee":
            query = {**conditions.inputs, **({"attempt": ATTEMPT_ID} if outbound else {})}
            options = _routee(conditions, hook, query, outbound=outbound, keys_during_prompts=keys_during_prompts)
            return RouteeCall(session, _with(hook, query), options, caller)
        case _:
            assert_never(conditions.carrier)


def _callr(conditions: Conditions, *, outbound: bool) -> CallrOptions:
    first: FirstStatus = "UP" if outbound else "INCOMING_CALL"
    return CallrOptions(
        first_status=first if conditions.unreached is None else _FIRST_STATUS[conditions.unreached],
        cli_number=conditions.caller,
        number=conditions.called,
        callid=int(CALL_REF),
        cdr_field=ATTEMPT_ID if outbound else "",
        date_started=f"{conditions.at:%Y-%m-%d %H:%M:%S}",
        deadline=_PATIENT,
    )


_PATIENT = 60.0
"""Seconds of real time that an emulated carrier waits: time is not what a rehearsal measures on the wall."""


def _routee(
    conditions: Conditions, hook: str, query: Mapping[str, str], *, outbound: bool, keys_during_prompts: bool
) -> RouteeOptions:
    return RouteeOptions(
        direction="Outbound" if outbound else "Inbound",
        outcome=conditions.unreached or "answered",
        from_number=conditions.caller,
        to_number=conditions.called,
        conversation=CALL_REF,
        status_url=_with(f"{hook}/status", query),
        machine_url=_with(f"{hook}/machine", query) if conditions.machine else "",
        deadline=_PATIENT,
        status_deadline=_PATIENT,
        keys_during_prompts=keys_during_prompts,
    )


def _with(url: str, query: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(query)}" if query else url

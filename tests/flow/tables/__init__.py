"""The language, case by case: a table for each verb, and one for the top of a flow."""

from collections.abc import Mapping

from tests.flow.scenes import Case
from tests.flow.tables.connections import CONFERENCE_CASES, DIAL_CASES, SEND_KEYS_CASES
from tests.flow.tables.decisions import BRANCH_CASES, HOURS_CASES, RUN_CASES, SET_CASES
from tests.flow.tables.errands import CALL_BACK_CASES, FETCH_CASES, NOTIFY_CASES, OPT_OUT_CASES
from tests.flow.tables.heads import HEAD_CASES
from tests.flow.tables.questions import ASK_CASES, MENU_CASES
from tests.flow.tables.speech import END_CASES, PAUSE_CASES, PLAY_CASES, RECORD_CASES, SAY_CASES

__all__ = ["CASES", "HEAD_CASES"]

CASES: Mapping[str, tuple[Case, ...]] = {
    "say": SAY_CASES,
    "play": PLAY_CASES,
    "pause": PAUSE_CASES,
    "menu": MENU_CASES,
    "ask": ASK_CASES,
    "record": RECORD_CASES,
    "dial": DIAL_CASES,
    "conference": CONFERENCE_CASES,
    "branch": BRANCH_CASES,
    "hours": HOURS_CASES,
    "set": SET_CASES,
    "fetch": FETCH_CASES,
    "run": RUN_CASES,
    "send_keys": SEND_KEYS_CASES,
    "notify": NOTIFY_CASES,
    "opt_out": OPT_OUT_CASES,
    "call_back": CALL_BACK_CASES,
    "end": END_CASES,
}

"""The colours of a drawing."""

from collections.abc import Mapping
from typing import NamedTuple

from voiceapp.drawing.model import Kind

INK, GREY, EDGE, PAPER = "#0f172a", "#475569", "#94a3b8", "#ffffff"
TAKEN, NEVER = "#15803d", "#dc2626"


class Colours(NamedTuple):
    """Of one kind of node; `meaning` is what the legend says of it."""

    fill: str
    border: str
    text: str
    meaning: str


COLOURS: Mapping[Kind, Colours] = {
    "start": Colours("#1e293b", "#1e293b", PAPER, "a call comes in"),
    "question": Colours("#dbeafe", "#2563eb", INK, "asks the caller"),
    "speech": Colours("#ccfbf1", "#0d9488", INK, "is heard"),
    "dial": Colours("#ede9fe", "#7c3aed", INK, "connects"),
    "decision": Colours("#fef3c7", "#b45309", INK, "decides"),
    "silent": Colours("#f1f5f9", "#64748b", INK, "is not heard"),
    "end": Colours("#ffe4e6", "#e11d48", INK, "ends the call"),
}

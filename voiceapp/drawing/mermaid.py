"""A drawing as Mermaid: a flowchart for pages that draw it themselves."""

import re
from collections.abc import Iterator, Mapping

from voiceapp.drawing.colours import COLOURS, NEVER, TAKEN
from voiceapp.drawing.lettering import clean
from voiceapp.drawing.model import Drawing, Kind, Line, Node

_EXCERPT = 60
_SHAPES: Mapping[Kind, tuple[str, str]] = {
    "start": ("([", "])"),
    "question": ("[/", "/]"),
    "speech": ("(", ")"),
    "dial": ("[[", "]]"),
    "decision": ("{{", "}}"),
    "silent": ("[", "]"),
    "end": ("([", "])"),
}
_MARKUP = re.compile(r"""["#&<>`*~|\\%\[\]{}$]|(?<!\w)_|_(?!\w)|:(?=\S)|^[-+]|(?<=^\d)[.)]""")
"""What Mermaid, or the Markdown that it reads texts as, would take for its own."""


def mermaid(drawing: Drawing) -> str:
    """The text of a flowchart."""
    ids = {node.name: _id(node, at) for at, node in enumerate(drawing.nodes)}
    kinds = [kind for kind in COLOURS if any(node.kind == kind for node in drawing.nodes)]
    lines = [
        "flowchart TD",
        f"  accTitle: {escaped(drawing.title)}",
        *(f"  {_node(ids[node.name], node)}" for node in drawing.nodes),
        *(f"  {_line(ids, line)}" for line in drawing.lines),
        *(f"  classDef as_{kind} {_class(kind)}" for kind in kinds),
        *(f"  {style}" for style in _painted(drawing, ids)),
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """The text as it stands between quotes, without markup."""
    return _MARKUP.sub(lambda sign: f"#{ord(sign[0])};", clean(text))


def _class(kind: Kind) -> str:
    colours = COLOURS[kind]
    return f"fill:{colours.fill},stroke:{colours.border},color:{colours.text}"


def _id(node: Node, at: int) -> str:
    """Steps' ids begin with `s.`, classes with `as_`, so that none is a word of Mermaid's; marks have numbers."""
    if not node.verb:
        return f"mark{at}"
    return f"s.{node.name.replace('*', 'star').replace('#', 'hash')}"


def _node(name: str, node: Node) -> str:
    begin, end = _SHAPES[node.kind]
    if not node.verb:
        return f'{name}{begin}"{escaped(node.title)}"{end}:::as_{node.kind}'
    text = clean(node.text)
    if len(text) > _EXCERPT:
        text = f"{text[:_EXCERPT].rstrip()}…"
    words = [f"<b>{escaped(node.title)}</b> {node.verb}", *([escaped(text)] if text else [])]
    if node.times is not None:
        words.append(f"×{node.times}" if node.times else "never")
    return f'{name}{begin}"{"<br/>".join(words)}"{end}:::as_{node.kind}'


def _line(ids: Mapping[str, str], line: Line) -> str:
    arrow = "-.->" if line.dashed else "-->"
    words = f'|"{escaped(line.label)}"|' if line.label else ""
    return f"{ids[line.source]} {arrow}{words} {ids[line.target]}"


def _painted(drawing: Drawing, ids: Mapping[str, str]) -> Iterator[str]:
    most = max((line.times or 0 for line in drawing.lines), default=0)
    for at, line in enumerate(drawing.lines):
        if line.times:
            yield f"linkStyle {at} stroke:{TAKEN},stroke-width:{1.5 + 3.5 * line.times / most:.1f}px"
        elif line.times == 0:
            yield f"linkStyle {at} stroke:{NEVER}"
    never = [ids[node.name] for node in drawing.nodes if node.times == 0]
    if never:
        yield f"classDef as_never stroke:{NEVER},stroke-width:3px"
        yield f"class {','.join(never)} as_never"

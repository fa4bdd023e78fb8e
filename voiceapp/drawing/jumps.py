"""Edges over many rows become references, as between the pages of a paper chart: an arrow to a name."""

from collections.abc import Mapping
from dataclasses import replace

from voiceapp.drawing.layers import Link, layered, leading_back
from voiceapp.drawing.model import Drawing, Line, Node

FAR = 8
"""Rows that an edge may cross."""


def shortened(drawing: Drawing) -> Drawing:
    """The drawing without edges over more than FAR rows. A step that something leads down to keeps one edge: that
    from the row above."""
    while True:
        links = [Link(line.source, line.target) for line in drawing.lines]
        nodes = {node.name: node for node in drawing.nodes}
        rows = layered(dict.fromkeys(nodes, 0.0), links, leading_back(nodes, links))
        lines = tuple(_shortened(line, nodes, rows) for line in drawing.lines)
        if lines == drawing.lines:
            return drawing
        drawing = replace(drawing, nodes=tuple(nodes.values()), lines=lines)


def _shortened(line: Line, nodes: dict[str, Node], rows: Mapping[str, int]) -> Line:
    """The line, or one to a reference, which is added to `nodes`."""
    target = nodes[line.target]
    if not target.verb or abs(rows[line.source] - rows[line.target]) <= FAR:
        return line
    reference = Node(f"@to {line.target} {line.source}", target.kind, f"→ {target.title}")
    nodes[reference.name] = reference
    return replace(line, target=reference.name)

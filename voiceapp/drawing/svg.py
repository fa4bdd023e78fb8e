"""A drawing as SVG: one file, no script, no font of its own, readable in light and print."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from voiceapp.drawing.colours import COLOURS, EDGE, GREY, INK, NEVER, PAPER, TAKEN
from voiceapp.drawing.jumps import shortened
from voiceapp.drawing.layers import Link
from voiceapp.drawing.layout import Layout, Rect, Route, lay_out
from voiceapp.drawing.lettering import clean, fitted, width, wrapped
from voiceapp.drawing.model import ANY, Drawing, Kind, Line, Node, Way, between

MARGIN = 28.0
_NAME, _SMALL, _TITLE = 13.0, 11.0, 18.0
_MOST = 200.0
"""Pixels of text in a box."""
_FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


def svg(drawing: Drawing) -> str:
    """The SVG document."""
    drawing = shortened(drawing)
    boxes = {node.name: _Box(node) for node in drawing.nodes}
    labels = [_Label(line.parts) for line in drawing.lines]
    links = [
        Link(line.source, line.target, label.width, label.height)
        for line, label in zip(drawing.lines, labels, strict=True)
    ]
    layout = lay_out({name: (box.width, box.height) for name, box in boxes.items()}, links)
    page = _Page(drawing, layout)
    for line, route in zip(drawing.lines, layout.routes, strict=True):
        page.line(line, route)
    for name, box in boxes.items():
        page.box(box, layout.boxes[name])
    for label, route in zip(labels, layout.routes, strict=True):
        if route.label is not None:
            page.label(label, route.label)
    return page.text()


class _Box:
    """A node's texts, and how much room they take."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.name = fitted(clean(node.title), _NAME, _MOST, bold=True)
        self.count = "" if node.times is None else f"×{node.times}" if node.times else "never"
        self.badge = width(self.count, 10, bold=True) + 10 if self.count else 0.0
        head = width(self.name, _NAME, bold=True) + (width(node.verb, _SMALL) + 14 if node.verb else 0)
        head += self.badge + 6 if self.count else 0
        self.lines = wrapped(clean(node.text), _SMALL, max(_MOST, head), 2)
        texts = max((width(line, _SMALL) for line in self.lines), default=0.0)
        self.width = max(head, texts) + 22
        self.height = 34 + 15 * len(self.lines) if node.verb else 26


class _Label:
    """The words on an edge: its ways, in lines."""

    _MOST = 170.0

    def __init__(self, ways: Sequence[Way]) -> None:
        self.lines: list[list[tuple[str, str, Way]]] = []
        used, widths = 0.0, list[float]()
        for way in ways:
            words = fitted(clean(way.words), _SMALL, self._MOST + 40)
            lead = between(self.lines[-1][-1][2], way) if self.lines else ""
            used += width(lead + words, _SMALL)
            if self.lines and used <= self._MOST:
                self.lines[-1].append((lead, words, way))
            else:
                self.lines.append([("", words, way)])
                used = width(words, _SMALL)
                widths.append(used)
            widths[-1] = used
        self.width = max(widths) + 8 if widths else 0.0
        self.height = 15.0 * len(widths) + 2 if widths else 0.0


class _Page:
    """The document in the making."""

    def __init__(self, drawing: Drawing, layout: Layout) -> None:
        self._most = max((line.times or 0 for line in drawing.lines), default=0)
        self._shift = (MARGIN, MARGIN + 44)
        kinds = [kind for kind in COLOURS if any(node.kind == kind for node in drawing.nodes)]
        self._width = max(layout.width, _legend_width(kinds), width(drawing.title, _TITLE, bold=True)) + 2 * MARGIN
        self._height = layout.height + 2 * MARGIN + 44 + 40
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
        self._root.set("viewBox", f"0 0 {self._width:.0f} {self._height:.0f}")
        self._root.set("width", f"{self._width:.0f}")
        self._root.set("height", f"{self._height:.0f}")
        self._root.set("style", "max-width:100%;height:auto")
        self._root.set("font-family", _FONT)
        SubElement(self._root, "title").text = clean(f"{drawing.title}: the flow {drawing.flow}")
        SubElement(self._root, "desc").text = clean(_described(drawing))
        self._markers()
        SubElement(self._root, "rect", {"width": "100%", "height": "100%", "fill": PAPER})
        self._text(self._root, MARGIN, MARGIN + 16, clean(drawing.title), _TITLE, INK, bold=True)
        self._legend(kinds)
        self._edges, self._boxes, self._labels = (self._group() for _ in range(3))

    def text(self) -> str:
        """The whole of it."""
        for group in self._root.iter("g"):
            group.tail = "\n"
        return tostring(self._root, encoding="unicode") + "\n"

    def _group(self) -> Element:
        return SubElement(self._root, "g", {"transform": f"translate({self._shift[0]:.0f},{self._shift[1]:.0f})"})

    def _markers(self) -> None:
        defs = SubElement(self._root, "defs")
        for name, colour in (("edge", EDGE), ("taken", TAKEN), ("never", NEVER)):
            size = {"markerWidth": "9", "markerHeight": "9", "markerUnits": "userSpaceOnUse"}
            place = {"viewBox": "0 0 10 10", "refX": "9", "refY": "5", "orient": "auto"}
            marker = SubElement(defs, "marker", {"id": name, **size, **place})
            SubElement(marker, "path", {"d": "M0,0.5 L10,5 L0,9.5 z", "fill": colour})

    def _text(
        self, parent: Element, x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False
    ) -> Element:
        element = SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": f"{size:g}"})
        element.set("fill", colour)
        if bold:
            element.set("font-weight", "600")
        element.text = text
        return element

    def line(self, line: Line, route: Route) -> None:
        """An edge, and for whoever points at it, what it is."""
        group = SubElement(self._edges, "g")
        ways = ", ".join(way.words or way.name for way in line.ways)
        SubElement(group, "title").text = clean(f"{_named(line.source)} to {_named(line.target)}: {ways}")
        name, colour, thick = self._paint(line.times)
        style = {"fill": "none", "stroke": colour, "stroke-width": f"{thick:.1f}", "marker-end": f"url(#{name})"}
        path = SubElement(group, "path", {"d": route.path, **style})
        if line.dashed:
            path.set("stroke-dasharray", "5 4")

    def _paint(self, times: int | None) -> tuple[str, str, float]:
        if times is None:
            return "edge", EDGE, 1.4
        if not times:
            return "never", NEVER, 1.4
        return "taken", TAKEN, 1.4 + 3.2 * times / self._most

    def box(self, box: _Box, place: Rect) -> None:
        """A node with its texts."""
        node = box.node
        fill, border, colour, _ = COLOURS[node.kind]
        group = SubElement(self._boxes, "g")
        SubElement(group, "title").text = clean(" ".join(filter(None, (node.verb, node.title, node.text))))
        size = {"width": f"{place.width:.1f}", "height": f"{place.height:.1f}"}
        shape = SubElement(group, "rect", {"x": f"{place.x:.1f}", "y": f"{place.y:.1f}", **size})
        shape.set("rx", "7" if node.verb else "13")
        shape.set("fill", fill)
        shape.set("stroke", border)
        if node.verb:
            self._step(group, box, place, border)
        else:
            shape.set("stroke-dasharray", "5 4" if node.name == ANY else "none")
            shape.set("fill", PAPER if node.name == ANY else fill)
            inverted = node.kind == "start" and node.name != ANY
            words = self._text(
                group, place.x + place.width / 2, place.y + 17, box.name, 12, colour if inverted else border
            )
            words.set("text-anchor", "middle")

    def _step(self, group: Element, box: _Box, place: Rect, colour: str) -> None:
        self._text(group, place.x + 11, place.y + 21, box.name, _NAME, INK, bold=True)
        right = place.x + place.width - 11
        if box.count:
            self._badge(group, box, right - box.badge, place.y + 8)
            right -= box.badge + 6
        verb = self._text(group, right, place.y + 21, box.node.verb, _SMALL, colour)
        verb.set("text-anchor", "end")
        for nth, line in enumerate(box.lines):
            self._text(group, place.x + 11, place.y + 38 + 15 * nth, line, _SMALL, GREY)

    def _badge(self, group: Element, box: _Box, x: float, y: float) -> None:
        colour = TAKEN if box.node.times else NEVER
        size = {"width": f"{box.badge:.1f}", "height": "16", "rx": "8", "fill": colour}
        SubElement(group, "rect", {"x": f"{x:.1f}", "y": f"{y:.1f}", **size})
        text = self._text(group, x + box.badge / 2, y + 11.5, box.count, 10, PAPER, bold=True)
        text.set("text-anchor", "middle")

    def label(self, label: _Label, place: Rect) -> None:
        """The words on an edge."""
        group = SubElement(self._labels, "g")
        size = {"width": f"{place.width:.1f}", "height": f"{place.height:.1f}", "rx": "4", "fill": PAPER}
        SubElement(group, "rect", {"x": f"{place.x:.1f}", "y": f"{place.y:.1f}", **size})
        for nth, line in enumerate(label.lines):
            text = self._text(group, place.x + place.width / 2, place.y + 12 + 15 * nth, "", _SMALL, INK)
            text.set("text-anchor", "middle")
            for lead, words, way in line:
                colour = INK if way.times is None else TAKEN if way.times else NEVER
                if lead:
                    text[-1].tail = lead
                SubElement(text, "tspan", {"fill": colour}).text = words

    def _legend(self, kinds: Sequence[Kind]) -> None:
        x, y = MARGIN, self._height - MARGIN
        for kind in kinds:
            fill, border, _, words = COLOURS[kind]
            size = {"width": "14", "height": "14", "rx": "3", "fill": fill, "stroke": border}
            SubElement(self._root, "rect", {"x": f"{x:.1f}", "y": f"{y - 11:.1f}", **size})
            self._text(self._root, x + 20, y, words, _SMALL, GREY)
            x += _legend_width([kind])


def _legend_width(kinds: Sequence[Kind]) -> float:
    return sum(width(COLOURS[kind].meaning, _SMALL) + 40 for kind in kinds)


def _named(node: str) -> str:
    return node.partition(" ")[0].removeprefix("@").replace("_", " ") if node.startswith("@") else node


def _described(drawing: Drawing) -> str:
    steps = [node for node in drawing.nodes if node.verb]
    return f"{len(steps)} steps: " + ", ".join(f"{node.verb} {node.name}" for node in steps)

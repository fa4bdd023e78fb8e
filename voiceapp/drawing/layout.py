"""A layered layout: rows from top to bottom, few crossings, straight long edges; the same input, the same picture.

Why not a library: of those in pure Python none places the labels of edges, and those quick enough for a thousand
nodes wrap other programs or need numpy. What is here is the textbook (Sugiyama): `layers`, then rows of cells with
a cell for whatever passes a row, sorted and moved to their neighbours (`rows`). Between two rows of nodes is one
for the labels, so that nothing ever covers anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voiceapp.drawing.layers import Link, connected, layered, leading_back
from voiceapp.drawing.rows import Cell, Pull, move, sort, spread, straighten

PARTS_APART = 44.0
LANE = 16.0
"""Pixels between parts, and between links that lead back past a node."""
_PASSING = 8.0
_TURN = 6.0


@dataclass(frozen=True)
class Rect:
    """Pixels; `x` and `y` are the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Route:
    """An edge: an SVG path, and where its label stands."""

    path: str
    label: Rect | None


@dataclass(frozen=True)
class Layout:
    """Where everything is: boxes by node, routes in the order of the links."""

    boxes: Mapping[str, Rect]
    routes: tuple[Route, ...]
    width: float
    height: float


def lay_out(sizes: Mapping[str, tuple[float, float]], links: Sequence[Link]) -> Layout:
    """A place for nodes of these sizes (width, height), and a way for each link. What hangs together is laid out
    by itself; further parts stand in columns right of the first."""
    boxes: dict[str, Rect] = {}
    routes: dict[int, Route] = {}
    left = right = y = height = 0.0
    for names, mine in connected(sizes, links):
        part = _Part({name: sizes[name] for name in names}, [links[at] for at in mine])
        if y + part.height > height:
            left, y, height = right and right + PARTS_APART, 0.0, max(height, part.height)
        placed, routed = part.placed(left, y)
        boxes |= placed
        routes |= zip(mine, routed, strict=True)
        right, y = max(right, left + part.width), y + part.height + PARTS_APART
    return Layout(boxes, tuple(routes[at] for at in range(len(links))), right, height)


class _Part:
    """The layout of what hangs together. Nodes stand in even rows, labels in odd ones; a link is a chain of cells
    from its upper node to its lower one."""

    def __init__(self, sizes: Mapping[str, tuple[float, float]], links: Sequence[Link]) -> None:
        self._sizes = sizes
        self._links = links
        self._back = leading_back(sizes, links)
        self._row = layered({name: width for name, (width, _) in sizes.items()}, links, self._back)
        self._rows: list[list[Cell]] = [[] for _ in range(2 * max(self._row.values(), default=0) + 1)]
        self._nodes = {name: self._node(name) for name in sizes}
        self._lanes: dict[tuple[int, str], float] = {}
        self._leaves = sizes.keys() - {link.source for link in links}
        loops = {at: self._looped(at, link) for at, link in enumerate(links) if link.source == link.target}
        self._chains = [loops.get(at) or self._chain(at, link) for at, link in enumerate(links)]

        sort(self._rows)
        move(self._rows)
        straighten(self._rows)
        straighten(self._rows)  # what stood in the way has moved
        self._left = min(cell.x - cell.left for row in self._rows for cell in row)
        self.width = max(cell.x + cell.right for row in self._rows for cell in row) - self._left
        self._tops, self.height = self._heights()

    def placed(self, x: float, y: float) -> tuple[dict[str, Rect], list[Route]]:
        """Its boxes and routes, with its upper left corner there."""
        for row in self._rows:
            for cell in row:
                cell.x += x - self._left
        self._tops = [(top + y, bottom + y) for top, bottom in self._tops]
        self._left = x
        self._ports = self._all_ports()
        boxes = {name: self._box(name) for name in self._sizes}
        return boxes, [self._route(at, boxes) for at in range(len(self._links))]

    def _put(self, row: int, cell: Cell) -> Cell:
        cell.at = len(self._rows[row])
        self._rows[row].append(cell)
        return cell

    def _node(self, name: str) -> Cell:
        width, height = self._sizes[name]
        return self._put(2 * self._row[name], Cell(width / 2, width / 2, height, node=True))

    def _chain(self, at: int, link: Link) -> list[Cell]:
        """The cells of a link from its upper end to its lower one; of one that leads back, past the right side of
        both its nodes."""
        back = at in self._back
        upper, lower = (link.target, link.source) if back else (link.source, link.target)
        rows = range(2 * self._row[upper] + 1, 2 * self._row[lower])
        labelled = rows[-1] if back else rows[0]
        chain = [self._nodes[upper]]
        for row in rows:
            half = max(_PASSING, link.width) / 2 if row == labelled else _PASSING / 2
            chain.append(self._put(row, Cell(half, half, link.height if row == labelled else 0.0)))
        chain.append(self._nodes[lower])
        shifts = [self._lane(at, upper), *[0.0] * len(rows), self._lane(at, lower)] if back else [0.0] * len(chain)
        for (above, first), (below, second) in pairwise(zip(chain, shifts, strict=True)):
            weight = 8.0 if not (above.node or below.node) else 0.1 if back else 2.0
            # A link that leads back goes straight up from its lower end, and pulls no node aside; nor does an end.
            at_leaf = above.node and link.target in self._leaves
            pulled = 2.0 if back and below.node else 0.2 if at_leaf else weight
            above.below.append(Pull(below, second - first, pulled))
            below.above.append(Pull(above, first - second, weight))
        return chain

    def _looped(self, at: int, link: Link) -> list[Cell]:
        """Right beside its node, before the links that lead back take their lanes there."""
        cell = self._nodes[link.source]
        self._lanes[at, link.source] = cell.right
        cell.right += LANE + link.width
        cell.height = max(cell.height, _loop_label(0, cell.height, link) + link.height)
        return [cell]

    def _lane(self, at: int, name: str) -> float:
        """How far right of a node's middle a link that leads back passes it."""
        cell = self._nodes[name]
        cell.right += LANE
        self._lanes[at, name] = cell.right - 2
        return cell.right - 2

    def _all_ports(self) -> dict[tuple[int, bool], float]:
        """Where every link that leads on leaves its node (True) and arrives (False)."""
        ends: dict[tuple[str, bool], list[tuple[float, int]]] = {}
        for at, (link, chain) in enumerate(zip(self._links, self._chains, strict=True)):
            if at not in self._back and link.source != link.target:
                ends.setdefault((link.source, True), []).append((chain[1].x, at))
                ends.setdefault((link.target, False), []).append((chain[-2].x, at))
        ports = {}
        for (name, leaving), wanted in ends.items():
            wanted.sort()
            room = self._sizes[name][0] / 2 - 12
            step = min(20.0, 2 * room / max(1, len(wanted) - 1))
            middle = self._nodes[name].x
            aims = [(min(max(x, middle - room), middle + room), 1.0) for x, _ in wanted]
            places = spread(aims, [step] * (len(wanted) - 1))
            for nth, ((_, at), x) in enumerate(zip(wanted, places, strict=True)):
                most = middle + room - step * (len(wanted) - 1 - nth)
                ports[at, leaving] = max(min(x, most), middle - room + step * nth)
        return ports

    def _heights(self) -> tuple[list[tuple[float, float]], float]:
        """Top and bottom of every row, and the height of all; more room where links go far aside."""
        gaps = [0.0] * len(self._rows)
        for row, cells in enumerate(self._rows):
            aside = [abs(cell.x - pull.other.x - pull.shift) for cell in cells for pull in cell.below]
            gaps[row] = 14 + min(max(aside, default=0.0), 480) / 12
        tops, y = [], 0.0
        for cells, gap in zip(self._rows, gaps, strict=True):
            height = max((cell.height for cell in cells), default=0.0)
            tops.append((y, y + height))
            y += height + gap
        return tops, tops[-1][1]

    def _box(self, name: str) -> Rect:
        width, height = self._sizes[name]
        cell = self._nodes[name]
        return Rect(cell.x - cell.left, self._tops[2 * self._row[name]][0], width, height)

    def _route(self, at: int, boxes: Mapping[str, Rect]) -> Route:
        link, chain = self._links[at], self._chains[at]
        if link.source == link.target:
            return self._loop(boxes[link.source], self._nodes[link.source].x + self._lanes[at, link.source], link)
        back = at in self._back
        upper = link.target if back else link.source
        first = 2 * self._row[upper]
        bends = [(cell.x, *self._tops[first + nth]) for nth, cell in enumerate(chain)]
        label = self._label(chain[-2 if back else 1], link, bends[-2 if back else 1])
        if back:
            return Route(self._path_back(at, link, boxes, bends), label)
        (_, _, bottom), (_, top, _) = bends[0], bends[-1]
        start = boxes[link.source].y + boxes[link.source].height
        path = [f"M{self._ports[at, True]:.1f},{start:.1f}"]
        stops = [(self._ports[at, True], start, bottom), *bends[1:-1], (self._ports[at, False], top, top)]
        path += [_down(above, below) for above, below in pairwise(stops)]
        return Route(" ".join(path), label)

    def _label(self, cell: Cell, link: Link, bend: tuple[float, float, float]) -> Rect | None:
        _, top, bottom = bend
        y = (top + bottom - link.height) / 2
        return Rect(cell.x - link.width / 2, y, link.width, link.height) if link.height else None

    def _path_back(
        self, at: int, link: Link, boxes: Mapping[str, Rect], bends: Sequence[tuple[float, float, float]]
    ) -> str:
        source, target = boxes[link.source], boxes[link.target]
        right, y = source.x + source.width, source.y + source.height / 4
        lane = self._nodes[link.source].x + self._lanes[at, link.source]
        path = [f"M{right:.1f},{y:.1f} H{lane - _TURN:.1f} Q{lane:.1f},{y:.1f} {lane:.1f},{y - _TURN:.1f}"]
        arrival = self._nodes[link.target].x + self._lanes[at, link.target]
        stops = [(lane, bends[-1][1], 0.0), *reversed(bends[1:-1]), (arrival, 0.0, bends[0][2])]
        path += [_up(below, above) for below, above in pairwise(stops)]
        right, y = target.x + target.width, target.y + target.height / 4
        path += [f"V{y + _TURN:.1f} Q{arrival:.1f},{y:.1f} {arrival - _TURN:.1f},{y:.1f} H{right:.1f}"]
        return " ".join(path)

    def _loop(self, box: Rect, right: float, link: Link) -> Route:
        low, high, out = box.y + box.height * 0.95, box.y + box.height * 0.5, right + LANE
        path = f"M{right:.1f},{low:.1f} C{out:.1f},{low:.1f} {out:.1f},{high:.1f} {right:.1f},{high:.1f}"
        y = _loop_label(box.y, box.height, link)
        label = Rect(right + LANE * 0.75, y, link.width, link.height) if link.height else None
        return Route(path, label)


def _loop_label(y: float, height: float, link: Link) -> float:
    """Its upper edge, beside a loop in the lower part of a node, below the links that lead back there."""
    return y + max(height * 0.725 - link.height / 2, height / 4 + 6)


def _down(above: tuple[float, float, float], below: tuple[float, float, float]) -> str:
    """Down to the bottom of one row, over to the next."""
    (x, _, bottom), (to, top, _) = above, below
    return _bent(x, bottom, to, top)


def _up(below: tuple[float, float, float], above: tuple[float, float, float]) -> str:
    (x, top, _), (to, _, bottom) = below, above
    return _bent(x, top, to, bottom)


def _bent(x: float, y: float, to: float, end: float) -> str:
    middle = (y + end) / 2
    return f"L{x:.1f},{y:.1f} C{x:.1f},{middle:.1f} {to:.1f},{middle:.1f} {to:.1f},{end:.1f}"

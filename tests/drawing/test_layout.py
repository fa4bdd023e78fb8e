"""A layout is a picture in which nothing covers anything, whatever the graph."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceapp.drawing.layers import Link, layered, leading_back
from voiceapp.drawing.layout import Layout, Rect, lay_out
from voiceapp.drawing.rows import spread


class Graph(NamedTuple):
    sizes: dict[str, tuple[float, float]]
    links: list[Link]


@st.composite
def graphs(draw: st.DrawFn, most: int = 60) -> Graph:
    count = draw(st.integers(1, most))
    names = [f"n{at}" for at in range(count)]
    side = st.integers(20, 240)
    sizes = {name: (float(draw(side)), float(draw(st.integers(26, 80)))) for name in names}
    name = st.sampled_from(names)
    ends = draw(st.lists(st.tuples(name, name), max_size=2 * count, unique=True))
    label = st.one_of(st.just((0.0, 0.0)), st.tuples(st.floats(8, 180), st.sampled_from([17.0, 32.0, 47.0])))
    return Graph(sizes, [Link(source, target, *draw(label)) for source, target in ends])


def overlap(one: Rect, two: Rect) -> bool:
    """By more than a hair."""
    across = min(one.x + one.width, two.x + two.width) - max(one.x, two.x)
    down = min(one.y + one.height, two.y + two.height) - max(one.y, two.y)
    return across > 0.1 and down > 0.1


def points(path: str) -> Iterator[tuple[float, float]]:
    """Points along an SVG path, close to one another."""
    x = y = 0.0
    for command, numbers in re.findall(r"([MLCQHV])([-\d., ]*)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command in "HV":
            values = [values[0], y] if command == "H" else [x, values[0]]
        corners = [(x, y), *zip(values[::2], values[1::2], strict=True)]
        if command != "M":
            yield from (_bezier(corners, at / 12) for at in range(13))
        x, y = corners[-1]


def _bezier(corners: Sequence[tuple[float, float]], at: float) -> tuple[float, float]:
    while len(corners) > 1:
        corners = [(a + (c - a) * at, b + (d - b) * at) for (a, b), (c, d) in pairwise(corners)]
    return corners[0]


def crossed(path: str, boxes: Iterable[Rect]) -> list[Rect]:
    """Those of the boxes that a path leads into."""
    along = list(points(path))
    return [
        box
        for box in boxes
        if any(
            box.x + 0.2 < x < box.x + box.width - 0.2 and box.y + 0.2 < y < box.y + box.height - 0.2
            for x, y in along
        )
    ]


def check_picture(graph: Graph, layout: Layout) -> None:
    labels = [route.label for route in layout.routes if route.label is not None]
    everything = [*layout.boxes.values(), *labels]
    assert not [pair for pair in combinations(everything, 2) if overlap(*pair)]
    for rect in everything:
        assert rect.x >= -0.1
        assert rect.y >= -0.1
        assert rect.x + rect.width <= layout.width + 0.1
        assert rect.y + rect.height <= layout.height + 0.1
    for link, route in zip(graph.links, layout.routes, strict=True):
        assert (route.label is None) == (link.height == 0)
        others = [label for label in labels if label is not route.label]
        assert crossed(route.path, (*layout.boxes.values(), *others)) == []


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_nothing_covers_anything(graph: Graph) -> None:
    check_picture(graph, lay_out(graph.sizes, graph.links))


@pytest.mark.parametrize("seed", range(12))
def test_nothing_covers_anything_in_a_dense_graph(seed: int) -> None:
    """As flows are, but crowded: most links lead a little further, some back or far, all with wide labels."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    names = [f"n{at}" for at in range(50)]
    sizes = {name: (float(chance.randrange(60, 240)), float(chance.randrange(26, 80))) for name in names}
    steps = [chance.choice((1, 1, 1, 2, 3, 4, 9, -2, 0)) for _ in range(90)]
    ends = dict.fromkeys((at % 50, min(max(at % 50 + step, 0), 49)) for at, step in enumerate(steps))
    links = [Link(names[one], names[two], float(chance.randrange(10, 180)), 17.0) for one, two in ends]
    check_picture(Graph(sizes, links), lay_out(sizes, links))


@given(graphs(20))
@settings(max_examples=40, deadline=None)
def test_a_link_begins_and_ends_at_its_nodes(graph: Graph) -> None:
    layout = lay_out(graph.sizes, graph.links)
    for link, route in zip(graph.links, layout.routes, strict=True):
        first, *_, last = points(route.path)
        for (x, y), box in ((first, layout.boxes[link.source]), (last, layout.boxes[link.target])):
            assert box.x - 0.2 <= x <= box.x + box.width + 0.2
            assert box.y - 0.2 <= y <= box.y + box.height + 0.2


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_rows_lead_down_but_for_the_links_that_lead_back(graph: Graph) -> None:
    back = leading_back(graph.sizes, graph.links)
    rows = layered({name: width for name, (width, _) in graph.sizes.items()}, graph.links, back)
    for at, link in enumerate(graph.links):
        if link.source == link.target:
            assert at not in back
        else:
            assert (rows[link.target] > rows[link.source]) == (at not in back)


def test_a_chain_is_a_straight_line() -> None:
    names = [f"n{at}" for at in range(6)]
    links = [Link(one, two, 30, 17) for one, two in pairwise(names)]
    layout = lay_out({name: (100.0 + 20 * at, 40.0) for at, name in enumerate(names)}, links)
    assert len({round(box.x + box.width / 2, 3) for box in layout.boxes.values()}) == 1
    assert [box.y for box in layout.boxes.values()] == sorted(box.y for box in layout.boxes.values())


def test_siblings_do_not_cross() -> None:
    sizes = dict.fromkeys(("top", "a", "b", "c", "x", "y", "z"), (80.0, 40.0))
    links = [Link("top", name) for name in "abc"] + [Link("a", "z"), Link("b", "y"), Link("c", "x")]
    boxes = lay_out(sizes, links).boxes
    assert [boxes[name].x for name in "abc"] == [boxes[name].x for name in "zyx"]


def test_a_wide_row_is_broken() -> None:
    names = [f"n{at}" for at in range(20)]
    layout = lay_out({"top": (80.0, 40.0)} | dict.fromkeys(names, (160.0, 40.0)), [Link("top", n) for n in names])
    assert layout.width < 2600  # in one row: 3,700


def test_parts_stand_beside_one_another() -> None:
    sizes = dict.fromkeys("abcde", (100.0, 40.0))
    boxes = lay_out(sizes, [Link("a", "b"), Link("b", "c")]).boxes
    assert boxes["d"].x == boxes["e"].x > boxes["a"].x + 100
    assert boxes["e"].y > boxes["d"].y + 40


@given(
    st.lists(
        st.tuples(st.floats(-500, 500), st.floats(0.1, 8), st.floats(1, 100)),
        min_size=1,
        max_size=12,
    )
)
def test_spread_keeps_its_distance_and_moves_as_little_as_can_be(aims: list[tuple[float, float, float]]) -> None:
    steps = [step for _, _, step in aims[1:]]
    wanted = [(aim, weight) for aim, weight, _ in aims]
    places = spread(wanted, steps)
    assert all(two - one >= step - 1e-6 for one, two, step in zip(places, places[1:], steps, strict=False))
    cost = _cost(places, wanted)
    for at in range(len(places)):  # no run of neighbours can be shifted to better places
        for until in range(at + 1, len(places) + 1):
            for shift in (-0.01, 0.01):
                other = [x + shift if at <= n < until else x for n, x in enumerate(places)]
                if all(b - a >= s - 1e-9 for a, b, s in zip(other, other[1:], steps, strict=False)):
                    assert _cost(other, wanted) >= cost - 1e-3


def _cost(places: list[float], wanted: list[tuple[float, float]]) -> float:
    return sum(weight * (x - aim) ** 2 for x, (aim, weight) in zip(places, wanted, strict=True))

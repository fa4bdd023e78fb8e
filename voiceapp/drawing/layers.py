"""The first half of a layered layout: which edges lead back, and which row each node stands in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from math import sqrt

_WIDEST = 1200.0
"""Pixels that the nodes of one row may take together; more in a large drawing, which is not to be a ribbon."""


@dataclass(frozen=True)
class Link:
    """An edge to be laid out, with the size of its label in pixels (0: none)."""

    source: str
    target: str
    width: float = 0.0
    height: float = 0.0


def connected(nodes: Collection[str], links: Sequence[Link]) -> list[tuple[list[str], list[int]]]:
    """The parts that hang together: nodes and (by their place in the list) links of each, in the order given."""
    part = {node: node for node in nodes}

    def root(node: str) -> str:
        while part[node] != node:
            part[node] = part[part[node]]
            node = part[node]
        return node

    for link in links:
        part[root(link.target)] = root(link.source)
    parts: dict[str, tuple[list[str], list[int]]] = {}
    for node in nodes:
        parts.setdefault(root(node), ([], []))[0].append(node)
    for at, link in enumerate(links):
        parts[root(link.source)][1].append(at)
    return list(parts.values())


def leading_back(nodes: Collection[str], links: Sequence[Link]) -> frozenset[int]:
    """The links, by their place in the list, without which there is no cycle: those that close one on a walk from
    the first nodes on. A link from a node to itself is not among them."""
    after: dict[str, list[int]] = {node: [] for node in nodes}
    for at, link in enumerate(links):
        if link.source != link.target:
            after[link.source].append(at)
    back, done, under_way = set[int](), set[str](), set[str]()
    for start in nodes:
        path = [] if start in done else [(start, iter(after[start]))]
        under_way.update(node for node, _ in path)
        while path:
            node, rest = path[-1]
            for at in rest:
                target = links[at].target
                if target in under_way:
                    back.add(at)
                elif target not in done:
                    under_way.add(target)
                    path.append((target, iter(after[target])))
                    break
            else:
                done.add(node)
                under_way.discard(node)
                path.pop()
    return frozenset(back)


def layered(widths: Mapping[str, float], links: Sequence[Link], back: Collection[int]) -> dict[str, int]:
    """A row for each node, from 0: below everything that leads to it, and no row too wide."""
    widest = max(_WIDEST, 12 * sqrt(sum(widths.values())))
    before: dict[str, set[str]] = {node: set() for node in widths}
    after: dict[str, set[str]] = {node: set() for node in widths}
    for at, link in enumerate(links):
        if at not in back and link.source != link.target:
            before[link.target].add(link.source)
            after[link.source].add(link.target)
    rows: dict[str, int] = {}
    used = defaultdict[int, float](float)
    order = list(TopologicalSorter({node: sorted(before[node]) for node in widths}).static_order())
    for node in order:
        row = max((rows[other] for other in before[node]), default=-1) + 1
        while used[row] and used[row] + widths[node] > widest:
            row += 1
        rows[node] = row
        used[row] += widths[node]
    for node in reversed(order):
        if after[node] and not before[node]:  # a start: close to where it leads
            row = min(rows[other] for other in after[node]) - 1
            while row > rows[node] and used[row] and used[row] + widths[node] > widest:
                row -= 1
            used[rows[node]] -= widths[node]
            used[row] += widths[node]
            rows[node] = row
    return rows

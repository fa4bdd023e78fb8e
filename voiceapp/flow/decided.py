"""What a condition comes to when only some names are known: what is said of the carrier is known beforehand."""

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import nodes

from voiceapp.flow.templates import Condition, expression_tree


def decided(condition: Condition, known: Mapping[str, str]) -> bool | None:
    """True or false whatever the other names hold; None when it depends on them."""
    if known.keys().isdisjoint(condition.names):
        return None
    return _decided(_tree(condition.source), known)


@lru_cache(maxsize=1024)
def _tree(source: str) -> nodes.Node:
    return expression_tree(source)


def _decided(node: nodes.Node, known: Mapping[str, str]) -> bool | None:
    match node:
        case nodes.Not(node=inner):
            verdict = _decided(inner, known)
            return None if verdict is None else not verdict
        case nodes.And(left=left, right=right):
            sides = _decided(left, known), _decided(right, known)
            return False if False in sides else None if None in sides else True
        case nodes.Or(left=left, right=right):
            sides = _decided(left, known), _decided(right, known)
            return True if True in sides else None if None in sides else False
        case nodes.Compare(expr=nodes.Name(name=name), ops=[nodes.Operand(op=op, expr=nodes.Const(value=value))]):
            if name not in known or op not in ("eq", "ne"):
                return None
            return (known[name] == value) is (op == "eq")
        case _:
            return None

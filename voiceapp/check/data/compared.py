"""What a part of a condition compares its one variable with, and which part of the time it looks at."""

from collections.abc import Mapping

from jinja2 import nodes

NOW = "now"
FIELDS: Mapping[str, range] = {
    "month": range(1, 13),
    "day": range(1, 32),
    "weekday": range(1, 8),
    "hour": range(24),
    "minute": range(60),
    "second": range(60),
}
"""What the parts of the time can be."""


def field_of_time(node: nodes.Node) -> str | None:
    """The one part of `now` that is looked at here; None where it is not all that is looked at."""
    fields = [one.attr for one in node.find_all(nodes.Getattr) if one.node == nodes.Name(NOW, "load")]
    named = list(node.find_all(nodes.Name))
    alone = len(set(fields)) == 1 and len(fields) == len(named)
    return fields[0] if alone and fields[0] in FIELDS else None


def compared(leaf: nodes.Node) -> Mapping[str, frozenset[object]]:
    """The one variable of a leaf that compares it with constants only, with these."""
    match leaf:
        case nodes.Name(name=name):
            return {str(name): frozenset({0})}
        case nodes.Test(node=nodes.Name(name=name)):
            return {str(name): frozenset()}
        case nodes.Compare(expr=first, ops=operands):
            sides = [first, *(operand.expr for operand in operands)]
            variables = [variable for side in sides if (variable := _variable(side)) is not None]
            others = [_constants(side) for side in sides if _variable(side) is None]
            named_last = any(op.op in ("in", "notin") and _variable(op.expr) is not None for op in operands)
            if len(variables) == 1 and None not in others and not named_last:
                constants = frozenset(value for some in others if some is not None for value in some)
                ordered = any(op.op in ("lt", "lteq", "gt", "gteq") for op in operands)
                if not (ordered and any(isinstance(value, str) for value in constants)):
                    return {variables[0]: constants}
        case _:
            pass
    return {}


def _variable(node: nodes.Node) -> str | None:
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Filter(name="default", node=nodes.Name(name=name), args=others):
            return str(name) if all(_constants(other) is not None for other in others) else None
        case _:
            return None


def _constants(node: nodes.Node) -> tuple[object, ...] | None:
    """What is written out here; None when it is no constant, nor a list of them."""
    match node:
        case nodes.Const(value=value):
            return (value,)
        case nodes.Neg(node=nodes.Const(value=int() | float() as number)):
            return (-number,)
        case nodes.List(items=items) | nodes.Tuple(items=items):
            values = [_constants(item) for item in items]
            return (
                None if None in values else tuple(value for some in values if some is not None for value in some)
            )
        case _:
            return None

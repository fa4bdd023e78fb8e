"""How a phone number is shown where it is nobody's business."""

import re

_ENCODED_PLUS = re.compile("%2[Bb]")


def mask(number: str) -> str:
    """`+33612345678` as `+336******78`: the middle is hidden, and below 7 digits everything."""
    number = _ENCODED_PLUS.sub("+", number)
    sign = "+" if number.startswith("+") else ""
    digits = re.sub("%20|[^0-9]", "", number)
    if len(digits) < 7:
        return sign + "*" * len(digits)
    return f"{sign}{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"

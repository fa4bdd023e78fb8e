"""The tables of the documentation, from the code: `python -m voiceapp.reference docs/` writes them anew.

A page marks where a table belongs by `<!-- verbs -->` and `<!-- /verbs -->`; what stands between is replaced.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from pydantic.fields import FieldInfo

from voiceapp.carriers import Callr, Routee
from voiceapp.carriers.portable import Manners
from voiceapp.check.kinds import KINDS
from voiceapp.flow.allowed_syntax import FILTERS
from voiceapp.flow.fields import Way, WayField
from voiceapp.flow.flow import Head
from voiceapp.flow.steps import STEPS, Step
from voiceapp.settings import rows


def verb_rows() -> list[list[str]]:
    """A row for each verb: what it does, its own keys with their defaults, its ways out besides `next`."""
    table = []
    for step in STEPS:
        fields = {info.alias or name: info for name, info in step.model_fields.items()}
        own = {key: info for key, info in fields.items() if key not in (step.verb, "next", "note")}
        ways = [key for key, info in own.items() if _is_way(info)]
        keys = [f"`{key}`{_default(info)}" for key, info in own.items() if key not in ways]
        table.append([f"`{step.verb}`", step.summary, ", ".join(keys), ", ".join(f"`{way}`" for way in ways)])
    return table


def head_rows() -> list[list[str]]:
    """A row for each key at the top of a flow."""
    return [[f"`{name}`", info.description or "", _default(info).strip(" ()")] for name, info in _head()]


def _head() -> Iterable[tuple[str, FieldInfo]]:
    return ((info.alias or name, info) for name, info in Head.model_fields.items())


def _is_way(info: FieldInfo) -> bool:
    return info.annotation == WayField | None or Way in (info.annotation, *get_args(info.annotation))


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return " (required)"
    default = info.get_default()
    if default in (None, "", {}, ()):
        return ""
    return f" ({str(default).lower() if isinstance(default, bool) else default})"


def setting_rows() -> list[list[str]]:
    """A row for each setting."""
    return [
        [f"`{row.variable}`", f"`{row.option}`" if row.option else "", row.type, row.default or "–", row.help]
        for row in rows()
    ]


def check_rows() -> list[list[str]]:
    """A row for each thing that can be said of a flow."""
    return [[kind.id, kind.severity, kind.title, kind.why] for kind in KINDS]


def portability_rows() -> list[list[str]]:
    """A row for each verb, and one for each key that a carrier does in a manner of its own."""
    carriers = [Callr.manners, Routee.manners]
    body = [[f"`{step.verb}`", *(str(one.verbs[step.verb]) for one in carriers)] for step in STEPS]
    for key in dict.fromkeys(item.key for one in carriers for item in one.keys):
        verbs: dict[tuple[str, ...], list[str]] = {}
        for step in STEPS:
            cells = tuple(_manner_of(one, step.verb, key) for one in carriers)
            if any(cells):
                verbs.setdefault(cells, []).append(f"`{step.verb}`")
        for cells, those in verbs.items():
            body.append([f"{', '.join(those)}: {key}", *(cell or "as the verb" for cell in cells)])
    return [*body, ["`on_machine`", *(str(one.on_machine) for one in carriers)]]


def _manner_of(manners: Manners, verb: str, key: str) -> str:
    return next((str(item.manner) for item in manners.keys if item.key == key and verb in item.verbs), "")


def examples() -> str:
    """Every verb with the example its file holds."""
    return "\n\n".join(_example(step) for step in STEPS)


def _example(step: type[Step]) -> str:
    summary = (step.__doc__ or "").strip().splitlines()[0]
    body = "\n".join(f"    {line}" for line in step.example.splitlines())
    return f"### `{step.verb}`\n\n{summary}\n\n```yaml\n  a_step:\n{body}\n```"


def table(head: list[str], body: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def blocks() -> dict[str, str]:
    """Every generated block by its mark."""
    return {
        "verbs": table(["verb", "does", "own keys (default)", "ways out besides `next`"], verb_rows()),
        "examples": examples(),
        "head": table(["key", "says", "default"], head_rows()),
        "filters": ", ".join(f"`{name}`" for name in sorted(FILTERS)),
        "portability": table(["what a flow says", Callr.title, Routee.title], portability_rows()),
        "checks": table(["id", "severity", "finds", "because"], check_rows()),
        "settings": table(["variable", "option", "value", "default", "meaning"], setting_rows()),
    }


def rewritten(page: str) -> str:
    """The page with every block between its marks as it should be."""
    for mark, text in blocks().items():
        start, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
        before, found, rest = page.partition(start)
        if found:
            page = f"{before}{start}{text}\n{end}{rest.partition(end)[2]}"
    return page


def main() -> None:
    """Rewrites the pages of the folder named on the command line."""
    for file in sorted(Path(sys.argv[1]).glob("*.md")):
        page = file.read_text(encoding="utf-8")
        file.write_text(rewritten(page), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Who may import whom, and what pure code may not touch: the picture in docs/architecture.md, held to the code."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import voiceapp

ROOT = Path(voiceapp.__path__[0])
MODULES = {
    ".".join(("voiceapp", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

PURE = ("voiceapp.engine", "voiceapp.flow", "voiceapp.carriers")
PROOF = tuple(f"voiceapp.{name}" for name in ("check", "drawing", "schema", "starters", "wording"))
REHEARSED = tuple(f"voiceapp.{name}" for name in ("rehearsal", "paths", "changes", "fuzzing"))
SHELL = (
    "service",
    "web",
    "store",
    "egress",
    "emulators",
    "terminal",
    "cli",
    "settings",
    "metrics",
    "logs",
)

MAY_NOT_IMPORT = [
    ("voiceapp.engine", ("voiceapp.carriers",)),
    ("voiceapp.carriers", ("voiceapp.engine",)),
    *((part, tuple(f"voiceapp.{name}" for name in SHELL)) for part in PURE),
    ("voiceapp.flow", ("voiceapp.carriers", "voiceapp.engine", *PROOF)),
    ("voiceapp.engine", PROOF),
    ("voiceapp.schema", ("voiceapp.carriers", "voiceapp.engine")),
    ("voiceapp.carriers", PROOF),
    *((part, tuple(f"voiceapp.{name}" for name in SHELL)) for part in PROOF),
    *(
        (part, tuple(f"voiceapp.{name}" for name in ("web", "cli", "terminal", "settings", "outbound")))
        for part in REHEARSED
    ),
    *(
        (f"voiceapp.{part}", REHEARSED)
        for part in ("service", "web", "outbound", "store", "turn", "flow", "engine", "carriers")
    ),
    ("voiceapp.turn", tuple(f"voiceapp.{name}" for name in SHELL)),
    (
        "voiceapp.store",
        ("voiceapp.engine", "voiceapp.carriers", "voiceapp.flow", "voiceapp.service", "voiceapp.web"),
    ),
    (
        "voiceapp.egress",
        ("voiceapp.engine", "voiceapp.carriers", "voiceapp.service", "voiceapp.web", "voiceapp.store"),
    ),
    (
        "voiceapp.outbound",
        ("voiceapp.web", "voiceapp.cli", "voiceapp.terminal", "voiceapp.emulators", "voiceapp.egress", "aiohttp"),
    ),
    (
        "voiceapp.tolls",
        tuple(
            f"voiceapp.{name}" for name in ("flow", "engine", "carriers", "service", "outbound", "store", "web")
        ),
    ),
    (
        "voiceapp.service",
        ("voiceapp.outbound", "voiceapp.web", "voiceapp.cli", "voiceapp.terminal", "voiceapp.emulators"),
    ),
    ("voiceapp.web", ("voiceapp.cli", "voiceapp.terminal", "voiceapp.emulators")),
    *(
        (f"voiceapp.{name}", ("voiceapp.flow", "voiceapp.engine"))
        for name in ("events", "actions", "call", "errors", "attempt", "terms", "exchange")
    ),
]

MODULE_LINES = 320


def imported(name: str) -> Iterator[str]:
    """Every module, and every name of a module, that a module imports, wherever in it."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(TREES[name]):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                source = ".".join([*above, *([module] if module else [])])
                yield source
                yield from (f"{source}.{alias.name}" for alias in aliases)
            case _:
                pass


def below(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


def modules(*parts: str) -> list[str]:
    return [name for name in MODULES if any(below(name, part) for part in parts)]


@pytest.mark.parametrize(
    ("part", "others"), MAY_NOT_IMPORT, ids=lambda value: value if isinstance(value, str) else ""
)
def test_who_may_not_import_whom(part: str, others: tuple[str, ...]) -> None:
    assert modules(part), f"there is no {part}"
    found = [(name, other) for name in modules(part) for other in imported(name) if _any_below(other, others)]
    assert found == []


def _any_below(name: str, parts: tuple[str, ...]) -> bool:
    return any(below(name, part) for part in parts)


@pytest.mark.parametrize("name", modules("voiceapp.emulators"))
def test_emulators_share_nothing_with_the_server(name: str) -> None:
    allowed = {"aiohttp", "msgspec", *sys.stdlib_module_names}
    others = {other for other in imported(name) if other.partition(".")[0] not in allowed}
    assert {other for other in others if not below(other, "voiceapp.emulators")} == set()


def test_only_the_settings_read_the_environment() -> None:
    readers = {name for name, tree in TREES.items() if "environ" in names(tree) or "getenv" in names(tree)}
    assert readers <= {"voiceapp.settings"}


def names(tree: ast.AST) -> set[str]:
    """Every name and attribute in the code."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


CLOCKS_AND_CHANCE = {
    "time",
    "random",
    "secrets",
    "asyncio",
    "uuid",
    "threading",
    "socket",
    "subprocess",
    "logging",
}


PURE_PARTS = (
    "voiceapp.turn",
    "voiceapp.reports",
    "voiceapp.tolls.rules",
    "voiceapp.outbound.click_to_call",
)


@pytest.mark.parametrize("name", [*modules(*PURE, "voiceapp.schema"), *PURE_PARTS])
def test_pure_code_knows_no_clock_no_chance_and_no_network(name: str) -> None:
    assert CLOCKS_AND_CHANCE & {other.partition(".")[0] for other in imported(name)} == set()
    calls = {ast.unparse(node.func) for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)}
    clocks = {call for call in calls if re.search(r"\b(datetime|date)\.(now|today|utcnow)$", call)}
    assert clocks | (calls & {"open", "print", "input"}) == set()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_says_what_it_is(name: str) -> None:
    lines = MODULES[name].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MODULE_LINES
    assert not lines or ast.get_docstring(TREES[name])


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_evaluated_trusted_or_ignored_wholesale(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    calls = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)]
    assert {ast.unparse(call.func) for call in calls} & {"eval", "exec", "compile", "__import__"} == set()
    trusted = [word for call in calls for word in call.keywords if word.arg == "trusted"]
    assert [word for word in trusted if ast.unparse(word.value) != "False"] == []
    assert re.findall(r"#\s*type:\s*ignore(?!\[)", text) == []
    assert re.findall(r"#\s*noqa(?!:)", text) == []


def test_the_list_of_verbs_is_the_list_of_their_files() -> None:
    files = {path.stem for path in (ROOT / "flow" / "steps").glob("*.py")} - {"__init__", "step", "question"}
    listed = {other.split(".")[3] for other in imported("voiceapp.flow.steps") if other.count(".") == 4}
    assert listed - {"step"} == files

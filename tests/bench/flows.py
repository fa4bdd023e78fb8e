"""The flows that are measured: menus that lead to one another, each with one template to render."""

from pathlib import Path

KEYS = "123"
"""The keys that every menu knows; whatever is pressed leads to another menu, for ever."""


def write_flow(folder: Path, steps: int) -> str:
    """A flow of so many steps below `folder`; its name."""
    name = f"steps{steps}"
    lines = [f"flow: {name}", "title: A benchmark", "languages: [en-GB]", "voice: {en-GB: female}", "steps:"]
    menus = steps - 1
    for step in range(menus):
        ways = ((step + 1) % menus, (step * 7 + 1) % menus, (step * 31 + 5) % menus)
        keys = ", ".join(f"{key}: m{way}" for key, way in zip(KEYS, ways, strict=True))
        prompt = f"This is menu {step} for you who call {{{{ called }}}}. Press 1, 2 or 3."
        lines += [f"  m{step}:", f'    menu: "{prompt}"', f"    keys: {{{keys}}}", "    otherwise: goodbye"]
    lines += ["  goodbye:", "    end: Goodbye."]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name

"""The cases of the rules: every `tables/*.yaml`, a list of cases each, one table for a family of rules.

```yaml
- rule: VF101                     # the rule that looks; no other does
  title: a step behind the last   # what the case is about, once in a table
  flow: |                         # the file `test.yaml`; `flow:` and `languages: [en-GB]` are put BELOW it when
    steps:                        # they are missing, so that the lines count as they stand here
      hello:
        end: Hello.
      lost:
        end: Nobody hears this.
  others: {survey: "steps: …"}    # optional: the flows beside it in the folder, by name
  audio: [chime.wav]              # optional: empty files in its folder of sounds; without it, that is not known
  finds:                          # `line:column: message` of everything it finds; nothing: a good flow
    - "4:5: no call ever comes to this step"
```

Every rule needs one case with findings and one without. A rule is tried on all other cases too: it must not raise.
"""

import re
from pathlib import Path

import msgspec
import yaml

from voiceapp.check.subject import Subject
from voiceapp.flow.flow import Flow
from voiceapp.flow.library import scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.flow.surroundings import Surroundings

TABLES = Path(__file__).parent / "tables"


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One flow and what one rule finds in it; see above."""

    rule: str
    title: str
    flow: str
    others: dict[str, str] = {}
    audio: list[str] | None = None
    finds: list[str] = []


def read_cases(table: Path) -> tuple[Case, ...]:
    """The cases of one table; raises msgspec.ValidationError where one is not as described above."""
    return msgspec.convert(yaml.safe_load(table.read_text(encoding="utf-8")), tuple[Case, ...])


CASES = [
    (f"{table.stem}: {case.rule} {case.title}", case)
    for table in sorted(TABLES.glob("*.yaml"))
    for case in read_cases(table)
]


def subject_of(case: Case, folder: Path) -> Subject:
    """What the rule looks at; its sounds are put below `folder`."""
    audio = None if case.audio is None else folder / "audio"
    for name in case.audio or ():
        sound = folder / "audio" / name
        sound.parent.mkdir(parents=True, exist_ok=True)
        sound.touch()
    return subject("test", {"test": case.flow, **case.others}, audio)


def subject(name: str, texts: dict[str, str], audio: Path | None = None) -> Subject:
    """One of these flows, by name, among the others; raises FlowProblems where one of them does not load."""
    around = Surroundings(audio=audio, flows=texts)
    flows = {one: _load(one, text, around) for one, text in texts.items()}
    return Subject(scripts_of(flows)[name], flows, audio)


def _load(name: str, text: str, around: Surroundings) -> Flow:
    text = text.rstrip("\n")
    for key, value in (("flow", name), ("languages", "[en-GB]")):
        if not re.search(rf"^{key}:", text, re.MULTILINE):
            text += f"\n{key}: {value}"
    return load_flow(f"{text}\n".encode(), f"{name}.yaml", around)

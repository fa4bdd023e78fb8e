"""The flows that these tests look at."""

from pathlib import Path

from voiceapp.flow.flow import Flow
from voiceapp.flow.loader import load_flow
from voiceapp.wording.lines import lines_of

ODD = Path(__file__).with_name("odd.yaml")
SHIPPED = sorted((Path(__file__).parents[2] / "flows").glob("*.yaml"))


def flow_in(file: Path) -> Flow:
    return load_flow(file.read_bytes(), str(file))


def flow_of(source: str) -> Flow:
    return load_flow(source.encode(), "odd.yaml")


def texts_of(flow: Flow) -> dict[tuple[str, str], str]:
    """All texts of a flow by line and language."""
    return {(line.id, language): text for line in lines_of(flow) for language, text in line.texts.items()}

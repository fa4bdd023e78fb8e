"""Results as JUnit's XML, which CI servers show."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from voiceapp.rehearsal.running import Result


def junit_xml(results: Iterable[Result]) -> str:
    """One test suite a flow, one test case a scenario and carrier."""
    root = Element("testsuites")
    by_flow: dict[str, list[Result]] = {}
    for result in results:
        by_flow.setdefault(result.scenario.flow, []).append(result)
    for flow, played in by_flow.items():
        failed = sum(1 for result in played if not result.passed)
        suite = SubElement(root, "testsuite", name=flow, tests=str(len(played)), failures=str(failed))
        for result in played:
            _case(suite, result)
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(suite: Element, result: Result) -> None:
    scenario = result.scenario
    case = SubElement(
        suite,
        "testcase",
        classname=f"{scenario.flow}.{result.carrier}" if result.carrier else scenario.flow,
        name=scenario.name,
        file=scenario.file,
        line=str(scenario.place.line if result.passed else result.place.line),
    )
    if not result.passed:
        first = result.differences[0]
        failure = SubElement(
            case, "failure", message=f"{first.what}: expected {first.expected}, came {first.came}"
        )
        failure.text = "\n".join(
            f"{one.what}: expected {one.expected}\n{' ' * len(one.what)}      came {one.came}"
            for one in result.differences
        )

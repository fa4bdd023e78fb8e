"""A flow as a graph: ways out and where they lead, what can be come to, and what can come to an end."""

from tests.paths.scenes import SCRIPTS
from tests.rehearsal.stage import script
from voiceapp.flow.fields import REPEAT
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, Edge, graph_of, ways_out

LINE = """\
flow: line
languages: [en-GB]
keys: {"0": desk, "1": repeat, "*": repeat}
on_error: sorry
steps:
  hello: {say: Hello.}
  main: {menu: One or two., keys: {1: code, 2: {say: Two., next: repeat}}, otherwise: sorry}
  code: {ask: Keys., answer: {digits: 1-2}}
  test: {branch: [{if: code == '1', next: hello}, {if: code == '2', next: end}], otherwise: main}
  desk: {dial: "+33123456701", busy: sorry}
  alone: {say: Never., next: alone}
  sorry: {end: Sorry.}
"""


def flow() -> Flow:
    return script(LINE).flow


def test_the_ways_out_of_each_step() -> None:
    ways = {name: {way.name: str(way.to) for way in ways_out(flow(), name)} for name in flow().steps}
    assert ways["hello"] == {"next": "main"}
    assert ways["main"] == {
        "key 1": "code",
        "key 2": "main.2",
        "otherwise": "sorry",
        "flow key 0": "desk",
        "flow key *": "repeat",
    }
    assert ways["main.2"] == {"next": REPEAT}
    assert ways["code"] == {"next": "test", "otherwise": "end", "flow key *": "repeat"}
    assert ways["test"] == {"if 1": "hello", "if 2": "end", "otherwise": "main"}
    assert ways["desk"] == {"answered": "alone", "busy": "sorry", "no_answer": "alone", "failed": "alone"}
    assert ways["sorry"] == {}


def test_repeat_leads_to_the_question_that_was_asked() -> None:
    edges = graph_of(flow()).edges
    assert Edge("main.2", "next", "main") in edges["main.2"]
    assert Edge("main", "flow key *", "main") in edges["main"]
    assert Edge("code", "flow key *", "code") in edges["code"]
    assert not [edge for several in edges.values() for edge in several if edge.to == REPEAT]


def test_where_calls_begin_and_what_they_come_to() -> None:
    graph = graph_of(flow())
    assert graph.starts == {FIRST: "hello", "on_error": "sorry"}
    assert graph.reached() == {"hello", "main", "main.2", "code", "test", "desk", "alone", "sorry", "end"}
    assert graph.reached(["test"]) == graph.reached()
    assert graph.reached(["alone"]) == {"alone"}
    assert graph.reached([]) == frozenset()
    assert graph.reaching(["end"]) == {"end", "test", "code", "main", "main.2", "hello"}
    assert graph.reaching(["desk"]) == {"desk", "main", "main.2", "code", "test", "hello"}
    assert graph.following("test") == {"hello", "end", "main"}
    assert graph.following("sorry") == frozenset()


def test_every_edge_of_every_flow_leads_somewhere() -> None:
    for one in SCRIPTS.values():
        graph = graph_of(one.flow)
        for step, edges in graph.edges.items():
            assert {edge.step for edge in edges} <= {step}
            assert len({(edge.name, edge.to) for edge in edges}) == len(edges)
            for edge in edges:
                assert edge.to == "end" or edge.to in one.flow.steps
                assert edge.to in graph.following(step)
                assert step in graph.reaching([edge.to])
                assert edge.to in graph.reached([step])

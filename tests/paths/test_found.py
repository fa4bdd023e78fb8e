"""What a call is found for though it takes more than keys: slow back ends, failures, who calls and when, and what
a carrier tells only later. Each flow says one thing; everything of it has to be found."""

import pytest

from tests.rehearsal.stage import CARRIERS, script
from voiceapp.paths.exploring import Explored, explore
from voiceapp.paths.touring import Tour, tours
from voiceapp.rehearsal.coverage import Counting, Item

HEAD = "languages: [en-GB]\nsteps:\n"
FRENCH = "languages: [en-GB, fr-FR]\non_error: sorry\nsteps:\n"
TONGUE = (
    "  tongue: {menu: {en-GB: One or two., fr-FR: Un ou deux.},"
    " keys: {1: look, 2: {set: {language: fr-FR}, next: look}}, tries: 1, otherwise: look}\n"
)
SORRY = "  sorry: {end: {en-GB: Sorry., fr-FR: Pardon.}}\n"
FETCH = 'fetch: "https://a.example.com/"'


def flow(text: str, name: str = "line") -> str:
    return f"flow: {name}\n{text}"


def ways(name: str, count: int, begin: str = "k") -> str:
    return ", ".join(f"{{if: {name} == '{begin}{at}', next: end}}" for at in range(count))


async def toured(carrier: str, *texts: str) -> tuple[Explored, tuple[Tour, ...], set[Item]]:
    """The exploration of the first of these flows, its tours, and what none of them goes through."""
    whole = script(*texts)
    explored = await explore(whole, CARRIERS[carrier])
    wanted = set(Counting().of(whole.flow, [CARRIERS[carrier]]).items())
    found = await tours(whole, explored, sorted(wanted))
    return explored, found, wanted - frozenset[Item]().union(*(tour.covers for tour in found))


WHOLE: dict[str, tuple[str, ...]] = {
    "meanwhile, in every language": (
        flow(FRENCH + TONGUE + f"  look: {{{FETCH}, meanwhile: {{en-GB: Wait., fr-FR: Attendez.}}}}\n" + SORRY),
    ),
    "meanwhile, where a second is too late": (
        flow(HEAD + f"  look: {{{FETCH}, timeout: 0.9, meanwhile: Wait., failed: end}}\n"),
    ),
    "a failure in every language": (
        flow(FRENCH + TONGUE + "  look: {end: {en-GB: Bye., fr-FR: Au revoir.}}\n" + SORRY),
    ),
    "a failure behind a question that was asked before": (
        flow(
            FRENCH + "  tongue: {menu: {en-GB: One or two., fr-FR: Un ou deux.}, keys: {1: bye,"
            " 2: {set: {language: fr-FR}, next: tongue}}, tries: 1, otherwise: end}\n"
            "  bye: {end: {en-GB: Bye., fr-FR: Au revoir.}}\n" + SORRY
        ),
    ),
    "a failure of a question": (
        flow(FRENCH + TONGUE + "  look: {menu: {en-GB: A., fr-FR: B.}, keys: {1: end}, tries: 1}\n" + SORRY),
    ),
    "a failure after something was saved": (
        flow(
            "languages: [en-GB]\non_error: what\nsteps:\n  kind: {ask: Kind., answer: {choices: {1: a, 2: b}},"
            " tries: 1}\n  bye: {say: Bye., next: end}\n"
            "  what: {branch: [{if: kind == 'a', next: first}, {if: kind == 'b', next: second}], otherwise: end}\n"
            "  first: {end: First.}\n  second: {end: Second.}\n"
        )
        .replace("kind == 'a'", "\"kind | default('') == 'a'\"")
        .replace("kind == 'b'", "\"kind | default('') == 'b'\""),
    ),
    "a failure at night": (
        flow(
            "languages: [en-GB]\non_error: open\nsteps:\n  bye: {say: Bye., next: end}\n"
            '  open: {hours: {mon-fri: "09:00-17:00"}, closed: night}\n  day: {end: Day.}\n'
            "  night: {end: Night.}\n"
        ),
    ),
    "what is asked for only when the caller has gone": (
        flow(
            "languages: [en-GB]\non_hang_up: what\nsteps:\n"
            "  kind: {ask: Kind., answer: {choices: {1: a, 2: b}}, tries: 1, otherwise: end}\n"
            "  more: {menu: More., keys: {1: end}, tries: 1, otherwise: end}\n"
            "  what: {branch: [{if: \"kind | default('') == 'b'\", next: told}], otherwise: end}\n"
            '  told: {notify: "https://b.example.com/"}\n'
        ),
    ),
    "two ways to one back end": (
        flow(
            HEAD + "  pick: {menu: Pick., keys: {1: one, 2: two}, tries: 1}\n  one: {set: {x: a}, next: look}\n"
            f"  two: {{set: {{x: b}}}}\n  look: {{{FETCH}, failed: end}}\n"
        ),
    ),
    "two beginnings that come to one wait": (
        flow(
            'languages: [en-GB]\ninputs: {vip: {type: flag, default: "false"}}\nsteps:\n'
            "  which: {branch: [{if: vip, next: gold}], otherwise: plain}\n  gold: {say: Gold., next: ask}\n"
            "  plain: {say: Plain.}\n  ask: {menu: Ask., keys: {1: end}, tries: 1}\n"
        ),
    ),
    "who calls, and which number": (
        flow(
            HEAD + "  who: {branch: [{if: \"caller in ['+33600000001']\", next: end}, "
            "{if: \"called == '+33600000002'\", next: end}, {if: direction == 'outbound', next: end}],"
            " otherwise: end}\n"
        ),
    ),
    "who calls, asked for behind a question": (
        flow(
            HEAD + "  more: {menu: More., keys: {1: who}, tries: 1, otherwise: end}\n"
            "  who: {branch: [{if: caller == '+33600000001', next: end}], otherwise: end}\n"
        ),
    ),
    "who calls at night": (
        flow(
            HEAD + "  who: {branch: [{if: caller == '+33600000001', next: open}, {if: called == '+33600000002',"
            ' next: there}], otherwise: end}\n  open: {hours: {mon-fri: "09:00-17:00"}, closed: end, next: end}\n'
            '  there: {hours: {mon-fri: "09:00-17:00"}, closed: end}\n'
        ),
    ),
    "who is called, asked for behind a question": (
        flow(
            HEAD + "  more: {menu: More., keys: {1: who}, tries: 1, otherwise: end}\n"
            "  who: {branch: [{if: called == '+33600000001', next: end}], otherwise: end}\n"
        ),
    ),
    "an hour in the week": (flow(HEAD + '  open: {hours: {sun: "20:00-20:30"}, closed: end}\n'),),
    "the time, and something else": (
        flow(
            'languages: [en-GB]\ninputs: {vip: {type: flag, default: "false"}}\n'
            + 'steps:\n  when: {branch: [{if: "now.hour < 6 and vip", next: end}], otherwise: end}\n'
        ),
    ),
    "the time where the flow is": (
        flow(
            "zone: Asia/Tokyo\n" + HEAD + '  when: {branch: [{if: "now.hour < 6", next: end}, '
            '{if: "now.hour > 20", next: end}]}\n'
        ),
    ),
    "an answer that something is made of": (
        flow(
            HEAD + "  q: {ask: Q., answer: {number: 0-100}, tries: 1, otherwise: end}\n"
            '  more: {set: {n: "{{ q + 1 }}"}}\n  which: {branch: [{if: n == 51, next: end}], otherwise: end}\n'
        ),
    ),
    "two ways to one back end after the other": (
        flow(
            HEAD + "  pick: {menu: Pick., keys: {1: one, 2: two}, tries: 1}\n  one: {set: {x: a}, next: look}\n"
            f"  two: {{set: {{x: b}}}}\n  look: {{{FETCH}, failed: end}}\n  again: {{{FETCH}, failed: end}}\n"
        ),
    ),
    "the time": (
        flow(HEAD + '  when: {branch: [{if: "now.hour < 6", next: end}, {if: "now.hour > 20", next: end}]}\n'),
    ),
    "what is set from an answer": (
        flow(
            HEAD + f"  look: {{{FETCH}, save: it, failed: end}}\n"
            '  keep: {set: {state: "{{ it.state }}"}}\n'
            "  which: {branch: [{if: state == 'a', next: end}, {if: state == 'b', next: end}], otherwise: end}\n"
        ),
    ),
    "an input that is set into what is asked for": (
        flow(
            "languages: [en-GB]\ninputs: {tier: {type: text, default: a}}\nsteps:\n"
            '  keep: {set: {kept: "{{ tier }}"}}\n'
            "  which: {branch: [{if: kept == 'b', next: end}], otherwise: end}\n"
        ),
    ),
    "what is set only later, from one to the other": (
        flow(
            HEAD + "  kind: {ask: Kind., answer: {choices: {1: a, 2: b}}, tries: 1, otherwise: end}\n"
            "  more: {menu: More., keys: {1: keep}, tries: 1, otherwise: end}\n"
            '  keep: {set: {kept: "{{ kind }}"}}\n  again: {set: {state: "{{ kept }}"}}\n'
            "  which: {branch: [{if: state == 'b', next: end}], otherwise: end}\n"
        ),
    ),
    "what an inner flow is given only later": (
        flow(
            HEAD + "  kind: {ask: Kind., answer: {choices: {1: a, 2: b}}, tries: 1, otherwise: end}\n"
            "  more: {menu: More., keys: {1: inner}, tries: 1, otherwise: end}\n"
            '  inner: {run: inner, with: {given: "{{ kind }}"}, save: got}\n'
            "  which: {branch: [{if: got.mark == 'y', next: end}], otherwise: end}\n"
        ),
        flow(
            "languages: [en-GB]\ninputs: {given: {type: text, default: a}}\nsteps:\n"
            "  which: {branch: [{if: given == 'b', next: good}], otherwise: bad}\n"
            "  good: {set: {mark: y}, next: end}\n  bad: {set: {mark: n}}\n",
            "inner",
        ),
    ),
    "what an inner flow saved": (
        flow(
            HEAD + "  inner: {run: inner, save: got}\n"
            "  which: {branch: [{if: got.state == 'a', next: end}, {if: got.pick == 'y', next: end}],"
            " otherwise: end}\n"
        ),
        flow(
            HEAD + "  pick: {ask: Pick., answer: {choices: {1: x, 2: y}}, tries: 1, otherwise: look}\n"
            f"  look: {{{FETCH}, save: it, failed: end}}\n"
            '  keep: {set: {state: "{{ it.state }}"}}\n',
            "inner",
        ),
    ),
    "what the outer flow knows while an inner one runs": (
        flow(
            HEAD + "  pick: {ask: Pick., answer: {choices: {1: x, 2: y}}, tries: 1, otherwise: end}\n"
            "  inner: {run: inner}\n  which: {branch: [{if: pick == 'y', next: end}], otherwise: end}\n"
        ),
        flow(HEAD + "  more: {menu: More., keys: {1: end}, tries: 1}\n", "inner"),
    ),
    "parts of an answer against each other": (
        flow(
            HEAD + f"  look: {{{FETCH}, save: it, failed: end}}\n"
            "  which: {branch: [{if: it.a > it.b, next: end}, {if: it.a < it.b, next: end}], otherwise: end}\n"
        ),
    ),
    "many parts of an answer": (
        flow(
            HEAD + f"  look: {{{FETCH}, save: it, failed: end}}\n"
            '  which: {branch: [{if: "it.a == 1 and it.b == 1 and it.c == 1 and it.d == 1", next: end},'
            ' {if: "it.a == 2 and it.b == 2 and it.c == 2 and it.d == 2", next: end}], otherwise: end}\n'
        ),
    ),
    "many parts of an answer, and something else": (
        flow(
            "languages: [en-GB]\ninputs: {tier: {type: text, default: a}}\nsteps:\n"
            f"  look: {{{FETCH}, save: it, failed: end}}\n"
            "  which: {branch: [{if: it.a == 1, next: more}, {if: it.b == 1, next: more}], otherwise: more}\n"
            "  more: {branch: [{if: tier == 'x' and it.c == 2, next: end},"
            " {if: tier == 'x' and it.c == 5, next: end}], otherwise: end}\n"
        ),
    ),
    "many sides of what a back end answers": (
        flow(
            HEAD + f"  look: {{{FETCH}, save: it, failed: end}}\n"
            "  which: {branch: [{if: it.score > 90, next: kind}, {if: it.score > 50, next: kind},"
            " {if: it.score > 10, next: kind}], otherwise: kind}\n"
            f"  kind: {{branch: [{ways('it.kind', 7)}], otherwise: end}}\n"
        ),
    ),
    "many sides of an input": (
        flow(
            "languages: [en-GB]\ninputs: {kind: {type: text, default: a}, n: {type: number, default: '0'},"
            " vip: {type: flag, default: 'false'}}\non_machine: gone\nsteps:\n"
            '  open: {hours: {mon-fri: "09:00-17:00"}, closed: many}\n'
            "  many: {branch: [{if: n > 90, next: vip}, {if: n > 50, next: vip}, {if: n > 10, next: vip}],"
            " otherwise: vip}\n  vip: {branch: [{if: vip, next: kind}], otherwise: kind}\n"
            f"  kind: {{branch: [{ways('kind', 7)}], otherwise: who}}\n"
            "  who: {branch: [{if: caller == '+33600000001', next: gone},"
            " {if: caller == '+33600000002', next: gone},"
            " {if: called == '+33600000003', next: gone}], otherwise: gone}\n  gone: {end: Bye.}\n"
        ),
    ),
    "many sides of answers, and those of other questions": (
        flow(
            HEAD
            + "".join(
                f"  q{at}: {{ask: Q., answer: {{number: 0-999}}, tries: 1, otherwise: end}}\n"
                f"  b{at}: {{branch: [{{if: q{at} > {300 * at + 290}, next: s{at}}},"
                f" {{if: q{at} > {300 * at + 200}, next: s{at}}},"
                f" {{if: q{at} > {300 * at + 100}, next: s{at}}}]}}\n"
                f"  s{at}: {{say: S.}}\n"
                for at in range(3)
            )
        ),
    ),
    "many codes": (
        flow(
            HEAD + "  code: {ask: Code., answer: {digits: 4}, tries: 1, otherwise: end}\n"
            f"  which: {{branch: [{ways('code', 10, '100')}], otherwise: end}}\n"
        ),
    ),
    "a back end that fails at every try": (
        flow(
            HEAD
            + f"  look: {{{FETCH}, retries: 2, failed: sorry}}\n  bye: {{end: Bye.}}\n  sorry: {{end: Sorry.}}\n"
        ),
    ),
    "the length of an answer": (
        flow(
            HEAD + "  code: {ask: Code., answer: {digits: 3-8}, tries: 1, otherwise: end}\n"
            "  which: {branch: [{if: code | length > 5, next: end}], otherwise: end}\n"
        ),
    ),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_everything_is_found(name: str) -> None:
    explored, _, left = await toured("callr", *WHOLE[name])
    assert left == set()
    assert explored.whole


async def test_meanwhile_is_heard_once_and_the_test_says_why() -> None:
    _, found, _ = await toured("callr", *WHOLE["meanwhile, in every language"])
    slow = {tour.name: tour for tour in found if tour.name.startswith("look in")}
    assert set(slow) == {"look in en-GB", "look in fr-FR"}
    for words, tour in zip(("Wait.", "Attendez."), (slow[name] for name in sorted(slow)), strict=True):
        assert [line.detail for line in tour.rehearsed.lines].count(words) == 1
        assert [answer.after for answer in tour.conditions.fetch["GET https://a.example.com/"]] == [1.0]


async def test_one_failure_is_tried_where_several_lead_to_the_same() -> None:
    said = "".join(
        f"  s{at}: {{say: S{at}.}}\n  q{at}: {{menu: Q., keys: {{1: s{at}}}, tries: 1}}\n" for at in range(5)
    )
    text = flow(f"languages: [en-GB]\non_error: sorry\nsteps:\n{said}  sorry: {{end: Sorry.}}\n")
    explored, _, left = await toured("callr", text)
    assert left == set()
    assert [one.conditions.fails for one, _ in explored.others if one.conditions.fails] == ["s0"]


ON_ROUTEE: dict[str, tuple[str, set[Item]]] = {
    "too few digits, and what ends them": (
        flow(HEAD + "  code: {ask: Code., answer: {digits: 4}, tries: 2, otherwise: end}\n"),
        set(),
    ),
    "a number out of range": (
        flow(HEAD + "  code: {ask: Code., answer: {number: 10-500}, tries: 2, invalid: No., otherwise: end}\n"),
        set(),
    ),
    "silence that the next question tells of": (
        flow(
            HEAD + "  one: {menu: One., keys: {1: end}, tries: 2, silence: Nothing., otherwise: two}\n"
            "  two: {menu: Two., keys: {1: end}, tries: 1, otherwise: end}\n"
        ),
        set(),
    ),
    "silence that a dial tells of": (
        flow(
            HEAD + "  one: {menu: One., keys: {1: end}, silence: Nothing., otherwise: two}\n"
            '  two: {dial: "+33123456701", no_answer: end, failed: end, busy: end, next: end}\n'
        ),
        set(),
    ),
    "silence that nothing tells of": (
        flow(HEAD + "  one: {menu: One., keys: {1: end}, silence: Nothing., otherwise: end}\n"),
        {("try", "one", "silence")},
    ),
    "a back end that says nothing of use": (
        flow(
            "languages: [en-GB]\non_error: sorry\nsteps:\n"
            f'  look: {{{FETCH}, save: it, failed: end, timeout: 1}}\n  tell: {{say: "{{{{ it.name }}}}"}}\n'
            "  bye: {end: Bye.}\n  sorry: {end: Sorry.}\n"
        ),
        set(),
    ),
}


@pytest.mark.parametrize("name", ON_ROUTEE)
async def test_what_routee_tells_is_found(name: str) -> None:
    text, never = ON_ROUTEE[name]
    assert (await toured("routee", text))[2] == never


async def test_what_nothing_asks_for_any_more_costs_nothing() -> None:
    def asking(count: int) -> str:
        steps = "".join(
            f"  q{at}: {{ask: Q., answer: {{number: 0-9}}, tries: 1, otherwise: end}}\n"
            f"  b{at}: {{branch: [{{if: q{at} > 4, next: s{at}}}, {{if: q{at} == 2, next: s{at}}}]}}\n"
            f"  s{at}: {{say: S.}}\n"
            for at in range(count)
        )
        told = "".join(f"{{{{ q{at} }}}}" for at in range(count))
        return flow(f'{HEAD}{steps}  told: {{set: {{all: "{told}"}}}}\n')

    few, many = [(await toured("callr", asking(count)))[0] for count in (3, 9)]
    assert many.whole
    assert many.calls <= 3 * few.calls

"""Tables that come back: what they change in a flow, that they change nothing else, and what is refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wording.flows import ODD, SHIPPED, flow_in, flow_of, texts_of
from voiceapp.flow.flow import Flow
from voiceapp.wording.comparing import unusable
from voiceapp.wording.lines import lines_of
from voiceapp.wording.table import Row, Table, WordingRefused, read_table, write_table
from voiceapp.wording.translating import translated

Texts = Mapping[tuple[str, str], str]


def table_of(flow: Flow, texts: Texts = {}, added: tuple[str, ...] = ()) -> Table:  # noqa: B006  # never changed
    """The table of a flow with some texts changed, by way of its file."""
    table = read_table(write_table(lines_of(flow), flow.head.languages, added), "t.csv")
    rows = [
        replace(
            row,
            texts={**row.texts, **{language: text for (id_, language), text in texts.items() if id_ == row.id}},
        )
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


# nothing changed


@pytest.mark.parametrize("file", [*SHIPPED, ODD], ids=lambda file: file.stem)
def test_a_table_that_comes_back_as_it_was_changes_no_byte(file: Any) -> None:
    flow = flow_in(file)
    for added in ((), ("de-DE", "zu-ZA")):
        new = translated(flow, table_of(flow, {}, added))
        assert (new.flow.source, new.texts, new.languages) == (flow.source, 0, ())


# anything changed

SNIPPETS = [
    *(
        ": ",
        " #",
        "'",
        '"',
        "\n",
        "- ",
        "{",
        "}",
        "[",
        ",",
        "&",
        "*",
        "!",
        "|",
        "> ",
        "%",
        "@",
        "`",
        "=",
        "+",
        "\\",
    ),
    *("yes", "null", "12", "word ", "λέξη ", "{{ caller }}", "\u2028", "\ufeff", "\u00a0", "\t", "---", "?", "<<"),
]
ANY_TEXT = (
    st.lists(st.sampled_from(SNIPPETS) | st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=8)
    .map("".join)
    .filter(lambda text: bool(text.strip()) and not unusable(text) and text not in ("true", "false"))
)
OTHER_LINES = [
    *("# Everything that a prompt can look like.", "  # the second one", "    # and now three", "# the end"),
    *(
        "  # Sounds, some with words.",
        "    # nothing is said when nothing is heard",
        "    otherwise: end",
        "    times: 2",
    ),
    *(
        "    note: read it slowly",
        "      - {audio: chime.wav}",
        "    conference: monday",
        "    answer: {digits: 2}",
        "",
    ),
]
COMMENTS = [
    "# its name",
    "# two of them",
    "# Greek",
    "# for everybody",
    "# in single quotes",
    "# literally",
    "# two",
]


@settings(max_examples=30, deadline=None)
@given(newline=st.sampled_from(["\n", "\r\n"]), data=st.data())
def test_the_flow_says_what_the_table_says_and_else_is_as_it_was(newline: str, data: st.DataObject) -> None:
    flow = flow_of(ODD.read_text("utf-8").replace("\n", newline))
    old = texts_of(flow)
    wanted = data.draw(st.dictionaries(st.sampled_from(sorted(old)), ANY_TEXT, max_size=6))
    if data.draw(st.booleans()):
        sources = sorted({line for line, _ in old} - {"odd.sounds.play.2"})
        wanted |= {(line, "de-DE"): data.draw(ANY_TEXT) for line in sources}
    new = translated(flow, table_of(flow, wanted, ("de-DE",)), force=True)
    assert texts_of(new.flow) == {**old, **wanted}
    assert settled(new.flow) == settled(flow)
    lines = [line.rstrip("\r") for line in new.flow.source.split("\n")]
    assert [line for line in lines if line in OTHER_LINES] == [
        line for line in flow.source.replace("\r", "").split("\n") if line in OTHER_LINES
    ]
    assert all(comment in new.flow.source for comment in COMMENTS)
    assert new.flow.source.count("\n") == new.flow.source.count(newline)


def settled(flow: Flow) -> tuple[Any, ...]:
    """What of a flow is no text."""
    steps = [
        (step.verb, step.next, step.note, step.ways_out(flow.after(name))) for name, step in flow.steps.items()
    ]
    return list(flow.steps), steps, flow.head.keys, flow.head.inputs, flow.head.voice


EDITS: Mapping[str, tuple[Texts, list[str], list[str]]] = {
    "a plain text for all": (
        {("odd.plain.say", "en-GB"): "Hi.", ("odd.plain.say", "el-GR"): "Hi."},
        ["  plain: {say: Hello there.}          # for everybody"],
        ["  plain: {say: Hi.}          # for everybody"],
    ),
    "a plain text in one language": (
        {("odd.plain.say", "el-GR"): "Γεια, σας."},
        ["  plain: {say: Hello there.}          # for everybody"],
        ['  plain: {say: {en-GB: Hello there., el-GR: "Γεια, σας."}}          # for everybody'],
    ),
    "single quotes stay": (
        {("odd.quoted.say", one): "It's {{ name }}." for one in ("en-GB", "el-GR")},
        ["    say: 'It''s \"fine\", {{ name }}.'  # in single quotes"],
        ["    say: 'It''s {{ name }}.'  # in single quotes"],
    ),
    "a folded text stays folded": (
        {("odd.blocks.say", "en-GB"): "Short.\n"},
        ["        A long text", "        over two lines."],
        ["        Short."],
    ),
    "a comment behind the sign of a block": (
        {("odd.blocks.say", "el-GR"): "Ένα."},
        ["      el-GR: |-   # literally", "        Ένα,", "        δύο."],
        ['      el-GR: "Ένα."   # literally'],
    ),
    "a literal text stays literal": (
        {("odd.room.alone", one): "Alone.\nReally.\n" for one in ("en-GB", "el-GR")},
        ["      You are", "      alone."],
        ["      Alone.", "      Really."],
    ),
    "a text over two lines": (
        {("odd.question.menu", "el-GR"): "Το 1."},
        ["        Πατήστε", "        1."],
        ["        Το 1."],
    ),
    "too long for braces": (
        {("odd.bye.end", "el-GR"): f"Αντίο{' σας' * 30}."},
        ["    end: Goodbye."],
        ["    end:", "      en-GB: Goodbye.", f"      el-GR: Αντίο{' σας' * 30}."],
    ),
    "what a sound says": (
        {("odd.sounds.play.1", "el-GR"): "Ήχος."},
        ['      el-GR: [{audio: b.wav}, {audio: c.wav, text: Ένας ήχος.}, "Και άλλο."]'],
        ['      el-GR: [{audio: b.wav}, {audio: c.wav, text: Ήχος.}, "Και άλλο."]'],
    ),
}


@pytest.mark.parametrize(("texts", "lost", "gained"), EDITS.values(), ids=EDITS)
def test_an_edit(texts: Texts, lost: list[str], gained: list[str]) -> None:
    assert changed(texts) == (lost, gained)


def changed(texts: Texts, added: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """The lines that the file lost and those that it gained."""
    flow = flow_in(ODD)
    before = flow.source.splitlines()
    after = translated(flow, table_of(flow, texts, added)).flow.source.splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_a_new_language() -> None:
    texts = {
        (line.id, "de-DE"): line.texts["en-GB"].replace(".", "!")
        for line in lines_of(flow_in(ODD))
        if "en-GB" in line.texts
    }
    _, gained = changed(texts, ("de-DE",))
    assert gained == [
        "  - de-DE",
        'keys: {"5": {say: {en-GB: Five., el-GR: Πέντε., de-DE: Five!}, next: repeat}, "*": repeat}',
        "  plain: {say: {en-GB: Hello there., el-GR: Hello there., de-DE: Hello there!}}          # for everybody",
        '    say: {en-GB: "It\'s \\"fine\\", {{ name }}.", el-GR: "It\'s \\"fine\\", {{ name }}.", '
        'de-DE: "It\'s \\"fine\\", {{ name }}!"}  # in single quotes',
        '      de-DE: "A long text over two lines!\\n"',
        "      - {en-GB: One., el-GR: One., de-DE: One!}",
        "        de-DE: Two!",
        '      - text: {en-GB: Three., el-GR: "Τρία.", de-DE: "Three!"}',
        "      de-DE: A sound!",
        '  sound_each: {play: {audio: "x-{lang}.wav", media: {callr: 131}, text: {en-GB: Both., el-GR: Both., '
        "de-DE: Both!}}}",
        "    welcome: {en-GB: Come in., el-GR: Come in., de-DE: Come in!}",
        '    alone: {en-GB: "You are\\nalone.\\n", el-GR: "You are\\nalone.\\n", de-DE: "You are\\nalone!\\n"}',
        "      de-DE: Press 1!",
        "      1: {say: {en-GB: Bravo., el-GR: Bravo., de-DE: Bravo!}, next: number}",
        "        end: {en-GB: Bye., el-GR: Bye., de-DE: Bye!}",
        "        de-DE: Wrong!",
        '    ask: {en-GB: "A number, please.", el-GR: "A number, please.", de-DE: "A number, please!"}',
        "    end: {en-GB: Goodbye., el-GR: Goodbye., de-DE: Goodbye!}",
    ]


def test_a_new_language_has_the_wordless_sounds_of_the_first() -> None:
    flow = flow_of(
        "flow: odd\nlanguages: [en-GB]\nsteps:\n"
        "  a: {say: {en-GB: [{audio: bell.wav, media: {callr: 1}}, {audio: a.wav, text: A.}, B.]}}\n"
    )
    texts = {("odd.a.say.1", "fr-FR"): "C", ("odd.a.say.2", "fr-FR"): "D, d"}
    new = translated(flow, table_of(flow, texts, ("fr-FR",))).flow.source
    assert "  a: {say: {en-GB: [{audio: bell.wav, media: {callr: 1}}, {audio: a.wav, text: A.}, B.], " in new
    assert 'fr-FR: [{audio: bell.wav, media: {callr: "1"}}, C, "D, d"]}}\n' in new


LISTS = """\
flow: odd
languages: [en-GB]
steps:
  one:
    say:
      en-GB:
        - One.
        - Two.   # the last

  # Another step.
  two: {end: Bye.}
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_new_language_stands_behind_a_list_and_before_what_is_not_its_own(newline: str) -> None:
    flow = flow_of(LISTS.replace("\n", newline))
    texts = {
        ("odd.one.say.1", "fr-FR"): "Un.",
        ("odd.one.say.2", "fr-FR"): "Deux.",
        ("odd.two.end", "fr-FR"): "Fin.",
    }
    wanted = (
        LISTS.replace("[en-GB]", "[en-GB, fr-FR]")
        .replace("# the last\n", "# the last\n      fr-FR: [Un., Deux.]\n")
        .replace("Bye.", "{en-GB: Bye., fr-FR: Fin.}")
    )
    assert translated(flow, table_of(flow, texts, ("fr-FR",))).flow.source == wanted.replace("\n", newline)


# what is refused

SMALL = """\
flow: odd
languages: [en-GB, el-GR]
steps:
  one: {say: {en-GB: "Hello {{ caller }}.", el-GR: "Γεια {{ caller }}."}}
  two: {say: {en-GB: Two., el-GR: [Δύο., Τρία.]}, next: three}
  three: {end: Bye.}
"""


def cell(row: int, language: str, text: str) -> Callable[[Table], Table]:
    return lambda table: replace(
        table,
        rows=tuple(
            replace(each, texts={**each.texts, language: text}) if each.at == row else each for each in table.rows
        ),
    )


def column(language: str, text: str) -> Callable[[Table], Table]:
    return lambda table: replace(
        table,
        columns=(*table.columns, language),
        rows=tuple(replace(row, texts={**row.texts, language: text}) for row in table.rows),
    )


REFUSED: Mapping[str, tuple[Callable[[Table], Table], list[str]]] = {
    "an id that is not there": (
        lambda table: replace(table, rows=(Row(2, "odd.ome.say", {"en-GB": "x"}, {}),)),
        ["t.csv: row 2: odd.ome.say: the flow has no such line; did you mean 'odd.one.say'?"],
    ),
    "a table of another flow": (
        lambda table: replace(
            table, rows=tuple(replace(row, id=row.id.replace("odd", "even")) for row in table.rows)
        ),
        ["t.csv: no table of the flow odd, which has none of these lines: the first is even.one.say"],
    ),
    "a language that is written otherwise": (
        column("de_DE", "Hallo"),
        ["t.csv: row 1: 'de_DE' is no language; did you mean 'de-DE'?"],
    ),
    "a language without a place": (column("de", ""), ["t.csv: row 1: 'de' is no language: write it as en-GB"]),
    "no language at all": (
        lambda table: column("Deutsch", "Hallo")(without_columns(table, "en-GB", "el-GR")),
        ["t.csv: row 1: names no language: a column with texts is called as its language is written, en-GB"],
    ),
    "a language that nobody speaks": (
        column("xq-FR", "x"),
        [
            "t.csv: row 1: 'xq-FR' is no language: there is no 'xq'",
        ],
    ),
    "a place that is not there": (
        column("fr-FE", ""),
        ["t.csv: row 1: 'fr-FE' is no language: there is no place 'FE'"],
    ),
    "a part too many": (
        cell(4, "en-GB", "Three."),
        ["t.csv: row 4: odd.two.say.2 en-GB: this prompt has fewer parts in this language"],
    ),
    "a control character": (
        cell(3, "en-GB", "Bell \x07."),
        ["t.csv: row 3: odd.two.say.1 en-GB: a control character, or half of one, stands in this text"],
    ),
    "no template": (
        cell(3, "en-GB", "Hello {{ caller"),
        ["t.csv: row 3: odd.two.say.1 en-GB: cannot be read: "],
    ),
    "a filter that was translated": (
        cell(2, "el-GR", "Γεια {{ caller | digit }}."),
        [
            "t.csv: row 2: odd.one.say el-GR: there is no filter 'digit'; did you mean 'digits'? "
            "(en-GB fills in {{ caller }})"
        ],
    ),
    "a placeholder that lost a brace": (
        cell(2, "el-GR", "Γεια {{ caller }."),
        ["t.csv: row 2: odd.one.say el-GR: cannot be read: "],
    ),
    "half a language": (
        lambda table: cell(3, "de-DE", "Zwei.")(column("de-DE", "")(table)),
        ["t.csv: de-DE is not complete, it has no text for odd.one.say, odd.three.end"],
    ),
}


@pytest.mark.parametrize("force", [False, True], ids=["", "force"])
@pytest.mark.parametrize(("change", "reasons"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_in_any_case(change: Callable[[Table], Table], reasons: list[str], force: bool) -> None:
    flow = flow_of(SMALL)
    with pytest.raises(WordingRefused) as refused:
        translated(flow, change(table_of(flow)), force=force)
    found = refused.value.reasons
    assert len(found) == len(reasons)
    assert all(each.startswith(reason) for each, reason in zip(found, reasons, strict=True)), found


CHANGED = SMALL.replace("Hello {{", "Good day {{")
DOUBTFUL: Mapping[str, tuple[str, Callable[[Table], Table], str]] = {
    "a placeholder is missing": (
        SMALL,
        cell(2, "el-GR", "Γεια σας."),
        "row 2: odd.one.say el-GR: {{ caller }} of its source is missing",
    ),
    "a placeholder was translated": (
        SMALL,
        cell(2, "el-GR", "Γεια {{ called|upper }}."),
        "row 2: odd.one.say el-GR: {{ caller }} of its source is missing; {{ called|upper }} is not in its source",
    ),
    "there are more placeholders": (
        SMALL,
        cell(2, "el-GR", "Γεια {{caller}}, {{ called }}, {{carrier}}."),
        "row 2: odd.one.say el-GR: {{ called }} and {{carrier}} are not in its source",
    ),
    "the source lost one": (
        SMALL,
        cell(2, "en-GB", "Hello."),
        "row 2: odd.one.say en-GB: {{ caller }} of its source is missing",
    ),
    "letters were lost in one text": (
        SMALL,
        cell(2, "el-GR", "???? {{ caller }}."),
        "row 2: odd.one.say el-GR: '???? {{ caller }}.' has lost letters when the table was saved: "
        "save it as 'CSV UTF-8'",
    ),
    "a whole column was read wrongly": (
        SMALL,
        lambda table: cell(2, "el-GR", "Moi {{ caller }} Ã¤Ã¤n.")(cell(3, "el-GR", "HyvÃ¤Ã¤")(table)),
        "row 2: odd.one.say el-GR: 'Moi {{ caller }} Ã¤Ã¤n.' was read in another encoding than UTF-8: "
        "open the table as UTF-8; so with 1 more",
    ),
    "the source has changed since": (
        CHANGED,
        cell(2, "el-GR", "Χαίρετε {{ caller }}."),
        "row 2: odd.one.say el-GR: since the table was written the flow has changed its text in en-GB: "
        "it is now 'Good day {{ caller }}.'",
    ),
    "the source has changed here and there": (
        CHANGED,
        cell(2, "en-GB", "Hi {{ caller }}."),
        "row 2: odd.one.say en-GB: since the table was written the flow has changed its text in en-GB: "
        "it is now 'Good day {{ caller }}.'",
    ),
    "the translation has changed here and there": (
        SMALL.replace("Γεια {{", "Καλημέρα {{"),
        cell(2, "el-GR", "Χαίρετε {{ caller }}."),
        "row 2: odd.one.say el-GR: since the table was written the flow has changed its text in el-GR: "
        "it is now 'Καλημέρα {{ caller }}.'",
    ),
    "the source has changed since, in a table without digests": (
        CHANGED,
        lambda table: without_digests(cell(2, "el-GR", "Χαίρετε {{ caller }}.")(table)),
        "row 2: odd.one.say en-GB: the flow has another text in en-GB than the table, "
        "and without 'exported' it is not known which is newer: it is 'Good day {{ caller }}.'",
    ),
}


def without_columns(table: Table, *names: str) -> Table:
    rows = (
        replace(row, texts={key: row.texts[key] for key in row.texts if key not in names}) for row in table.rows
    )
    return replace(table, columns=tuple(one for one in table.columns if one not in names), rows=tuple(rows))


def without_digests(table: Table) -> Table:
    return replace(table, rows=tuple(replace(row, exported={}) for row in table.rows))


@pytest.mark.parametrize(("now", "change", "reason"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_only_force_brings_in(now: str, change: Callable[[Table], Table], reason: str) -> None:
    table = change(table_of(flow_of(SMALL)))
    with pytest.raises(WordingRefused) as refused:
        translated(flow_of(now), table)
    assert refused.value.reasons[0] == f"t.csv: {reason}"
    assert refused.value.reasons[-1] == "--force brings in these texts all the same"
    forced = texts_of(translated(flow_of(now), table, force=True).flow)
    line, language = reason.split(": ")[1].split()
    assert forced[line, language] == table.rows[0].texts[language]


def test_a_table_that_lost_its_digests_comes_back_as_long_as_its_sources_are_the_flows() -> None:
    table = without_digests(cell(2, "el-GR", "Χαίρετε {{ caller }}.")(table_of(flow_of(SMALL))))
    assert texts_of(translated(flow_of(SMALL), table).flow)["odd.one.say", "el-GR"] == "Χαίρετε {{ caller }}."


def test_what_the_flow_changed_since_stays_when_the_table_did_not_touch_it() -> None:
    table = cell(5, "el-GR", "Αντίο.")(table_of(flow_of(SMALL)))
    new = translated(flow_of(CHANGED.replace("Γεια {{", "Χαίρετε {{")), table)
    assert new.texts == 1
    assert texts_of(new.flow)["odd.one.say", "en-GB"] == "Good day {{ caller }}."
    assert texts_of(new.flow)["odd.one.say", "el-GR"] == "Χαίρετε {{ caller }}."
    assert texts_of(new.flow)["odd.three.end", "el-GR"] == "Αντίο."


def test_an_empty_cell_and_a_missing_row_leave_the_text() -> None:
    flow = flow_of(SMALL)
    table = cell(2, "el-GR", " \n")(table_of(flow))
    assert translated(flow, replace(table, rows=table.rows[:2])).flow.source == SMALL


REMARKS: Mapping[str, tuple[Callable[[Table], Table], list[str]]] = {
    "nothing to remark": (cell(5, "el-GR", "Αντίο."), []),
    "a column without a language that nobody wrote in": (
        lambda table: replace(without_columns(table, "el-GR"), columns=("en-GB", "de-DE"), rows=()),
        ["has no row for 4 of the flow's 4 lines: nothing changes there"],
    ),
    "a translator's own columns": (
        lambda table: column("OK?", "yes {{ nobody }}")(column("Kommentar", "{{")(table)),
        [
            "row 1: the column 'Kommentar' is left alone: it is no language such as en-GB",
            "row 1: the column 'OK?' is left alone: it is no language such as en-GB",
        ],
    ),
    "a row that was deleted": (
        lambda table: replace(table, rows=table.rows[:2] + table.rows[3:]),
        ["has no row for 1 of the flow's 4 lines: nothing changes there"],
    ),
    "an empty cell": (
        cell(3, "el-GR", "\n "),
        ["1 cell is empty where the flow has a text: nothing changes there: row 3 el-GR"],
    ),
    "many empty cells": (
        lambda table: replace(
            table, rows=tuple(replace(row, texts=dict.fromkeys(row.texts, "")) for row in table.rows)
        ),
        [
            "7 cells are empty where the flow has a text: nothing changes there: "
            "row 2 en-GB, row 2 el-GR, row 3 en-GB and 4 more"
        ],
    ),
    "four empty cells": (
        lambda table: cell(2, "en-GB", "")(
            cell(2, "el-GR", "")(cell(5, "en-GB", "")(cell(5, "el-GR", "")(table)))
        ),
        [
            "4 cells are empty where the flow has a text: nothing changes there: "
            "row 2 en-GB, row 2 el-GR, row 5 en-GB and row 5 el-GR"
        ],
    ),
    "an empty cell in a table without digests": (
        lambda table: without_digests(cell(2, "en-GB", "")(table)),
        ["1 cell is empty where the flow has a text: nothing changes there: row 2 en-GB"],
    ),
    "no digests where nothing is new": (without_digests, []),
    "no digest of one text that is new": (
        lambda table: cell(5, "el-GR", "Αντίο.")(
            replace(table, rows=(*table.rows[:3], replace(table.rows[3], exported={})))
        ),
        ["no 'exported' in row 5: whether the flow has changed there since the table was written is not known"],
    ),
    "no digests of several": (
        lambda table: without_digests(cell(3, "el-GR", "Α.")(cell(5, "el-GR", "Β.")(table))),
        [
            "no 'exported' in rows 3 and 5: whether the flow has changed there since the table was written "
            "is not known"
        ],
    ),
}


@pytest.mark.parametrize(("change", "wanted"), REMARKS.values(), ids=REMARKS)
def test_what_is_remarked(change: Callable[[Table], Table], wanted: list[str]) -> None:
    flow = flow_of(SMALL)
    assert translated(flow, change(table_of(flow))).remarks == tuple(f"t.csv: {remark}" for remark in wanted)


def test_a_cell_that_was_empty_when_the_table_was_written_was_not_emptied() -> None:
    table = table_of(flow_of(SMALL))
    more = flow_of(SMALL.replace("en-GB: Two.", "en-GB: [Two., Three.]"))
    assert translated(more, table).remarks == ()


def test_a_translation_may_keep_the_placeholders_it_had() -> None:
    flow = flow_of(SMALL.replace("Γεια {{ caller }}", "Γεια"))
    new = translated(flow, cell(2, "el-GR", "Γεια σας.")(table_of(flow)))
    assert texts_of(new.flow)["odd.one.say", "el-GR"] == "Γεια σας."


REFUSED_BY_THE_FLOW = {
    "a text that means something else": (
        SMALL,
        {("odd.three.end", "en-GB"): "true", ("odd.three.end", "el-GR"): "true"},
        "odd.yaml: odd.three.end cannot say 'true' in en-GB: that means something else there",
    ),
    "a variable that nothing saves": (
        SMALL,
        {("odd.one.say", "el-GR"): "Γεια {{ orders }}."},
        "odd.yaml: would not load with these texts:",
    ),
    "a key with a question mark": (
        SMALL.replace(
            "  three: {end: Bye.}", "  three:\n    end:\n      ? en-GB\n      : Bye.\n      ? el-GR\n      : Γεια."
        ),
        {(line, "de-DE"): "x" for line in ("odd.one.say", "odd.two.say.1", "odd.three.end")},
        "odd.yaml: is written in a way in which these texts cannot be put in without touching more than them",
    ),
}


@pytest.mark.parametrize(("source", "texts", "reason"), REFUSED_BY_THE_FLOW.values(), ids=REFUSED_BY_THE_FLOW)
def test_what_the_flow_cannot_take(source: str, texts: Texts, reason: str) -> None:
    flow = flow_of(source)
    with pytest.raises(WordingRefused) as refused:
        translated(flow, table_of(flow, texts, ("de-DE",)), force=True)
    assert refused.value.reasons[0] == reason

import re

import hypothesis.strategies as st
from hypothesis import example, given

from voiceapp.store.columns import escape, shorten, unescape

any_text = st.text(st.characters(exclude_categories=()))
awkward_text = st.text(st.sampled_from("\\u05c#\x00\ud83d\udcde0a"), max_size=12)


@given(any_text | awkward_text)
@example("\x00")
@example("\\u0000")
@example("\ud800 lone")
@example("📞")
def test_escaped_text_comes_back_and_is_plain(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert "\x00" not in escaped
    escaped.encode()


@given(awkward_text, awkward_text)
def test_different_texts_never_meet(one: str, other: str) -> None:
    assert (escape(one) == escape(other)) == (one == other)


@given(any_text.map(lambda text: escape(text * 100)))
def test_what_is_too_long_is_told_from_every_short_text(escaped: str) -> None:
    short = shorten(escaped)
    assert len(short) <= 255
    if short != escaped:
        assert re.search(r"\\#[0-9a-f]{64}$", short)
        assert short != shorten(escaped + "x")

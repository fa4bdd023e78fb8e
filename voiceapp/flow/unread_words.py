"""What PyYAML says where it cannot go on, in an author's words: of quotes, colons, dashes, brackets and columns.

The first row whose patterns both match counts: what PyYAML says, what it was reading meanwhile, whether the
beginning of that is the place to look at, and what an author has to know (%s: the sign in parentheses).
"""

import re

NEEDS_QUOTES = "has to stand in quotes"
SPACE_MISSING = "a space is missing behind the colon"
TAGS = "tags (!) are not used in flows; a text that begins so needs quotes"
_STAR = "a text that begins with * or & has to stand in quotes"
_PERCENT = f"a line that begins with % says nothing to a flow; a text that begins so {NEEDS_QUOTES}"
_LONG_TEXT = "behind | or > the line ends, and the text begins below; a text that begins so has to stand in quotes"
_COLUMN = "keys that belong together, and the dashes of one list, begin in one column"
_IN_BRACES = "in braces and brackets, a text with , ? [ ] { } or quotes in it has to stand in quotes"

_ROWS: tuple[tuple[str, str, bool, str], ...] = (
    ("", "scanning a directive", True, _PERCENT),
    ("YAML directive|incompatible YAML|duplicate tag handle", "", False, _PERCENT),
    ("", "an (alias|anchor)", True, _STAR),
    ("", "(scanning|parsing) a tag", True, TAGS),
    ("undefined tag handle", "", False, TAGS),
    ("", "a block scalar", True, _LONG_TEXT),
    (r"'\\t' that cannot", "", False, "a tab stands here: use spaces"),
    ("character '(.)' that cannot start", "", False, f"a text that begins with %s {NEEDS_QUOTES}"),
    ("mapping values", "", False, f"a text with a colon and a space in it {NEEDS_QUOTES}"),
    ("sequence entries", "", False, f"a list begins below its key; a text that begins with a dash {NEEDS_QUOTES}"),
    ("mapping keys", "", False, f"a text that begins with ? {NEEDS_QUOTES}"),
    (
        "found '[]}]'",
        "",
        False,
        f"nothing that this closes stands before it; a text that begins so {NEEDS_QUOTES}",
    ),
    ("node content.*'<(stream|document|block) end>'", "", False, "the file ends where something is still missing"),
    ("node content", "", False, f"something is missing before this; a text that begins so {NEEDS_QUOTES}"),
    ("block end>.*found '-'", "", False, "a dash stands here, where a key has to: a list begins below its key"),
    ("block end>.*found '[?]'", "block collection", False, "a key stands here, where the list's next dash has to"),
    (
        "block end>.*found ','",
        "",
        False,
        f"a comma cannot stand here: a text with quotes and commas {NEEDS_QUOTES}",
    ),
    ("block end>", "", False, f"this line is indented unlike those that it belongs to: {_COLUMN}"),
    ("expected ',' or.*got ':'", "", False, f"in braces and brackets, a text with a colon in it {NEEDS_QUOTES}"),
    ("expected ',' or", "", False, _IN_BRACES),
    ("another document", "", False, "a second document begins here, and a file holds one flow"),
    ("document start", "", False, f"the flow has ended before this: {_COLUMN}"),
)
_UNKNOWN = "this cannot be read: look at the quotes, colons and indentation here and in the line above"


def in_plain_words(says: str, reading: str) -> tuple[bool, str]:
    """Whether the mistake is where what PyYAML was `reading` begins, and what to tell its author."""
    for said, meanwhile, at_beginning, message in _ROWS:
        found = re.search(said, says)
        if found and re.search(meanwhile, reading):
            return at_beginning, message % found.groups() if found.groups() else message
    return False, _UNKNOWN

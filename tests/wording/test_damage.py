"""What spreadsheets do to texts is noticed; what people write is not taken for it."""

import pytest

from voiceapp.wording.damage import damage

FORMULA, LOST, READ = "takes for a formula", "lost letters", "another encoding"

TEXTS = {
    "#NAME?": FORMULA,
    " #NOM ?": FORMULA,
    "#WERT!": FORMULA,
    "#DIV/0!": FORMULA,
    "#N/A": FORMULA,
    "Err:509": FORMULA,
    "#": "",
    "#1 in town!": "",
    "Bient?t.": LOST,
    "???? ????, {{ caller }}.": LOST,
    "c\ufffdt\ufffd": LOST,
    "Ready? Press 1.": "",
    "¿Qué? ¡Sí!": "",
    "Really?{{ caller }}": "",
    "{{ caller | default('?a??') }}": "",
    "BientÃ´t Ã\xa0 vous.": READ,
    "GrÃ¼ÃŸe": READ,
    "Î“ÎµÎ¹Î±": READ,
    "Bientôt à vous.": "",
    "Viel Spaß…": "",
    "Viel Spaß”": "",
    "Γεια σας…": "",
    "Hello.": "",
}


@pytest.mark.parametrize(("text", "said"), TEXTS.items(), ids=map(repr, TEXTS))
def test_damage(text: str, said: str) -> None:
    found = damage(text, "")
    assert said in found if said and found else not (said or found)


@pytest.mark.parametrize("text", ["Call 1?2?3.", "A Ã¼ is what you see."])
def test_what_the_flow_had_already_is_no_damage(text: str) -> None:
    assert damage(text, "")
    assert damage(f"{text} Now.", text) is None

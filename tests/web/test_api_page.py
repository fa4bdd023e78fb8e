"""The page of the API's documentation: it has all of the document, loads and runs nothing, its examples work."""

import base64
import hashlib
import html
import re
import shlex
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.servers import API_KEY
from tests.web.api_scene import scene
from voiceapp.terms import CALLBACK_EVENTS
from voiceapp.web.openapi.document import Json, document
from voiceapp.web.pages.api_page import page

DOCUMENT = document("https://voice.example.com")
OPERATIONS: Mapping[str, tuple[str, str, Json]] = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
TEXT, POLICY = page(DOCUMENT)
VOID = {"meta", "br"}


class Elements(HTMLParser):
    """What a page is made of; `open` is what was never closed, or in the wrong order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.styles: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles.append(data)


ELEMENTS = Elements(TEXT)


def test_the_page_is_well_formed() -> None:
    assert ELEMENTS.open == []
    ids = [attributes["id"] for _, attributes in ELEMENTS.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {attributes["href"] for tag, attributes in ELEMENTS.seen if tag == "a"}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {link for link in links if not link.startswith("#")} == {
        "openapi.json",
        "https://www.standardwebhooks.com",
    }


def test_nothing_is_loaded_or_run() -> None:
    tags = {tag for tag, _ in ELEMENTS.seen}
    assert tags & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
    attributes = {name for _, given in ELEMENTS.seen for name in given}
    assert {name for name in attributes if name in ("src", "style") or name.startswith("on")} == set()
    (style,) = ELEMENTS.styles
    assert re.findall(r"url\(|@import|expression", style) == []
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert POLICY.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]


def fields(schema: Json) -> list[str]:
    """The names of its fields, those of objects in it too."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    inner = [name for each in schema.get("anyOf", []) for name in fields(each)]
    below = [name for each in schema.get("properties", {}).values() for name in fields(each)]
    return [*schema.get("properties", {}), *inner, *below]


def section(name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', TEXT, re.DOTALL)
    assert found, f"there is no {name}"
    return html.unescape(re.sub(r"<[^>]+>", "", found[0]))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_there_with_all_that_is_said_of_it(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    shown = section(operation["operationId"])
    assert f"{method.upper()} {path}" in shown
    assert operation["summary"] in shown
    assert [status for status in operation["responses"] if status not in shown] == []
    told = [parameter[part] for parameter in operation.get("parameters", []) for part in ("name", "description")]
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        told += fields(body)
        told += ["required", "30", "5 to 300", "at most 32 characters", "when to call, with its time zone"]
    assert [word for word in told if word.replace("`", "") not in shown] == []


def test_what_is_told_to_applications_is_there() -> None:
    told, signature = section("told"), section("signature")
    assert [event for event in CALLBACK_EVENTS if event not in told] == []
    assert [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if name not in told] == []
    assert "hmac.compare_digest" in signature


@pytest.mark.parametrize(
    "name", [name for name, each in DOCUMENT["components"]["schemas"].items() if "View" in name]
)
def test_what_answers_are_made_of_is_there(name: str) -> None:
    shown, schema = section(name), DOCUMENT["components"]["schemas"][name]
    assert [field for field in schema["properties"] if field not in shown] == []


def test_what_is_in_the_document_is_no_markup() -> None:
    described = document("https://voice.example.com/<script>alert(1)</script>")
    described["paths"]["/v1/calls"]["post"]["summary"] = "<b>bold</b>"
    described["components"]["schemas"]["CallView"]["properties"]["ref"]["description"] = '`<i>` & "<u>"'
    text, _ = page(described)
    assert {tag for tag, _ in Elements(text).seen} & {"script", "b", "i", "u"} == set()
    assert "&lt;b&gt;bold&lt;/b&gt;" in text


async def test_how_the_page_is_served(tmp_path: Path) -> None:
    url = "https://voice.example.com"
    async with scene(tmp_path, public_url=url) as here:
        status, kind, text, headers = await here.ask("GET", "/v1/docs", Authorization="")
        assert (status, kind, text) == (200, "text/html", TEXT)
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        secrets = [value.get_secret_value() for value in here.served.server.settings.api_keys]
    assert secrets == [API_KEY]
    assert API_KEY not in text


def curls(text: str) -> list[list[str]]:
    """The words of each curl command of the page, with the key in place."""
    commands = re.findall(r'<pre class="curl"><code>(.*?)</code></pre>', text, re.DOTALL)
    return [shlex.split(html.unescape(each).replace("$VOICEAPP_KEY", API_KEY)) for each in commands]


def read(words: list[str], server: str) -> tuple[str, str, Any, dict[str, str]]:
    """Method, path, body and headers of a curl command."""
    given = {"-X": ["GET"], "-H": [], "-d": []}
    for option, value in pairwise(words):
        if option in given:
            given[option].append(value)
    (url,) = (word for word in words if word.startswith(server))
    headers = dict(header.split(": ", 1) for header in given["-H"])
    return given["-X"][-1], url.removeprefix(server), "".join(given["-d"]).encode() or None, headers


async def test_the_curl_commands_do_what_they_say(tmp_path: Path) -> None:
    answers = {}
    async with scene(tmp_path, fetch_allow="127.0.0.1,crm.example.com:443") as here:
        _, _, text, _ = await here.ask("GET", "/v1/docs")
        for words in curls(text):
            method, path, body, headers = read(words, here.served.url)
            async with here.served.session.request(
                method, here.served.url + path, data=body, headers=headers
            ) as reply:
                answers[method, path.partition("?")[0]] = reply.status, await reply.text()
    there = {
        "/v1/calls",
        "/v1/click-to-call",
        "/v1/attempts",
        "/v1/webhooks",
        "/v1/carrier-events",
        "/v1/openapi.json",
        "/v1/docs",
    }
    expected = {asked: (202 if asked[0] == "POST" else 200) if asked[1] in there else 404 for asked in answers}
    assert {asked: status for asked, (status, _) in answers.items()} == expected, answers
    assert len(answers) == len(OPERATIONS)

"""yaml-language-server as an editor runs it: a process that speaks LSP over its standard input and output."""

import itertools
import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

SETTINGS = {
    "yaml": {
        "validate": True,
        "hover": True,
        "completion": True,
        "yamlVersion": "1.2",
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
    }
}
PATIENCE = 60.0
"""Seconds after which a server that does not answer is ended, so that no test waits for ever."""


class Mark(NamedTuple):
    """What an editor underlines; lines count from 1."""

    line: int
    text: str
    message: str


class LanguageServer:
    """One server. The files it is told of are not on disk; the schema that they name is, in `folder`."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.folder = folder
        self._ids = itertools.count(1)
        self._process = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self._request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "capabilities": {
                    "workspace": {"configuration": True},
                    "textDocument": {
                        "completion": {
                            "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}
                        },
                        "hover": {"contentFormat": ["markdown"]},
                    },
                },
            },
        )
        self._send({"method": "initialized", "params": {}})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._request("shutdown", None)
        self._send({"method": "exit"})
        with self._process as process:
            process.wait(PATIENCE)

    def marks(self, text: str) -> list[Mark]:
        """What is marked in a file of this text."""
        uri = self._open(text)
        found = self._until(lambda message: _diagnostics_of(message, uri))
        self._close(uri)
        lines = text.splitlines()
        return [_mark(lines, diagnostic) for diagnostic in found]

    def completions(self, text: str) -> dict[str, Mapping[str, Any]]:
        """What is offered where `|` stands in the text, by label."""
        answer = self._ask("textDocument/completion", text)
        return {item["label"]: item for item in answer["items"]}

    def hover(self, text: str) -> str:
        """What is shown over the place before which `|` stands in the text."""
        answer = self._ask("textDocument/hover", text)
        return "" if answer is None else str(answer["contents"]["value"])

    def _ask(self, method: str, text: str) -> Any:
        before, _, after = text.partition("|")
        uri = self._open(before + after)
        at = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        answer = self._request(method, {"textDocument": {"uri": uri}, "position": at})
        self._close(uri)
        return answer

    def _open(self, text: str) -> str:
        uri = (self.folder / f"{next(self._ids)}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return uri

    def _close(self, uri: str) -> None:
        self._send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})

    def _request(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        return self._until(lambda message: [message["result"]] if message.get("id") == number else None)[0]

    def _until(self, wanted: Callable[[Any], Any]) -> Any:
        """What `wanted` makes of the first message that it makes something of; answers the server meanwhile."""
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            while True:
                message = self._receive()
                if "method" in message and "id" in message:
                    self._answer(message)
                elif (found := wanted(message)) is not None:
                    return found
        finally:
            watch.cancel()

    def _answer(self, message: Mapping[str, Any]) -> None:
        result: Any = None
        if message["method"] == "workspace/configuration":
            result = [SETTINGS.get(item.get("section"), {}) for item in message["params"]["items"]]
        self._send({"id": message["id"], "result": result})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> Any:
        assert self._process.stdout
        size = 0
        while (line := self._process.stdout.readline().strip()) or not size:
            assert line or self._process.poll() is None, "the language server has ended"
            name, _, value = line.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        return json.loads(self._process.stdout.read(size))


def _diagnostics_of(message: Mapping[str, Any], uri: str) -> Any:
    if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
        return message["params"]["diagnostics"]
    return None


def _mark(lines: list[str], diagnostic: Mapping[str, Any]) -> Mark:
    start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    last = end["character"] if end["line"] == start["line"] else None
    text = lines[start["line"]][start["character"] : last] if start["line"] < len(lines) else ""
    return Mark(start["line"] + 1, text, diagnostic["message"])

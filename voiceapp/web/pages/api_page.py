"""The API's own documentation: `/v1/openapi.json` for programs, `/v1/docs` for people."""

import base64
import hashlib
from functools import cached_property
from pathlib import Path

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from voiceapp.web.openapi.document import Json, document
from voiceapp.web.pages.text import blocks
from voiceapp.web.pages.view import View

_PAGES = Path(__file__).parent


class ApiPages:
    """The same for everybody, so that neither needs a key. `server`: the URL at which we are reached."""

    def __init__(self, server: str) -> None:
        self._server = server

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [web.get("/v1/openapi.json", self.openapi), web.get("/v1/docs", self.docs)]

    async def openapi(self, request: web.Request) -> web.Response:
        """The OpenAPI document."""
        return web.Response(body=self._json, content_type="application/json")

    async def docs(self, request: web.Request) -> web.Response:
        """The document as a page, which loads nothing and runs nothing."""
        text, policy = self._page
        headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)

    @cached_property
    def _json(self) -> bytes:
        return msgspec.json.encode(document(self._server))

    @cached_property
    def _page(self) -> tuple[str, str]:
        return page(document(self._server))


def page(described: Json) -> tuple[str, str]:
    """The page of an OpenAPI document of ours, and the Content-Security-Policy that it is to be sent with: nothing
    but its own style, known by its hash."""
    style = (_PAGES / "api.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    view = View(described)
    text = environment.get_template("api.html").render(
        view=view,
        about=blocks(view.info["description"]),
        groups=view.operations(),
        callback=view.callback(),
        callback_examples=view.callback_examples(),
        code_samples=view.code_samples(),
        models=view.models(),
        style=Markup(style),  # noqa: S704 - a file of ours; escaped it would be no CSS
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    closed = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return text, f"default-src 'none'; style-src 'sha256-{digest}'; {closed}"

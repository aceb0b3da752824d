"""Pages of the console without a browser and without services: answers are given by the test, calls are kept."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import urlencode

import grpc
import httpx2
from google.protobuf.message import Message

from services.chassis.calls.client import RpcFailure
from services.chassis.calls.common import Violation
from services.client.door import AioDoor
from services.console.app import build
from services.console.console import Console
from services.console.provider import Provider, ProviderSettings
from services.console.secret import Secret
from services.console.sessions import Row, Sessions, SessionsAway
from services.console.settings import Settings
from tests.support.provider import CLIENT, CONSOLE, ISSUER

ADDRESS = dict.fromkeys(("intake", "handover", "followup", "notify"), "127.0.0.1:1")
HOST = "console.test"
Answer = Message | RpcFailure | Callable[[Any], Message]


class _Named:
    """Stands for stubs: any method of it is its name."""

    def __getattr__(self, name: str) -> _Named | str:
        return name if name[:1].isupper() else _Named()

    def __call__(self, service: str) -> _Named:
        """What every service is asked."""
        return self


@dataclass
class FakeDoor:
    """The services, by the names of their methods; what is not named answers that it is away."""

    answers: Mapping[str, Answer]
    calls: list[tuple[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    stubs: _Named = field(default_factory=_Named)

    async def ask(self, method: str, request: Any, *, token: str, language: str | None = None) -> Message:
        """One call."""
        self.calls.append((method, request))
        self.tokens.append(token)
        answer = self.answers.get(method, failure("UNAVAILABLE"))
        if isinstance(answer, RpcFailure):
            raise answer
        return answer(request) if callable(answer) else answer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def named(self, method: str) -> list[Any]:
        """The requests of a method."""
        return [request for name, request in self.calls if name == method]


def failure(code: str, reason: str = "", message: str = "", *fields: str) -> RpcFailure:
    """A refusal by a service; `fields` are wrong."""
    violations = tuple(Violation(None, each, "WRONG", "", f"{each} is wrong") for each in fields)
    return RpcFailure("/x/Y", grpc.StatusCode[code], reason or code, message, violations)


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    text: str


class KeptInMemory:
    """Sessions where a test sees them."""

    def __init__(self) -> None:
        self.rows: dict[bytes, Row] = {}
        self.away = False

    def _there(self) -> dict[bytes, Row]:
        if self.away:
            raise SessionsAway
        return self.rows

    async def add(self, row: Row, *, ended_s: float, most: int) -> None:
        """Keep one."""
        self._there()[row.id] = row

    async def find(self, id: bytes) -> Row | None:  # noqa: A002
        """By its id."""
        return self._there().get(id)

    async def change(self, row: Row) -> None:
        """Keep what changed."""
        self._there()[row.id] = row

    async def remove(self, ids: Sequence[bytes]) -> None:
        """End them."""
        for each in ids:
            self._there().pop(each, None)

    async def all(self) -> Sequence[Row]:
        """Every one."""
        return list(self._there().values())


class Browser:
    """One browser at a console of its own, in this process; use it in an `async with`."""

    def __init__(
        self,
        key: Path,
        answers: Mapping[str, Answer] | None = None,
        *,
        language: str = "en",
        now_s: Callable[[], float] | None = None,
        provider: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`provider`: the way to one of accounts; without it offices are chosen."""
        self.door = FakeDoor(answers or {})
        secret = Secret(bytes(32))
        settings = Settings(
            "127.0.0.1",
            0,
            ADDRESS,
            "postgresql://127.0.0.1:1/none",
            key,
            hosts=(HOST,),
            provider=ProviderSettings(ISSUER, CLIENT, CONSOLE) if provider is not None else None,
            signing_key=key if provider is None else None,
        )
        accounts = None
        if settings.provider is not None:
            accounts = Provider(settings.provider, transport=provider, now_s=now_s or time.time)
        self.kept = KeptInMemory()
        sessions = Sessions(self.kept, secret, now_s or time.time)
        self.console = Console(settings, secret, cast(AioDoor, self.door), sessions, accounts)
        # Nobody answers at these addresses: the built-in offices stand.
        self.console.keep_offices()
        self._app = build(self.console)
        self.cookies: dict[str, str] = {}
        self._language = language

    async def get(self, path: str, **headers: str) -> Reply:
        """Ask for a page."""
        return await self._ask("GET", path, b"", headers)

    async def post(self, path: str, fields: Mapping[str, Any] | None = None, **headers: str) -> Reply:
        """Send a form of one of our own pages, with the token of the sign-in."""
        filled: dict[str, Any] = {"form_token": await self.form_token(), **(fields or {})}
        sent = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", **headers}
        return await self._ask("POST", path, urlencode(filled, doseq=True).encode(), sent)

    async def sign_in(self, office: str) -> Self:
        """Act for an office from now on."""
        reply = await self.post("/sign-in", {"office": office, "to": "/"})
        assert reply.status == 303, reply.text
        return self

    async def form_token(self) -> str:
        """For the officer whom the cookie is of."""
        found = await self.console.sessions.find(self.cookies.get("__Host-homeward", ""), active=False)
        return self.console.sessions.form_token(found) if found is not None else ""

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        address, _, query = path.partition("?")
        given = {"host": HOST, "accept-language": self._language, "content-length": str(len(body))}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": (HOST, 443),
        }
        started: dict[str, Any] = {}
        content = bytearray()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                content.extend(message.get("body", b""))

        await self._app(scope, receive, send)
        return self._reply(started, bytes(content))

    def _reply(self, started: Mapping[str, Any], content: bytes) -> Reply:
        headers = [(name.decode(), value.decode()) for name, value in started["headers"]]
        set_now = {}
        for name, value in headers:
            if name == "set-cookie" and (match := re.match(r"([^=]+)=([^;]*)", value)):
                set_now[match[1]] = match[2]
                if "Max-Age=0" in value:
                    self.cookies.pop(match[1], None)
                else:
                    self.cookies[match[1]] = match[2]
        return Reply(started["status"], dict(headers), set_now, content.decode())


async def uploaded(browser: Browser, path: str, content: str) -> Reply:
    """A file is read, as a browser sends it."""
    parts = [("form_token", "", await browser.form_token()), ("action", "", "file")]
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, _, value in parts
    )
    body += '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + content + "\r\n--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x", "sec-fetch-site": "same-origin"}
    return await browser._ask("POST", path, body.encode(), headers)

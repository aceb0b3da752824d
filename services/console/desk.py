"""One request of an officer: who acts, in which language, what may be called, and how a page is answered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.chassis.calls.client import RpcFailure
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written_moment
from services.client.shown.values import enum_word
from services.client.stubs import Stubs
from services.client.tokens import grades_of
from services.console.console import Console
from services.console.navigation import links
from services.console.refusals import Refused, refused
from services.console.rendering import form_token, render
from services.console.rights import grades_in, methods_of
from services.console.sessions import SignedIn

SESSION_REVOKED: Final = "SESSION_REVOKED"
TOLD_ONCE: Final = frozenset({"done", "note"})
"""In the address of a page that follows something that was done."""

_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")
T = TypeVar("T")
_OFFICE: Final = re.compile(r"\b[A-Z]{2,10}(?:-[A-Z0-9]+)+\b")
"""What may be the id of an office: whatever else it is stays as it is."""
_CODE: Final = re.compile(r" \(\d{2}@\d{4}\)")
"""The code of a province behind its name."""


@dataclass(frozen=True, slots=True)
class Block(Generic[T]):
    """A part of a page that has a call of its own: what came, or why it is missing."""

    found: T | None = None
    missing: Refused | None = None


def without_codes(text: str) -> str:
    """Provinces by their names alone: codes are for files and programs."""
    return _CODE.sub("", text)


class Desk:
    """An officer's request. `session` and `office` are there on every page behind the sign-in."""

    def __init__(
        self,
        console: Console,
        request: Request,
        texts: Texts,
        directory: Directory,
        session: SignedIn | None = None,
        office: Office | None = None,
    ) -> None:
        self.console = console
        self.request = request
        self.texts = texts
        self.directory = directory
        self.session = session
        self.no_office = False
        self.no_day = ""
        """What was typed into a filter for a day and is none."""
        """Whether an office was typed into a filter, and no office is called so."""
        self._office = office

    @property
    def office(self) -> Office:
        """Whom this browser acts for. Raises RuntimeError before the sign-in."""
        if self._office is None:
            raise RuntimeError("nobody is signed in here")
        return self._office

    @property
    def signed(self) -> SignedIn:
        """The session. Raises RuntimeError before the sign-in."""
        if self.session is None:
            raise RuntimeError("nobody is signed in here")
        return self.session

    @property
    def signed_in(self) -> bool:
        """Whether somebody is."""
        return self._office is not None

    @property
    def address(self) -> str:
        """The page that is asked for, with its filters; without what it told of something that was done."""
        given = self.request.query_params.multi_items()
        query = urlencode([(name, value) for name, value in given if name not in TOLD_ONCE])
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    @property
    def stubs(self) -> Stubs:
        """The services by capability."""
        return self.console.door.stubs

    @property
    def own(self) -> frozenset[str]:
        """This office, and those that ended and left it their duty."""
        return frozenset({self.office.id, *self.directory.left_to(self.office.id, self.console.today())})

    @cached_property
    def methods(self) -> frozenset[str]:
        """What this officer may call by role and grades, by names without the service; nothing before the sign-in."""
        if self._office is None:
            return frozenset()
        granted = self.session.granted if self.session is not None else None
        grades = grades_of(self._office) if granted is None else grades_in(granted.access)
        return methods_of(self._office.role, grades)

    def may(self, method: str) -> bool:
        """Whether this officer may call a method, by its name without the service."""
        return method in self.methods

    async def ask(self, method: Callable[[_Request], _Answer], request: _Request) -> _Answer:
        """Call a service as this office. Raises RpcFailure."""
        token = await self.console.token(self.signed, self.office)
        try:
            answer = await self.console.door.ask(method, request, token=token, language=self.texts.language)
            self.console.heard(_service_of(request))
            return answer
        except RpcFailure as failure:
            if failure.reason == SESSION_REVOKED:
                await self.console.signed_out(self.signed)
            raise

    async def block(self, answer: Awaitable[T]) -> Block[T]:
        """A part of a page: the others stand when its service is away."""
        try:
            return Block(found=await answer)
        except RpcFailure as failure:
            return Block(missing=refused(failure, self.texts))

    def refused(self, failure: RpcFailure) -> Refused:
        """A refusal in the officer's language."""
        return refused(failure, self.texts)

    async def form(self) -> FormData:
        """What was sent; the guard has looked at it."""
        found: FormData = self.request.state.form
        return found

    def request_id(self) -> str:
        """The id in the address, of one request however often it is sent. Raises HTTPException."""
        try:
            return str(uuid.UUID(self.request.path_params["request_id"]))
        except ValueError:
            raise HTTPException(404) from None

    @property
    def unsent(self) -> FormData | None:
        """What stood in the form of this address when it did not go through; None when it is a new one."""
        return self.console.unsent.find(self.signed.id, self.request.url.path)

    def chosen(self, filters: Sequence[Sequence[Any]]) -> list[tuple[str, str, str]]:
        """The filters that the address names: title, what is chosen, and the address without it.

        Each of `filters` is name, title, options and value, as templates take them.
        """
        query = self.request.query_params
        given = [(name, value) for name, _title, _options, value in filters if value and query.get(name)]
        found = []
        for name, title, options, value in filters:
            if (name, value) in given:
                rest = urlencode([each for each in given if each[0] != name])
                found.append((title, dict(options).get(value, value), f"?{rest}"))
        return found

    @staticmethod
    def narrowed(filters: Sequence[Sequence[Any]]) -> list[str]:
        """By what a list is narrowed, be it chosen or a beginning: each as title and what stands there."""
        return [f"{title}: {dict(options).get(value, value)}" for _name, title, options, value in filters if value]

    def stands(self, fields: Sequence[tuple[str, str]]) -> None:
        """What a form now has that is not what was sent: people were added, or a file was read; nothing: it is done."""
        self.request.state.stands = fields

    def name_of(self, office_id: str) -> str:
        """An office by its name in the officer's language; its id when it is not known."""
        try:
            office = self.directory.office(office_id)
        except OfficeNotFound:
            return office_id
        return office.name_vi if self.texts.language == "vi" else office.name_en

    def with_id(self, office_id: str) -> str:
        """An office by its name, with its id behind it; a text that is no office's id as it is."""
        name = self.name_of(office_id)
        return f"{name} ({office_id})" if name != office_id else office_id

    def named(self, text: str) -> str:
        """A sentence with offices by their names where it has their ids."""
        return _OFFICE.sub(lambda found: self.name_of(found[0]), without_codes(text))

    def moment(self, at: datetime) -> str:
        """An instant as officers write it."""
        return written_moment(at)

    def transfer_state(self, transfer: Any) -> str:
        """The state of a transfer in the officer's words."""
        return enum_word(self.texts, transfer, "state", words.TRANSFER_STATES)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page."""
        return HTMLResponse(render(template, self.texts.language, {**self._common(), **values}), status_code=status)

    def _common(self) -> dict[str, Any]:
        """What every page has."""
        path = self.request.url.path
        return {
            "_": self.texts,
            "plural": self.texts.plural,
            "desk": self,
            "language": self.texts.language,
            "demonstration": self.console.demonstration,
            "path": path,
            "links": links(self.office.role, self.methods, path, self.texts) if self.signed_in else (),
            "today": self.console.today(),
            "token": lambda: form_token(self.console.sessions.form_token(self.signed)),
        }

    def go(self, path: str) -> Response:
        """Look at another page, by GET."""
        return RedirectResponse(path, status_code=303)


def _service_of(request: Any) -> str:
    """The service that a request is for; of what is asked of every service alike, their common package."""
    return str(request.DESCRIPTOR.full_name.split(".")[1])

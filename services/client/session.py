"""One run of the command line: who acts, where the services are, and what the common options say."""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from services.chassis.kernel.texts import Texts
from services.client.causes import problem_of
from services.client.refusals import Kind, Refusal, bad_input, of_rpc
from services.client.services import address_of
from services.client.state import CLOCK_FILE, KEYS, LISTED_OFFICES_FILE, RUN_FILE, SIGNING_KEY, TOKENS
from services.client.stubs import Stubs
from services.client.tokens import TOKEN_ISSUER, claims_of, grades_of, scope_of

if TYPE_CHECKING:
    from services.chassis.country.directory import Directory
    from services.chassis.country.offices import Office
    from services.chassis.kernel.roles import Grade
    from services.client.door import CallPlan


DEFAULT_STATE: Final = "var"
ENV_STATE: Final = "HOMEWARD_STATE"
ENV_OFFICE: Final = "HOMEWARD_OFFICE"
ENV_TOKEN: Final = "HOMEWARD_TOKEN"  # noqa: S105
ENV_CA: Final = "HOMEWARD_TLS_CA"
ENV_CERTIFICATE: Final = "HOMEWARD_CLIENT_CERTIFICATE"
ENV_KEY: Final = "HOMEWARD_CLIENT_KEY"
ENV_OFFICES_FILE: Final = "HOMEWARD_OFFICES_FILE"
TOKEN_MIN_LIFE_S: Final = 60
"""A token that ends sooner is replaced before it is used."""
USER_CHARS_MAX: Final = 48
"""Of the name of the machine's user in a token; more would not fit."""
ATTEMPT_S: Final = 10.0
"""For one attempt; a slow line needs seconds for thirty people."""
LIST_OFFICES_S: Final = 3.0
"""For one page of offices; what takes longer is done without."""

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


def _silent(_text: str) -> None:
    """For fronts that show waiting in another way."""


@dataclass
class Session:
    """One run of the command line.

    `state` is the state directory, `office_id` the office given by --as. `wait_s` None: the command's own patience.
    """

    texts: Texts
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    state_option: str | None = None
    office_option: str | None = None
    as_json: bool = False
    wait_s: float | None = None
    tell: Callable[[str], None] = _silent
    sleep: Callable[[float], None] = time.sleep
    now_s: Callable[[], float] = time.monotonic
    _open: ExitStack = field(default_factory=ExitStack)

    # Where --------------------------------------------------------------------------------------

    @property
    def state(self) -> Path:
        """The state directory of the embedded mode."""
        return Path(self.state_option or self.environ.get(ENV_STATE) or DEFAULT_STATE)

    @cached_property
    def run(self) -> dict[str, Any]:
        """What the launcher says that runs; empty when nothing does."""
        try:
            found = json.loads((self.state / RUN_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def address(self, service: str) -> str:
        """Host and port of a service. Raises Refusal with what to do when it is not known."""
        if address := address_of(service, self.environ, self.run):
            return address
        _ = self.texts
        raise Refusal(
            Kind.UNREACHABLE,
            "NOT_RUNNING",
            _("Homeward is not running in {folder}, and no address of another one is set.", folder=self.state),
            advice=(
                _("Start it in another window with: homeward up"),
                _("Or name its folder with --state DIR, or the services: homeward help environment"),
            ),
        )

    # When ---------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Business time: moved in a state directory made for demonstration, real elsewhere."""
        from services.chassis.country.clock import clock_for

        clock = self.state / CLOCK_FILE
        embedded = clock.exists() and not self.environ.get("HOMEWARD_INTAKE")
        return clock_for(clock if embedded else None).now()

    def today(self) -> date:
        """The local day in Viet Nam."""
        from services.chassis.kernel.clock import local_date

        return local_date(self.now())

    # Who ----------------------------------------------------------------------------------------

    @cached_property
    def directory(self) -> Directory:
        """All offices: as the running Homeward lists them, else as they are brought here.

        Raises Refusal when the offices file is wrong.
        """
        return self._listed_offices() or self._brought

    def _listed_offices(self) -> Directory | None:
        """None when no Homeward runs that could be asked, or it does not answer at once."""
        from services.chassis.calls.client import RpcFailure
        from services.chassis.country.provinces import DirectoryError
        from services.client.door import Door
        from services.client.offices import listed

        try:
            with Door(self._plan(self._token_to_look_up, LIST_OFFICES_S)) as door:
                return listed(door.stubs.directory.ListOffices, self.state / LISTED_OFFICES_FILE)
        except (Refusal, RpcFailure, DirectoryError):
            return None

    def _token_to_look_up(self) -> str:
        """The token of whoever acts, or of an office that sees no case: everybody may look up offices."""
        from services.chassis.kernel.roles import Role

        known = {office.id: office for office in self._brought.offices()}
        if self.environ.get(ENV_TOKEN) or self.office_id in known:
            return self.token()
        return self.issue_token(next(office for office in known.values() if office.role is Role.NGO))

    @cached_property
    def _brought(self) -> Directory:
        """The offices that come with the program, or with this installation's offices file."""
        from services.chassis.country.directory import Directory, built_in_directory
        from services.chassis.country.provinces import DirectoryError

        file = self.environ.get(ENV_OFFICES_FILE)
        try:
            return Directory.load(Path(file)) if file else built_in_directory()
        except (DirectoryError, OSError) as error:
            text = self.texts("The offices file cannot be used: {problem}", problem=problem_of(error, self.texts))
            raise bad_input("BAD_OFFICES_FILE", text) from None

    def office(self, office_id: str) -> Office:
        """An office by its id, in any case of letters. Raises Refusal."""
        from services.chassis.kernel.errors import OfficeNotFound

        wanted = office_id.strip().upper()
        try:
            # To sign in nobody has to be asked about an office that everybody knows.
            return self._brought.office(wanted)
        except OfficeNotFound:
            pass
        try:
            return self.directory.office(wanted)
        except OfficeNotFound:
            _ = self.texts
            raise Refusal(
                Kind.NOT_FOUND,
                "OFFICE_NOT_FOUND",
                _("There is no such office."),
                advice=(_("Look for it with: homeward offices NAME"),),
            ) from None

    @property
    def office_id(self) -> str:
        """The office acted for, empty when only a token could tell and there is none."""
        if chosen := self.office_option or ("" if self.environ.get(ENV_TOKEN) else self.environ.get(ENV_OFFICE, "")):
            return chosen.strip().upper()
        return str(claims_of(self.environ.get(ENV_TOKEN, "")).get("office", ""))

    def token(self) -> str:
        """The token to call with. Raises Refusal with what to do when there is none."""
        _ = self.texts
        given = self.environ.get(ENV_TOKEN, "").strip()
        if given and (not self.office_option or claims_of(given).get("office") == self.office_id):
            return given
        if given:
            raise Refusal(
                Kind.NOT_PERMITTED,
                "TOKEN_OF_OTHER_OFFICE",
                _("The token in {name} is of another office than --as names.", name=ENV_TOKEN),
                advice=(_("Leave out --as, or sign in for that office."),),
            )
        if self.office_id:
            return self._embedded_token(self.office(self.office_id))
        raise Refusal(
            Kind.NOT_PERMITTED,
            "NO_OFFICE",
            _("It is not known for which office you act."),
            advice=(
                _("Name it, for example: homeward --as BP-CN-MONG-CAI inbox"),
                _("All offices: homeward offices"),
            ),
        )

    def _embedded_token(self, office: Office) -> str:
        stored = self.state / TOKENS / f"{office.id}.jwt"
        token = stored.read_text(encoding="ascii").strip() if stored.is_file() else ""
        if token and float(claims_of(token).get("exp", 0)) > time.time() + TOKEN_MIN_LIFE_S:
            return token
        return self.issue_token(office)

    def issue_token(
        self,
        office: Office,
        lifetime_s: int | None = None,
        account: str = "",
        grades: Iterable[Grade] | None = None,
    ) -> str:
        """A token of the embedded issuer. Raises Refusal when this machine has no signing key.

        `account`: a second person at an office, for what takes two; the machine's user where it is not given.
        `grades`: what the person does there; None for everything.
        """
        from services.chassis.calls.security import MAX_LIFETIME_S, TokenIssuer

        _ = self.texts
        try:
            issuer = TokenIssuer.from_file(self.state / SIGNING_KEY, TOKEN_ISSUER)
        except FileNotFoundError:
            raise Refusal(
                Kind.NOT_PERMITTED,
                "NO_SIGNING_KEY",
                _("There is no signing key in {folder}, so no token can be made here.", folder=self.state / KEYS),
                advice=(
                    _("On a machine of your own, start Homeward with: homeward up"),
                    _("In production, sign in and set {name}.", name=ENV_TOKEN),
                ),
            ) from None
        except (OSError, ValueError) as error:
            text = _("The signing key cannot be used: {problem}", problem=problem_of(error, _))
            raise Refusal(Kind.NOT_PERMITTED, "SIGNING_KEY_UNUSABLE", text) from None
        subject = _subject(office.id, account)
        held = grades_of(office) if grades is None else grades
        return issuer.issue(subject, office.id, office.role, scope_of(office), lifetime_s or MAX_LIFETIME_S, held)

    # Calls --------------------------------------------------------------------------------------

    @cached_property
    def calls(self) -> Stubs:
        """The services, by capability. Raises Refusal when a certificate cannot be used."""
        from services.client.door import Door

        return self._open.enter_context(Door(self._plan(self.token, ATTEMPT_S))).stubs

    def _plan(self, token: Callable[[], str], deadline_s: float) -> CallPlan:
        """How services are called with a token. Raises Refusal when a certificate cannot be used."""
        from services.chassis.calls.client import ClientTls
        from services.client.door import CallPlan

        ca, certificate, key = (self.environ.get(name) for name in (ENV_CA, ENV_CERTIFICATE, ENV_KEY))
        certificates = ClientTls(*(Path(each) if each else None for each in (ca, certificate, key)))
        try:
            # Read once for nothing, so that a bad one is told before any call.
            certificates.credentials()
        except OSError as error:
            text = self.texts("A certificate file cannot be read: {problem}", problem=problem_of(error, self.texts))
            raise bad_input("BAD_CERTIFICATE", text) from None
        return CallPlan(
            self.address,
            token,
            self.texts.language,
            deadline_s=deadline_s,
            max_attempts=1,
            certificates=certificates,
        )

    def ask(
        self, call: Callable[[_Request], _Response], request: _Request, *, wait_s: float | None = None
    ) -> _Response:
        """Call a service, going on while it is away. Raises Refusal in the officer's language."""
        from services.chassis.calls.client import RpcFailure

        try:
            return self.attempt(call, request, wait_s=wait_s)
        except RpcFailure as failure:
            raise of_rpc(failure, self.texts) from None

    def attempt(
        self, call: Callable[[_Request], _Response], request: _Request, *, wait_s: float | None = None
    ) -> _Response:
        """The same; raises RpcFailure as it came, for callers that decide by it."""
        from services.client.patience import OTHER_WAIT_S, Patience, deliver

        patience = Patience(
            wait_s=self.wait_s if self.wait_s is not None else wait_s or OTHER_WAIT_S,
            tell=self._tell_of_waiting,
            sleep=self.sleep,
            now_s=self.now_s,
        )
        return deliver(call, request, patience)

    def _tell_of_waiting(self, attempt: int, wait_s: float) -> None:
        _ = self.texts
        text = _(
            "The service cannot be reached: attempt {attempt}, waiting {seconds} s; nothing is lost, "
            "Ctrl-C is safe: run the same command again.",
            attempt=attempt,
            seconds=max(1, round(wait_s)),
        )
        self.tell(text)

    def close(self) -> None:
        """Let go of the network."""
        self._open.close()


def _subject(office_id: str, account: str) -> str:
    # Whoever plays several offices on one machine is somebody else in each: one person is never on both sides.
    try:
        user = account or getpass.getuser()
    except (KeyError, OSError):
        user = "unknown"
    return f"cli:{user[:USER_CHARS_MAX]}@{office_id}"

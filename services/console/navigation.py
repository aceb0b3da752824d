"""The links at the top of each page: at most five, those that a role needs most and may use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from services.chassis.calls.policy import CUSTODIANS
from services.chassis.kernel.roles import Role
from services.chassis.kernel.texts import Texts
from services.console.texts import N_

MAX_LINKS: Final = 5


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go to; `method` must be callable by the role, `also` tells addresses that belong to it."""

    address: str
    text: str
    method: str
    also: tuple[str, ...] = ()
    roles: frozenset[Role] | None = None


LINKS: Final = (
    Link("/inbox", N_("Messages"), "ListMessages"),
    Link("/handovers/new", N_("New handover"), "SubmitHandover", ("/handovers",)),
    Link("/transfers", N_("On the way"), "ListTransfers", roles=CUSTODIANS),
    Link("/week", N_("My week"), "ListSafetyActs", ("/follow-ups",), roles=frozenset({Role.SUPPORT_AGENCY})),
    Link("/overdue", N_("Overdue"), "ListOverdue", roles=frozenset({Role.SUPERVISOR})),
    Link("/lost", N_("Searched for"), "ListLost", roles=frozenset({Role.SUPERVISOR})),
    Link("/undecided", N_("Not decided yet"), "ListUndecided", roles=frozenset({Role.VERIFIER})),
    Link("/cases", N_("Cases"), "ListCases"),
    Link("/facilities", N_("Facilities"), "AdmitPerson"),
    Link("/access-log", N_("Access log"), "ListAccessLog"),
    Link("/who-did-what", N_("Who did what"), "ListActs"),
    Link("/offices", N_("Offices"), "OpenOffice"),
    Link("/rules", N_("Rules"), "ChangeRule"),
    Link("/administration", N_("Changes"), "ListAdministration", roles=frozenset({Role.AUDITOR})),
    Link("/approvals", N_("Requests"), "ListApprovals", ("/break-glass",), roles=frozenset({Role.ADMIN, Role.AUDITOR})),
    Link("/sessions", N_("Ended sign-ins"), "RevokeSessions"),
)


def links(role: Role, methods: Collection[str], path: str, _: Texts) -> tuple[tuple[str, str, bool], ...]:
    """Address, text, and whether the page shown belongs to it."""
    offered = [each for each in LINKS if each.method in methods and (each.roles is None or role in each.roles)]
    shown = [("/", _("Today"), path == "/")]
    for each in offered[: MAX_LINKS - 1]:
        here = any(path == start or path.startswith(f"{start}/") for start in (each.address, *each.also))
        shown.append((each.address, _(each.text), here))
    return tuple(shown)

"""The office that an officer means: by its id, by a province, or by "home"."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from services.client.dates import written
from services.client.refusals import Kind, Refusal, bad_input
from services.client.session import Session

if TYPE_CHECKING:
    from services.chassis.kernel.places import ProvinceRef

HOME: Final = "home"
_HOME_WORDS: Final = frozenset({HOME, "nha", "que", "que nha", "ve nha"})
_OFFICE_ID: Final = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)+")


def addressee(session: Session, to: str, case: str, on: date) -> str:
    """The id of an office named by its id, by a province (its support agency on that day), or by "home".

    Raises Refusal when there is none.
    """
    if means_home(to):
        return agency(session, home_province(session, case), on)
    if is_office_id(to):
        return session.office(to).id
    return agency(session, named_province(session, to, on), on)


def means_home(text: str) -> bool:
    """Whether a text says "home"."""
    from services.chassis.kernel.fold import fold

    return fold(text) in _HOME_WORDS


def is_office_id(text: str) -> bool:
    """Whether a text has the form of an office id."""
    return _OFFICE_ID.fullmatch(text.strip()) is not None


def named_province(session: Session, text: str, on: date, option: str = "--to") -> ProvinceRef:
    """A province by name or code on a day. Raises Refusal that names the option."""
    from services.client.people_file.values import ValueProblem, parse_province

    try:
        return parse_province(text, on).ref
    except ValueProblem as problem:
        _ = session.texts
        message = _("{option}: {problem}", option=option, problem=_(problem.text, **problem.params))
        raise bad_input(problem.code, message) from None


def counted_province(session: Session, text: str | None) -> str:
    """A province by name or code as counts name it, of today's list; empty for none. Raises Refusal."""
    from services.chassis.country.provinces import successor

    return str(successor(named_province(session, text, session.today(), "--province"))) if text else ""


def home_province(session: Session, case: str) -> ProvinceRef:
    """The province that a person calls home, asked of intake. Raises Refusal when it is not known."""
    from homeward.intake.v1 import reading_pb2
    from services.chassis.kernel.places import ProvinceRef

    found = session.ask(session.calls.reading.GetCase, reading_pb2.GetCaseRequest(case=case)).case
    if not found.home_province.code:
        _ = session.texts
        raise Refusal(
            Kind.REFUSED,
            "HOME_NOT_KNOWN",
            _("The home province of this person is not known."),
            advice=(_("Name the office or the province with --to."),),
        )
    return ProvinceRef(found.home_province.code, found.home_province.vintage)


def agency(session: Session, province: ProvinceRef, on: date) -> str:
    """The id of the support agency of a province on a day. Raises Refusal."""
    from services.chassis.kernel.errors import HomewardError

    try:
        return session.directory.support_agency_for(province, on).id
    except HomewardError as error:
        _ = session.texts
        text = _("No support agency of the province {province} is known for {day}.", province=province, day=written(on))
        raise Refusal(Kind.NOT_FOUND, error.reason, text) from None

"""How cases are shown: a line of a list, what is known of one, and who the person is, for those who may know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.shown.family import relatives_text
from services.client.shown.legal_steps import step_facts, verification_facts
from services.client.shown.values import enum_word, province_text

if TYPE_CHECKING:
    from homeward.intake.v1 import cases_pb2


def row(found: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of cases."""
    received = written_moment(plain.instant(found.handover_time)) if found.HasField("handover_time") else ""
    phase = enum_word(_, found, "phase", words.PHASES) or enum_word(_, found, "status_word", words.STATUS_WORDS)
    return (
        found.case_number,
        received.partition(" ")[0],
        phase,
        enum_word(_, found, "identification", words.IDENTIFICATIONS),
        enum_word(_, found, "age_band", words.AGE_BANDS),
        province_text(found.home_province).partition(" (")[0],
        found.accountable_office_id,
    )


def case_facts(found: cases_pb2.Case, _: Texts) -> list[tuple[str, str]]:
    """What is known of a case without who the person is, as names and values."""
    moments: Callable[[str], str] = lambda name: (  # noqa: E731
        written_moment(plain.instant(getattr(found, name))) if found.HasField(name) else ""  # type: ignore[arg-type]
    )
    return [
        (_("Case number"), found.case_number),
        (_("Status"), enum_word(_, found, "status_word", words.STATUS_WORDS)),
        (_("Phase"), enum_word(_, found, "phase", words.PHASES)),
        (_("Identification"), enum_word(_, found, "identification", words.IDENTIFICATIONS)),
        (_("Accountable now"), found.accountable_office_id),
        (_("Registered by"), found.receiving_office_id),
        (_("Police that decides"), found.verifier_office_id),
        (_("Route"), enum_word(_, found, "route", words.ROUTES)),
        (_("Home"), province_text(found.home_province)),
        (_("Age at the return"), enum_word(_, found, "age_band", words.AGE_BANDS)),
        (_("Received"), moments("handover_time")),
        (_("Registered"), moments("create_time")),
        (_("Family"), "" if found.HasField("person") else relatives_text(found.relatives, _)),
        *step_facts(found.legal_steps, _),
        *verification_facts(found, _),
    ]


def person_facts(found: cases_pb2.Case, _: Texts) -> list[tuple[str, str]]:
    """Who the person is, as names and values; never in a list."""
    from services.chassis.country.reference_lists import countries, languages

    if found.erased:
        return [(_("Person"), _("was erased"))]
    person = found.person
    return [
        (_("Full name"), person.full_name),
        (_("Sex"), words.word(_, words.SEXES, person.sex) if person.sex else ""),
        (_("Born"), _birth(person.birth_date)),
        (_("Nationality"), _named(countries(), person.nationality, _)),
        (_("Ethnic group"), _ethnic_group(person.ethnicity, _)),
        (_("Language"), _named(languages(), person.language, _)),
        (_("Home province"), province_text(person.home_province)),
        (_("Home address"), person.home_address),
        (_("Returned from"), _named(countries(), person.returned_from_country, _)),
        (_("Health"), person.health_remarks),
        (_("Documents"), "; ".join(person.documents)),
        (_("Belongings"), "; ".join(person.belongings)),
        (_("Victim declaration"), _("signed") if person.victim_declaration else ""),
        (_("Return certificate"), person.return_certificate_number),
        (_("Handover certificate"), person.handover_certificate_number),
        (_("Family"), relatives_text(found.relatives, _)),
        (_("Earlier case"), person.earlier_case),
        (_("Remarks"), person.remarks),
    ]


def _named(known: Mapping[str, Any], code: str, _: Texts) -> str:
    """A country or language in the reader's language; the code itself when it is not of this list."""
    found = known.get(code)
    if found is None:
        return code
    return str(found.name_vi if _.language == "vi" else found.name_en)


def _birth(text: str) -> str:
    return written(text) if len(text) == len("2026-01-31") else "/".join(reversed(text.split("-")))


def _ethnic_group(code: str, _: Texts) -> str:
    from services.chassis.country.reference_lists import ethnic_groups

    named = {f"2008:{group.gso_2008}": group.name for group in ethnic_groups()}
    return named.get(code, _("not known") if code == "UNKNOWN" else code)


def undecided_titles(_: Texts) -> tuple[str, ...]:
    """Of the list of cases of which nobody has decided yet."""
    return (_("Case number"), _("Due"), _("Days overdue"), _("Received by"), _("Accountable"), _("Told to"))


def undecided_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A case of which nobody has decided yet."""
    told = (_("nobody yet"), _("the police"), _("the supervisor of the province"), _("the national supervisor"))
    return (
        each.case_number,
        written(each.due_on),
        str(each.overdue_days or ""),
        each.receiving_office_id,
        each.accountable_office_id,
        told[min(each.escalation_level, len(told) - 1)],
    )

"""Cases: lists without identity, one case with as much of the person as the office may see, identification."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services import terminal
from services.cli.options import Day, DefaultGroup, case_argument, help_text, page_options, verb
from services.cli.paging import every_page
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.desk import Session
from services.client.refusals import bad_input
from services.client.texts import Translator

if TYPE_CHECKING:
    from homeward.intake.v1 import intake_pb2

MAX_PURPOSE_CHARS: Final = 200


def cases(_: Translator) -> click.Command:
    """`homeward cases`."""

    @verb(
        _,
        "cases",
        _("Lists the cases of your office, or in your scope, newest first. No list shows who the person is."),
        lists=(
            _("Phases:") + "\n" + words.explained(_, words.PHASES),
            _("Identification:") + "\n" + words.explained(_, words.IDENTIFICATIONS),
        ),
        examples=(
            ("homeward cases --phase registered", _("who is still with you")),
            ("homeward cases --identification in-process --all", _("everybody whose identification is open")),
        ),
    )
    @click.option("--phase", type=words.Word(_, words.PHASES), metavar=_("PHASE"), help=_("Only this phase."))
    @click.option(
        "--identification",
        type=words.Word(_, words.IDENTIFICATIONS),
        metavar=_("STATUS"),
        help=_("Only this status of identification."),
    )
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, phase: str | None, identification: str | None, **page: Any) -> None:
        from homeward.intake.v1 import intake_pb2
        from homeward.type.v1 import types_pb2

        request = intake_pb2.ListCasesRequest(
            phase=types_pb2.CasePhase.Value(f"CASE_PHASE_{phase or 'UNSPECIFIED'}"),
            identification=types_pb2.IdentificationStatus.Value(
                f"IDENTIFICATION_STATUS_{identification or 'UNSPECIFIED'}"
            ),
        )
        found = every_page(session, session.intake.ListCases, request, lambda answer: answer.cases, **page)
        titles = (_("Case number"), _("Received"), _("Phase"), _("Victim"), _("Age"), _("Home"), _("Office"))
        found.show(session, "cases", titles, lambda each: _case_row(each, _))

    return command


def case(_: Translator) -> click.Command:
    """`homeward case show CASE` and `homeward case history CASE`."""
    from services.cli.commands.history import history

    group = DefaultGroup("case", "show", help=help_text(_, _("Shows one case, and who the person is if you may know.")))
    group.add_command(history(_))

    @group.command(
        "show",
        help=help_text(
            _,
            _(
                "Shows where a case stands. With --identity also who the person is, as far as your office may know; "
                "each such reading is recorded with its purpose."
            ),
            examples=(
                ("homeward case show HW-999-999-957", _("where the case stands")),
                ('homeward case show HW-999-999-957 --identity --purpose "prepare her arrival"', _("and who she is")),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--identity", is_flag=True, help=_("Also who the person is. Recorded."))
    @click.option("--purpose", metavar=_("TEXT"), help=_("Why you read it; goes into the access log."))
    @click.pass_obj
    def show(session: Session, case: str, identity: bool, purpose: str | None) -> None:
        from homeward.intake.v1 import intake_pb2

        purpose = (purpose or "").strip()
        if identity and not purpose:
            advice = (_('For example: --purpose "prepare her arrival"'),)
            raise bad_input("PURPOSE_MISSING", _("Say with --purpose why you read who the person is."), advice=advice)
        if len(purpose) > MAX_PURPOSE_CHARS:
            raise bad_input(
                "PURPOSE_TOO_LONG", _("The purpose may have at most {limit} letters.", limit=MAX_PURPOSE_CHARS)
            )
        request = intake_pb2.GetCaseRequest(case=case, include_identity=identity, purpose=purpose)
        found = session.ask(session.intake.GetCase, request).case
        show_case(session, found)
        if identity and not session.as_json and not found.HasField("person"):
            terminal.say(_("Your office may not know who the person is."))

    return group


def identify(_: Translator) -> click.Command:
    """`homeward identify CASE`."""

    @verb(
        _,
        "identify",
        _("Records the decision whether a person is a victim of trafficking, or revises it. For the police."),
        lists=(
            _("Decisions:") + "\n" + words.explained(_, words.IDENTIFICATIONS),
            _("Grounds (Decree 62/2012, Article 5), several with commas:") + "\n" + words.explained(_, words.GROUNDS),
        ),
        examples=(
            (
                "homeward --as VF-22 identify HW-999-999-957 --status identified --grounds sale,forced-marriage",
                _("identified, decided today"),
            ),
            (
                'homeward identify HW-999-999-957 --status not-identified --reason "…" --on 21/11/2026',
                _("not identified; a reason is needed"),
            ),
        ),
    )
    @case_argument(_)
    @click.option(
        "--status",
        type=words.Word(_, words.IDENTIFICATIONS),
        metavar=_("DECISION"),
        required=True,
        help=_("The decision; in-process takes one back."),
    )
    @click.option("--on", type=Day(_), help=_("Day of the decision (today)."))
    @click.option("--grounds", multiple=True, metavar=_("GROUND,…"), help=_("Grounds; needed for “identified”."))
    @click.option("--evidence", multiple=True, metavar=_("CODE,…"), help=_("Codes of the evidence relied on."))
    @click.option("--reason", default="", metavar=_("TEXT"), help=_("Reason; needed for “not identified”."))
    @click.option("--certificate", default="", metavar=_("NUMBER"), help=_("Number of the certificate."))
    @click.pass_obj
    def command(
        session: Session,
        case: str,
        status: str,
        on: date | None,
        grounds: tuple[str, ...],
        evidence: tuple[str, ...],
        reason: str,
        certificate: str,
    ) -> None:
        from homeward.intake.v1 import intake_pb2
        from homeward.type.v1 import types_pb2

        ground = words.Word(_, words.GROUNDS)
        codes = [ground.convert(each, None, click.get_current_context()) for each in _listed(grounds)]
        _check_decision(status, codes, reason, _)
        request = intake_pb2.DecideIdentificationRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            status=types_pb2.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{status}"),
            decided_on=(on or session.today()).isoformat(),
            grounds=codes,
            evidence=_listed(evidence),
            reason=reason,
            certificate_number=certificate,
        )
        show_case(session, session.ask(session.intake.DecideIdentification, request).case, _("Recorded."))

    return command


def _listed(values: tuple[str, ...]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _check_decision(status: str, grounds: list[str], reason: str, _: Translator) -> None:
    if status == "IDENTIFIED" and not grounds:
        raise bad_input("GROUNDS_MISSING", _("“Identified” needs at least one ground: --grounds."))
    if status == "NOT_IDENTIFIED" and not reason.strip():
        raise bad_input("REASON_MISSING", _("“Not identified” needs a reason: --reason."))


def show_case(session: Session, found: intake_pb2.Case, done: str = "") -> None:
    """One case as facts or JSON; `done` says before it what was done."""
    if session.as_json:
        terminal.document({"case": plain.as_dict(found)})
        return
    if done:
        terminal.say(done)
    terminal.facts(_case_facts(found, session.translator))
    if found.HasField("person"):
        terminal.say("")
        terminal.facts(_person_facts(found, session.translator))


def enum_word(_: Translator, message: Any, field: str, known: Any) -> str:
    """The officer's word for an enum field of a message; empty when it is not given."""
    descriptor = message.DESCRIPTOR.fields_by_name[field]
    code = plain.short_name(descriptor.enum_type, getattr(message, field))
    return words.word(_, known, code) if code else ""


def province_text(ref: Any) -> str:
    """A province by name and code; empty when it is not known."""
    if not ref.code:
        return ""
    from services.chassis.kernel.places import ProvinceRef
    from services.client.people_file.values import province_name

    return f"{province_name(ProvinceRef(ref.code, ref.vintage))} ({ref.code}@{ref.vintage})"


def _case_row(found: Any, _: Translator) -> tuple[str, ...]:
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


def _case_facts(found: intake_pb2.Case, _: Translator) -> list[tuple[str, str]]:
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
        (_("Route"), enum_word(_, found, "route", words.ROUTES)),
        (_("Home"), province_text(found.home_province)),
        (_("Age at the return"), enum_word(_, found, "age_band", words.AGE_BANDS)),
        (_("Received"), moments("handover_time")),
        (_("Registered"), moments("create_time")),
    ]


def _person_facts(found: intake_pb2.Case, _: Translator) -> list[tuple[str, str]]:
    person = found.person
    relations = "; ".join(
        f"{link.row}: {words.word(_, words.RELATIONS, link.relation)}" for link in person.family_links
    )
    return [
        (_("Full name"), person.full_name),
        (_("Sex"), words.word(_, words.SEXES, person.sex) if person.sex else ""),
        (_("Born"), _birth(person.birth_date)),
        (_("Nationality"), person.nationality),
        (_("Ethnic group"), _ethnic_group(person.ethnicity, _)),
        (_("Language"), person.language),
        (_("Home province"), province_text(person.home_province)),
        (_("Home address"), person.home_address),
        (_("Returned from"), person.returned_from_country),
        (_("Health"), person.health_remarks),
        (_("Documents"), "; ".join(person.documents)),
        (_("Belongings"), "; ".join(person.belongings)),
        (_("Victim declaration"), _("signed") if person.victim_declaration else ""),
        (_("Return certificate"), person.return_certificate_number),
        (_("Handover certificate"), person.handover_certificate_number),
        (_("Family"), relations),
        (_("Earlier case"), person.earlier_case),
    ]


def _birth(text: str) -> str:
    return written(text) if len(text) == len("2026-01-31") else "/".join(reversed(text.split("-")))


def _ethnic_group(code: str, _: Translator) -> str:
    from services.chassis.country.reference_lists import ethnic_groups

    named = {f"2008:{group.gso_2008}": group.name for group in ethnic_groups()}
    return named.get(code, _("not known") if code == "UNKNOWN" else code)

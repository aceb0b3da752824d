"""Cases: lists without identity, one case with as much of the person as the office may see, identification."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_case, show_custody, show_list
from services.cli.options import Day, DefaultGroup, Word, case_argument, help_text, page_options, verb
from services.client import words
from services.client.pages import every_page
from services.client.refusals import Refusal, bad_input
from services.client.session import Session
from services.client.shown.cases import row, undecided_row, undecided_titles
from services.client.shown.returns import return_facts
from services.client.shown.searches import claim_facts
from services.terminal import output

if TYPE_CHECKING:
    pass
    pass

MAX_PURPOSE_CHARS: Final = 200
_ONE: Final = "01890a5d-ac96-774b-bcce-b302099a8057"


def cases(_: Texts) -> click.Command:
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
    @click.option("--phase", type=Word(_, words.PHASES), metavar=_("PHASE"), help=_("Only this phase."))
    @click.option(
        "--identification",
        type=Word(_, words.IDENTIFICATIONS),
        metavar=_("STATUS"),
        help=_("Only this status of identification."),
    )
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, phase: str | None, identification: str | None, **page: Any) -> None:
        from homeward.intake.v1 import reading_pb2
        from homeward.type.v1 import types_pb2

        request = reading_pb2.ListCasesRequest(
            phase=number_of(types_pb2.CasePhase, phase),
            identification=number_of(types_pb2.IdentificationStatus, identification),
        )
        found = every_page(session, session.calls.reading.ListCases, request, lambda answer: answer.cases, **page)
        titles = (_("Case number"), _("Received"), _("Phase"), _("Victim"), _("Age"), _("Home"), _("Office"))
        show_list(session, found, "cases", titles, lambda each: row(each, _))

    return command


def case(_: Texts) -> click.Command:
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
            lists=(_("Purposes; others in words, which are sealed:") + "\n" + words.explained(_, words.PURPOSES),),
            examples=(
                ("homeward case show HW-999-999-957", _("where the case stands")),
                ("homeward case show HW-999-999-957 --identity --purpose prepare-arrival", _("and who she is")),
                (f"homeward case show HW-999-999-957 --break-glass {_ONE}", _("who she is, by break-glass")),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--identity", is_flag=True, help=_("Also who the person is. Recorded."))
    @click.option("--purpose", metavar=_("TEXT"), help=_("Why you read it, from the list or in words."))
    @click.option(
        "--break-glass",
        "break_glass_id",
        metavar=_("BREAK-GLASS"),
        help=_("Who the person is, by what you opened: homeward break-glass open. Recorded."),
    )
    @click.pass_obj
    def show(session: Session, case: str, identity: bool, purpose: str | None, break_glass_id: str | None) -> None:
        from homeward.intake.v1 import reading_pb2

        purpose = (purpose or "").strip()
        if break_glass_id:
            request = reading_pb2.GetCaseRequest(
                case=case, include_identity=True, purpose=purpose, break_glass_id=break_glass_id
            )
            show_case(session, session.ask(session.calls.reading.GetCase, request).case)
            return
        if identity and not purpose:
            advice = (_("For example: --purpose prepare-arrival"),)
            raise bad_input("PURPOSE_MISSING", _("Say with --purpose why you read who the person is."), advice=advice)
        if len(purpose) > MAX_PURPOSE_CHARS:
            raise bad_input(
                "PURPOSE_TOO_LONG", _("The purpose may have at most {limit} letters.", limit=MAX_PURPOSE_CHARS)
            )
        request = reading_pb2.GetCaseRequest(case=case, include_identity=identity, purpose=purpose)
        try:
            found = session.ask(session.calls.reading.GetCase, request).case
        except Refusal as missing:
            if missing.reason != "CASE_NOT_FOUND" or identity:
                raise
            _show_own_part(session, case, missing)
            return
        show_case(session, found)
        if not session.as_json:
            _show_custody_beside(session, case)
        if identity and not session.as_json and not found.HasField("person"):
            output.say(_("Your office may not know who the person is."))

    return group


def _show_own_part(session: Session, case: str, missing: Refusal) -> None:
    """What is left of a case for an office to which she was on the way; raises `missing` where that is nothing."""
    from homeward.handover.v1 import custody_pb2

    try:
        custody = session.ask(session.calls.custody.GetCustody, custody_pb2.GetCustodyRequest(case=case)).custody
    except Refusal:
        raise missing from None
    show_custody(session, custody)


def _show_custody_beside(session: Session, case: str) -> None:
    """Where she is said to be, and her other cases: what handover adds to the case, for whoever may ask it."""
    from homeward.handover.v1 import custody_pb2

    try:
        custody = session.ask(session.calls.custody.GetCustody, custody_pb2.GetCustodyRequest(case=case)).custody
    except Refusal:
        # The police asks intake alone; and the case is shown although handover is away.
        return
    _ = session.texts
    claims = [claim for search in custody.searches if not search.resolution for claim in search.claims]
    facts = [*claim_facts(claims, _), *return_facts(custody.returns, _)]
    if facts:
        output.facts(facts)


def undecided(_: Texts) -> click.Command:
    """`homeward undecided`."""

    @verb(
        _,
        "undecided",
        _(
            "Lists the open cases of which the police has not decided yet whether the person is a victim of "
            "trafficking, those due first at the top. For the police and for supervisors."
        ),
        examples=(
            ("homeward --as VF-22 undecided", _("what waits for a decision of the police of the province")),
            ("homeward --as SV-NATIONAL undecided --overdue", _("overdue, in the whole country")),
        ),
    )
    @click.option("--overdue", is_flag=True, help=_("Only those overdue."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, overdue: bool, **page: Any) -> None:
        from homeward.intake.v1 import identification_pb2

        request = identification_pb2.ListUndecidedRequest(overdue_only=overdue)
        found = every_page(
            session, session.calls.identification.ListUndecided, request, lambda answer: answer.cases, **page
        )
        show_list(session, found, "undecided", undecided_titles(_), lambda each: undecided_row(each, _))

    return command


def identify(_: Texts) -> click.Command:
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
        type=Word(_, words.IDENTIFICATIONS),
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
        from homeward.intake.v1 import identification_pb2
        from homeward.type.v1 import types_pb2

        ground = Word(_, words.GROUNDS)
        codes = [ground.convert(each, None, click.get_current_context()) for each in _listed(grounds)]
        _check_decision(status, codes, reason, _)
        request = identification_pb2.DecideIdentificationRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            status=number_of(types_pb2.IdentificationStatus, status),
            decided_on=(on or session.today()).isoformat(),
            grounds=codes,
            evidence=_listed(evidence),
            reason=reason,
            certificate_number=certificate,
        )
        show_case(session, session.ask(session.calls.identification.DecideIdentification, request).case, _("Recorded."))

    return command


def assign_verifier(_: Texts) -> click.Command:
    """`homeward assign-verifier CASE`."""

    @verb(
        _,
        "assign-verifier",
        _(
            "Lets another office of the police decide whether a person is a victim of trafficking: it alone sees her "
            "for that and decides from then on. For the supervisor of the province that received her, or of the "
            "nation, who alone names the police of her home."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.VERIFIER_REASONS),),
        examples=(
            (
                "homeward --as SV-22 assign-verifier HW-999-999-957 --to VF-04 --reason not-impartial",
                _("the police of Cao Bằng decides"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--to", "office_id", required=True, metavar=_("OFFICE"), help=_("The office that is to decide."))
    @click.option("--reason", type=Word(_, words.VERIFIER_REASONS), required=True, metavar=_("REASON"), help=_("Why."))
    @click.pass_obj
    def command(session: Session, case: str, office_id: str, reason: str) -> None:
        from homeward.intake.v1 import identification_pb2
        from homeward.type.v1 import types_pb2

        request = identification_pb2.AssignVerifierRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            office_id=office_id,
            reason=number_of(types_pb2.VerifierReason, reason),
        )
        answer = session.ask(session.calls.identification.AssignVerifier, request)
        show_case(session, answer.case, _("Assigned: both offices are told."))

    return command


def _listed(values: tuple[str, ...]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _check_decision(status: str, grounds: list[str], reason: str, _: Texts) -> None:
    if status == "IDENTIFIED" and not grounds:
        raise bad_input("GROUNDS_MISSING", _("“Identified” needs at least one ground: --grounds."))
    if status == "NOT_IDENTIFIED" and not reason.strip():
        raise bad_input("REASON_MISSING", _("“Not identified” needs a reason: --reason."))

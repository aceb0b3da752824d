"""The way home: planning, leaving, arriving, and who is accountable in between."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services.cli import output, words
from services.cli.commands.cases import enum_word
from services.cli.dates import written, written_moment
from services.cli.failures import CliFailure, Exit, bad_input, of_rpc
from services.cli.options import Day, case_argument, page_options, verb
from services.cli.paging import every_page
from services.cli.session import Session
from services.cli.texts import Translator

if TYPE_CHECKING:
    from homeward.handover.v1 import handover_pb2
    from services.chassis.kernel.places import ProvinceRef

HOME: Final = "home"
_HOME_WORDS: Final = frozenset({HOME, "nha", "que", "que nha", "ve nha"})
MAX_CASES_AT_ONCE: Final = 60
"""Two buses."""


def transfers(_: Translator) -> click.Command:
    """`homeward transfers`."""

    @verb(
        _,
        "transfers",
        _("Lists the transfers to and from your office; those still open unless --state says otherwise."),
        lists=(_("States:") + "\n" + words.explained(_, words.TRANSFER_STATES),),
        examples=(
            ("homeward transfers --incoming", _("who is coming to you, the earliest first")),
            ("homeward transfers --outgoing --overdue", _("of whom no arrival was acknowledged in time")),
        ),
    )
    @click.option("--incoming", "direction", flag_value="INCOMING", help=_("Addressed to your office."))
    @click.option("--outgoing", "direction", flag_value="OUTGOING", help=_("Sent by your office."))
    @click.option(
        "--state", "state", type=words.Word(_, words.TRANSFER_STATES), metavar=_("STATE"), help=_("Only this state.")
    )
    @click.option("--overdue", is_flag=True, help=_("Only those overdue."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, direction: str | None, state: str | None, overdue: bool, **page: Any) -> None:
        from homeward.handover.v1 import handover_pb2
        from homeward.type.v1 import types_pb2

        request = handover_pb2.ListTransfersRequest(
            direction=handover_pb2.Direction.Value(f"DIRECTION_{direction or 'UNSPECIFIED'}"),
            state=types_pb2.TransferState.Value(f"TRANSFER_STATE_{state or 'UNSPECIFIED'}"),
            overdue_only=overdue,
        )
        found = every_page(session, session.handover.ListTransfers, request, lambda answer: answer.transfers, **page)
        found.show(session, "transfers", _titles(_), lambda each: _row(each, _))

    return command


def plan(_: Translator) -> click.Command:
    """`homeward plan CASE`."""

    @verb(
        _,
        "plan",
        _("Plans to send a person to the office that is to receive her. She has not left yet."),
        _("OFFICE is an id, a province (the support agency there), or “home”: the agency of her home province."),
        examples=(
            (
                "homeward plan HW-999-999-957 --to home --leaves tomorrow --arrives 25/11/2026",
                _("to her home province"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--to", required=True, metavar=_("OFFICE"), help=_("Where to: office, province, or home."))
    @click.option("--leaves", type=Day(_), required=True, help=_("When she is expected to leave."))
    @click.option("--arrives", type=Day(_), required=True, help=_("When she is expected to arrive."))
    @click.pass_obj
    def command(session: Session, case: str, to: str, leaves: date, arrives: date) -> None:
        from homeward.handover.v1 import handover_pb2

        _check_journey(leaves, arrives, _)
        request = handover_pb2.PlanTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            to_office_id=_addressee(session, to, case, arrives),
            expected_departure_on=leaves.isoformat(),
            expected_arrival_on=arrives.isoformat(),
        )
        _show(session, session.ask(session.handover.PlanTransfer, request).transfer, _("Planned."))

    return command


def dispatch(_: Translator) -> click.Command:
    """`homeward dispatch CASE`."""

    @verb(
        _,
        "dispatch",
        _("Records that a person left. Your office stays accountable until the other one acknowledges the arrival."),
        _(
            "OFFICE is an id, a province (the support agency there), or “home”: the agency of her home province. "
            "What was planned need not be said again."
        ),
        examples=(
            ("homeward dispatch HW-999-999-957 --to home --arrives 25/11/2026", _("left today for her home province")),
            (
                'homeward dispatch HW-999-999-957 --to "Bắc Ninh" --left yesterday --arrives today',
                _("to the agency there"),
            ),
            ("homeward dispatch HW-999-999-957", _("left today, everything else as planned")),
        ),
    )
    @case_argument(_)
    @click.option("--to", metavar=_("OFFICE"), help=_("Where to: office, province, or home."))
    @click.option("--left", type=Day(_), help=_("When she left (today)."))
    @click.option("--arrives", type=Day(_), help=_("When she is expected to arrive."))
    @click.pass_obj
    def command(session: Session, case: str, to: str | None, left: date | None, arrives: date | None) -> None:
        from homeward.handover.v1 import handover_pb2

        if left and arrives:
            _check_journey(left, arrives, _)
        on = arrives or left or session.today()
        request = handover_pb2.DispatchTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            to_office_id=_addressee(session, to, case, on) if to else "",
            departed_on=left.isoformat() if left else "",
            expected_arrival_on=arrives.isoformat() if arrives else "",
        )
        _show(session, session.ask(session.handover.DispatchTransfer, request).transfer, _("She is on the way."))

    return command


def acknowledge(_: Translator) -> click.Command:
    """`homeward acknowledge CASE…`."""

    @verb(
        _,
        "acknowledge",
        _(
            "Acknowledges that people arrived: your office is accountable for them from now on. Only the office they "
            "were sent to can say so. A late acknowledgement counts, and ends a search."
        ),
        _("Several cases may be named at once, such as all who came with one bus; each is acknowledged on its own."),
        examples=(
            ("homeward --as SA-24 acknowledge HW-999-999-957 --on yesterday", _("one person, arrived yesterday")),
            ("homeward acknowledge HW-999-999-957 HW-999-999-923", _("two people, arrived today")),
        ),
    )
    @case_argument(_, several=True)
    @click.option("--on", type=Day(_), help=_("When they arrived (today)."))
    @click.pass_obj
    def command(session: Session, cases: tuple[str, ...], on: date | None) -> int:
        from homeward.handover.v1 import handover_pb2

        if len(cases) > MAX_CASES_AT_ONCE:
            raise bad_input("TOO_MANY_CASES", _("At most {limit} cases at once.", limit=MAX_CASES_AT_ONCE))

        def one(case: str) -> handover_pb2.Transfer:
            request = handover_pb2.AcknowledgeTransferRequest(
                request_id=str(uuid.uuid4()), case=case, arrived_on=on.isoformat() if on else ""
            )
            return session.ask(session.handover.AcknowledgeTransfer, request).transfer

        # The same number typed twice is a slip, not a second arrival.
        return _each(session, list(dict.fromkeys(cases)), one)

    return command


def retract(_: Translator) -> click.Command:
    """`homeward retract CASE`."""

    @verb(
        _,
        "retract",
        _(
            "Takes an acknowledgement back that was a mistake, on the day on which it was given. The sender is "
            "accountable again."
        ),
        _("The reason is stored as written and shown to supervisors: write no names."),
        examples=(
            ('homeward retract HW-999-999-957 --reason "wrong number typed"', _("she did not arrive after all")),
        ),
    )
    @case_argument(_)
    @click.option("--reason", required=True, metavar=_("TEXT"), help=_("Why, without names."))
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.handover.v1 import handover_pb2

        request = handover_pb2.RetractAcknowledgementRequest(request_id=str(uuid.uuid4()), case=case, reason=reason)
        done = _("Taken back: the sender is accountable again.")
        _show(session, session.ask(session.handover.RetractAcknowledgement, request).transfer, done)

    return command


def reject(_: Translator) -> click.Command:
    """`homeward reject CASE`."""

    @verb(
        _,
        "reject",
        _("Rejects a transfer addressed to your office. The sender is told and has to send her elsewhere."),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.REJECT_REASONS),),
        examples=(("homeward reject HW-999-999-957 --reason wrong-province", _("she belongs to another province")),),
    )
    @case_argument(_)
    @click.option(
        "--reason", type=words.Word(_, words.REJECT_REASONS), metavar=_("REASON"), required=True, help=_("Why.")
    )
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.handover.v1 import handover_pb2
        from homeward.type.v1 import types_pb2

        request = handover_pb2.RejectTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            reason=types_pb2.RejectReason.Value(f"REJECT_REASON_{reason}"),
        )
        _show(session, session.ask(session.handover.RejectTransfer, request).transfer, _("Rejected."))

    return command


def recall(_: Translator) -> click.Command:
    """`homeward recall CASE`."""

    @verb(
        _,
        "recall",
        _("Recalls a transfer that your office planned or recorded: she stays, or goes elsewhere."),
        examples=(("homeward recall HW-999-999-957", _("the journey does not take place")),),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import handover_pb2

        request = handover_pb2.RecallTransferRequest(request_id=str(uuid.uuid4()), case=case)
        _show(session, session.ask(session.handover.RecallTransfer, request).transfer, _("Recalled."))

    return command


def home(_: Translator) -> click.Command:
    """`homeward home CASE`."""

    @verb(
        _,
        "home",
        _(
            "Records that a person is home without any transfer, for the support agency accountable for her. "
            "The follow-ups are counted from that day."
        ),
        examples=(("homeward --as SA-22 home HW-999-999-957 --since 20/11/2026", _("at home since that day")),),
    )
    @case_argument(_)
    @click.option("--since", type=Day(_), help=_("First day at home (today)."))
    @click.pass_obj
    def command(session: Session, case: str, since: date | None) -> None:
        from homeward.handover.v1 import handover_pb2

        request = handover_pb2.RecordHomeRequest(
            request_id=str(uuid.uuid4()), case=case, home_on=since.isoformat() if since else ""
        )
        _show_custody(session, session.ask(session.handover.RecordHome, request).custody, _("Recorded."))

    return command


def custody(_: Translator) -> click.Command:
    """`homeward custody CASE`."""

    @verb(
        _,
        "custody",
        _("Tells who is accountable for a case now, until when what must happen, and how it came to be so."),
        examples=(("homeward custody HW-999-999-957", _("offices and transfers, oldest first")),),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import handover_pb2

        request = handover_pb2.GetCustodyRequest(case=case)
        _show_custody(session, session.ask(session.handover.GetCustody, request).custody)

    return command


# The addressed office ---------------------------------------------------------------------------


def _addressee(session: Session, to: str, case: str, on: date) -> str:
    """The id of an office named by its id, by a province, or by "home"."""
    from services.cli.fold import fold

    if fold(to) in _HOME_WORDS:
        return _agency(session, _home_province(session, case), on)
    if re.fullmatch(r"[A-Za-z]+(-[A-Za-z0-9]+)+", to.strip()):
        return session.office(to).id
    return _agency(session, _province(session, to, on), on)


def _province(session: Session, text: str, on: date) -> ProvinceRef:
    from services.cli.people_file.values import ValueProblem, parse_province

    try:
        return parse_province(text, on).ref
    except ValueProblem as problem:
        _ = session.translator
        raise bad_input(problem.code, _("--to: {problem}", problem=_(problem.text, **problem.params))) from None


def _home_province(session: Session, case: str) -> ProvinceRef:
    from homeward.intake.v1 import intake_pb2
    from services.chassis.kernel.places import ProvinceRef

    found = session.ask(session.intake.GetCase, intake_pb2.GetCaseRequest(case=case)).case
    if not found.home_province.code:
        _ = session.translator
        raise CliFailure(
            Exit.REFUSED,
            "HOME_NOT_KNOWN",
            _("The home province of this person is not known."),
            advice=(_("Name the office or the province with --to."),),
        )
    return ProvinceRef(found.home_province.code, found.home_province.vintage)


def _agency(session: Session, province: ProvinceRef, on: date) -> str:
    from services.chassis.kernel.errors import HomewardError

    try:
        return session.directory.support_agency_for(province, on).id
    except HomewardError as error:
        _ = session.translator
        text = _("No support agency of the province {province} is known for {day}.", province=province, day=written(on))
        raise CliFailure(Exit.NOT_FOUND, error.reason, text) from None


def _check_journey(leaves: date, arrives: date, _: Translator) -> None:
    if arrives < leaves:
        raise bad_input("ARRIVES_BEFORE_LEAVING", _("She cannot arrive before she leaves."))


# Several at once, and showing -------------------------------------------------------------------


def _each(session: Session, cases: list[str], one: Callable[[str], handover_pb2.Transfer]) -> int:
    """Do one thing for several cases. A service that is away ends it: the others would only wait as well."""
    from services.chassis.grpc_client import RpcFailure

    _ = session.translator
    done: list[handover_pb2.Transfer] = []
    failed: list[tuple[str, CliFailure]] = []
    for case in cases:
        try:
            done.append(one(case))
        except RpcFailure as failure:
            failed.append((case, of_rpc(failure, _)))
        except CliFailure as failure:
            failed.append((case, failure))
            if failure.exit_code is Exit.UNREACHABLE:
                failed += [(left, failure) for left in cases[len(done) + len(failed) :]]
                break
    if len(cases) == 1 and failed:
        raise failed[0][1]
    _show_each(session, done, failed)
    if not failed:
        return Exit.DONE
    return Exit.PARTLY_DONE if done else failed[0][1].exit_code


def _show_each(session: Session, done: list[handover_pb2.Transfer], failed: list[tuple[str, CliFailure]]) -> None:
    _ = session.translator
    if session.as_json:
        output.document(
            {
                "transfers": [output.as_dict(each) for each in done],
                "failed": [
                    {"case": case, "reason": failure.reason, "message": failure.message} for case, failure in failed
                ],
            }
        )
        return
    if len(done) == 1 and not failed:
        _show(session, done[0], _("The arrival is acknowledged: your office is accountable now."))
        return
    rows = [(each.case_number, _("arrived {day}", day=written(each.arrived_on))) for each in done]
    rows += [(case, _("not done: {problem} ({reason})", problem=f.message, reason=f.reason)) for case, f in failed]
    caption = _("{done} of {count} acknowledged.", done=len(done), count=len(done) + len(failed))
    output.table((_("Case number"), _("Result")), rows, caption=caption)


def _titles(_: Translator) -> tuple[str, ...]:
    return (_("Case number"), _("State"), _("From"), _("To"), _("Expected"), _("Due"))


def _row(each: Any, _: Translator) -> tuple[str, ...]:
    due = written(each.acknowledge_due_on)
    return (
        each.case_number,
        enum_word(_, each, "state", words.TRANSFER_STATES),
        each.from_office_id,
        each.to_office_id,
        written(each.expected_arrival_on),
        _("{day} overdue", day=due) if each.overdue else due,
    )


def _show(session: Session, transfer: handover_pb2.Transfer, done: str) -> None:
    _ = session.translator
    if session.as_json:
        output.document({"transfer": output.as_dict(transfer)})
        return
    output.say(done)
    output.facts(
        (
            (_("Case number"), transfer.case_number),
            (_("State"), enum_word(_, transfer, "state", words.TRANSFER_STATES)),
            (_("Reason"), enum_word(_, transfer, "reject_reason", words.REJECT_REASONS)),
            (_("From"), transfer.from_office_id),
            (_("To"), transfer.to_office_id),
            (_("Left"), written(transfer.departed_on)),
            (_("Expected"), written(transfer.expected_arrival_on)),
            (_("Arrived"), written(transfer.arrived_on)),
            (_("Acknowledge by"), written(transfer.acknowledge_due_on)),
        )
    )


def _show_custody(session: Session, found: handover_pb2.Custody, done: str = "") -> None:
    _ = session.translator
    if session.as_json:
        output.document({"custody": output.as_dict(found)})
        return
    if done:
        output.say(done)
    deadline = words.word(_, words.RULES, found.deadline_rule) if found.deadline_rule else ""
    output.facts(
        (
            (_("Case number"), found.case_number),
            (_("Phase"), enum_word(_, found, "phase", words.PHASES)),
            (_("Accountable now"), found.accountable_office_id),
            (_("Deadline"), f"{deadline}: {written(found.deadline_on)}" if deadline else ""),
        )
    )
    _custody_tables(found.segments, found.transfers, _)


def _custody_tables(segments: Iterable[Any], transfers: Iterable[Any], _: Translator) -> None:
    moments = [
        (
            str(each.segment),
            each.office_id,
            enum_word(_, each, "cause", words.CUSTODY_CAUSES),
            written_moment(output.instant(each.start_time)),
            written_moment(output.instant(each.end_time)) if each.HasField("end_time") else _("now"),
        )
        for each in segments
    ]
    if moments:
        output.table(("", _("Office"), _("Because"), _("Since"), _("Until")), moments)
    rows = [_row(each, _) for each in transfers]
    if rows:
        output.table(_titles(_), rows)

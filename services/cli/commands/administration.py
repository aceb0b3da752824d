"""What administrators do: offices that end and open, rules of deadlines, the working calendar."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import Day, DefaultGroup, Number, Word, help_text, verb
from services.client import plain, words
from services.client.addressee import named_province
from services.client.dates import written
from services.client.patience import AGAIN
from services.client.refusals import Kind, Refusal
from services.client.session import Session
from services.client.shown.administration import counted, rule_row
from services.client.texts import N_
from services.terminal import output

if TYPE_CHECKING:
    from services.chassis.calls.client import RpcFailure

PROGRESS_WAIT_S: Final = 60.0
"""So long the confirmations are waited for; a service that is away longer moves its part when it is back."""
LOOK_S: Final = 0.5
MAX_AMOUNT: Final = 10_000
MAX_PLACES: Final = 10_000
FIRST_YEAR: Final = 2020
LAST_YEAR: Final = 2040
_SATURDAY: Final = 5

_ADMIN: Final = "ADMIN-NATIONAL"

_SERVICES: Final[tuple[tuple[str, str, str], ...]] = (
    ("handover", N_("who is accountable"), "custodies"),
    ("intake", N_("who may know the person"), "cases"),
    ("followup", N_("looks again"), "cases"),
    ("notify", N_("inboxes"), "messages"),
)
"""Each service, what it holds in words, and which of the numbers that it tells is that."""


# Offices --------------------------------------------------------------------------------------


def end(_: Texts) -> click.Command:
    """`homeward offices end OFFICE`."""

    @verb(
        _,
        "end",
        _(
            "Ends an office and moves everything open of it to its successor: people in its care, transfers from and "
            "to it, deadlines, looks again and unread messages. Who was lost stays searched for, by the successor."
        ),
        _(
            "It is one step in each service. The four confirmations are shown as they come; a service that is away "
            "moves its part when it is back. The command may be run again at any time, with the same answer."
        ),
        _(
            "When nobody succeeds, say so with --nobody: then the supervisor of the province answers for these people, "
            "and each of them is searched for."
        ),
        examples=(
            (
                f"homeward --as {_ADMIN} offices end SA-24 --successor SA-27 --dry-run",
                _("says how much would move, and moves nothing"),
            ),
            (
                f"homeward --as {_ADMIN} offices end SA-24 --successor SA-27 --ended-on 30/06/2026",
                _("ends it with that last day"),
            ),
        ),
    )
    @click.argument("office", metavar=_("OFFICE"))
    @click.option("--successor", metavar=_("OFFICE"), help=_("Who takes over; an office of the same role."))
    @click.option("--nobody", is_flag=True, help=_("Nobody takes over: the people are searched for."))
    @click.option("--ended-on", type=Day(_), help=_("Its last day (yesterday)."))
    @click.option("--dry-run", is_flag=True, help=_("Only say what would move."))
    @click.pass_obj
    def command(
        session: Session, office: str, successor: str | None, nobody: bool, ended_on: date | None, dry_run: bool
    ) -> None:
        from homeward.handover.v1 import directory_pb2

        if (successor is None) is not nobody:
            raise click.UsageError(_("Name the successor with --successor, or say --nobody."))
        request = directory_pb2.EndOfficeRequest(
            request_id=str(uuid.uuid4()),
            office_id=office.strip().upper(),
            successor_id=(successor or "").strip().upper(),
            ended_on=ended_on.isoformat() if ended_on else "",
            validate_only=dry_run,
        )
        answer = session.ask(session.calls.directory.EndOffice, request)
        if dry_run:
            _show_rehearsal(session, request.office_id, answer)
            return
        _show_end(session, request.office_id, answer)

    return command


def _show_rehearsal(session: Session, office_id: str, answer: Any) -> None:
    _ = session.texts
    if session.as_json:
        output.document({"office_id": office_id, "dry_run": True, **plain.as_dict(answer)})
        return
    output.say(_("This would move from {office} to {heir}:", office=office_id, heir=answer.successor_id))
    output.facts(counted(answer.counts, _))
    output.say(_("Nothing was changed. Run it again without --dry-run to do it."))


class _Progress:
    """Asks the four services how far they are, and tells each confirmation once."""

    def __init__(self, session: Session, office_id: str) -> None:
        self._session = session
        self._office_id = office_id
        self.confirmed: dict[str, dict[str, Any]] = {}

    def look(self) -> None:
        """Ask those that have not confirmed yet."""
        from services.chassis.calls.client import RpcFailure

        for service, what, moved_name in _SERVICES:
            if service in self.confirmed:
                continue
            try:
                answer = self._answer(service)
            except RpcFailure as failure:
                if not _is_away(failure):
                    raise
                continue
            if answer.done and answer.left == 0:
                moved = answer.moved.get(moved_name, 0)
                self.confirmed[service] = {"service": service, "moved": moved, "left": answer.left}
                self._tell(service, what, moved)

    def _answer(self, service: str) -> Any:
        from homeward.office.v1 import office_end_pb2

        # One that is away is asked again with the next look, not waited for.
        request = office_end_pb2.GetOfficeEndRequest(office_id=self._office_id)
        return self._session.calls.office_end(service).GetOfficeEnd(request)

    def _tell(self, service: str, what: str, moved: int) -> None:
        session = self._session
        if not session.as_json:
            _ = session.texts
            text = _("{service} ({what}): done, {moved} moved", service=service, what=_(what), moved=moved)
            output.say(f"  ✓ {text}")

    @property
    def missing(self) -> list[str]:
        """The services that have not confirmed."""
        return [service for service, *_ in _SERVICES if service not in self.confirmed]


def _is_away(failure: RpcFailure) -> bool:
    return failure.code.name in AGAIN


def _show_end(session: Session, office_id: str, answer: Any) -> None:
    _ = session.texts
    if not session.as_json:
        output.say(_("{office} has ended; {heir} takes over:", office=office_id, heir=answer.successor_id))
        output.facts(counted(answer.counts, _))
        output.say(_("Confirmations of the four services:"))
    progress = _Progress(session, office_id)
    until = session.now_s() + (session.wait_s if session.wait_s is not None else PROGRESS_WAIT_S)
    progress.look()
    while progress.missing and session.now_s() < until:
        session.sleep(LOOK_S)
        progress.look()
    if session.as_json:
        confirmed = [progress.confirmed.get(service, {"service": service, "moved": None}) for service, *_w in _SERVICES]
        output.document({"office_id": office_id, **plain.as_dict(answer), "confirmations": confirmed})
    if progress.missing:
        raise Refusal(
            Kind.PARTLY_DONE,
            "CONFIRMATIONS_MISSING",
            _("Not confirmed yet: {services}.", services=", ".join(progress.missing)),
            advice=(_("Nothing is lost: it goes on by itself. Run the same command again to see how far it is."),),
        )
    if not session.as_json:
        output.say(_("Everything has moved."))


def open_(_: Texts) -> click.Command:
    """`homeward offices open OFFICE`."""

    @verb(
        _,
        "open",
        _(
            "Opens an office. A support agency may be opened before the one that it is to succeed has ended: until "
            "then the earlier one is the province's."
        ),
        lists=(_("Roles:") + "\n" + words.explained(_, words.ROLES),),
        examples=(
            (
                f"homeward --as {_ADMIN} offices open SA-24-NEW --role support-agency --province 24@2025 "
                '--name-vi "Sở Y tế mới" --name-en "New department"',
                _("an agency that can then succeed SA-24"),
            ),
        ),
    )
    @click.argument("office", metavar=_("OFFICE"))
    @click.option("--role", type=Word(_, words.ROLES), required=True, metavar=_("ROLE"), help=_("Its role."))
    @click.option("--province", metavar=_("PROVINCE"), help=_("Its province; none for a national office."))
    @click.option("--name-vi", required=True, metavar=_("NAME"), help=_("Its name in Vietnamese."))
    @click.option("--name-en", required=True, metavar=_("NAME"), help=_("Its name in English."))
    @click.option("--from", "valid_from", type=Day(_), help=_("Its first day (today)."))
    @click.option(
        "--facility",
        type=Word(_, words.FACILITY_KINDS),
        metavar=_("KIND"),
        help=_("Kind of facility, when people stay there."),
    )
    @click.option("--places", type=Number(_, 1, MAX_PLACES), help=_("How many people can stay there."))
    @click.pass_obj
    def command(
        session: Session,
        office: str,
        role: str,
        province: str | None,
        name_vi: str,
        name_en: str,
        valid_from: date | None,
        facility: str | None,
        places: int | None,
    ) -> None:
        from homeward.handover.v1 import directory_pb2
        from homeward.type.v1 import types_pb2

        first = valid_from or session.today()
        request = directory_pb2.OpenOfficeRequest(
            request_id=str(uuid.uuid4()),
            office_id=office.strip().upper(),
            role=role,
            name_en=name_en,
            name_vi=name_vi,
            valid_from=first.isoformat(),
            facility_kind=facility or "",
            capacity=places or 0,
        )
        if province:
            ref = named_province(session, province, first, "--province")
            request.province.CopyFrom(types_pb2.ProvinceRef(code=ref.code, vintage=ref.vintage))
        answer = session.ask(session.calls.directory.OpenOffice, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
        else:
            output.say(_("The office {office} is open from {day} on.", office=answer.office_id, day=written(first)))

    return command


# Rules ----------------------------------------------------------------------------------------


def rules(_: Texts) -> click.Command:
    """`homeward rules`."""
    group = DefaultGroup("rules", "list", help=help_text(_, _("Shows the limits of all deadlines, and changes them.")))
    group.add_command(_rules_list(_))
    group.add_command(_rules_change(_))
    return group


def _rules_list(_: Texts) -> click.Command:
    @verb(
        _,
        "list",
        _(
            "Shows every limit with its version, where the amount comes from, and how sure that is. What is not "
            "settled is never to be presented as official."
        ),
        examples=(("homeward rules TRANSFER_ACKNOWLEDGE", _("all versions of one rule")),),
    )
    @click.argument("code", required=False, metavar=_("RULE"))
    @click.pass_obj
    def command(session: Session, code: str | None) -> None:
        from homeward.handover.v1 import directory_pb2

        request = directory_pb2.ListRulesRequest(code=(code or "").strip().upper())
        answer = session.ask(session.calls.directory.ListRules, request)
        if session.as_json:
            output.document({"rules": [plain.as_dict(rule) for rule in answer.rules]})
            return
        titles = (_("Rule"), _("Version"), _("Limit"), _("How sure"), _("Source"), _("Holds from"), _("Until"))
        output.table(titles, [rule_row(rule, _) for rule in answer.rules])

    return command


def _rules_change(_: Texts) -> click.Command:
    @verb(
        _,
        "change",
        _(
            "Adds a version of a rule. It holds for limits that start from its first day on; due dates that were "
            "counted stand."
        ),
        lists=(
            _("Units:") + "\n" + words.explained(_, words.UNITS),
            _("How sure:") + "\n" + words.explained(_, words.BASES),
        ),
        examples=(
            (
                f"homeward --as {_ADMIN} rules change TRANSFER_ACKNOWLEDGE --limit 5 --unit working-days "
                '--basis law --source "Decree 1/2027 Art 3" --from 01/01/2027',
                _("five working days for what leaves from then on"),
            ),
        ),
    )
    @click.argument("code", metavar=_("RULE"))
    @click.option("--limit", type=Number(_, 1, MAX_AMOUNT), required=True, help=_("The amount."))
    @click.option("--unit", type=Word(_, words.UNITS), required=True, metavar=_("UNIT"), help=_("Of what."))
    @click.option("--basis", type=Word(_, words.BASES), required=True, metavar=_("BASIS"), help=_("How sure it is."))
    @click.option("--source", required=True, metavar=_("TEXT"), help=_("Where the amount comes from."))
    @click.option("--from", "valid_from", type=Day(_), help=_("First day on which it holds (today)."))
    @click.pass_obj
    def command(
        session: Session, code: str, limit: int, unit: str, basis: str, source: str, valid_from: date | None
    ) -> None:
        from homeward.handover.v1 import directory_pb2

        request = directory_pb2.ChangeRuleRequest(
            request_id=str(uuid.uuid4()),
            code=code.strip().upper(),
            amount=limit,
            unit=unit,
            basis=basis,
            legal_source=source,
            valid_from=valid_from.isoformat() if valid_from else "",
        )
        answer = session.ask(session.calls.directory.ChangeRule, request)
        if session.as_json:
            output.document({"rule": plain.as_dict(answer.rule)})
            return
        text = _(
            "Version {version} of {rule} holds from {day} on.",
            version=answer.rule.version,
            rule=answer.rule.code,
            day=written(answer.rule.valid_from),
        )
        output.say(text)

    return command


# Calendar -------------------------------------------------------------------------------------


def calendar(_: Texts) -> click.Command:
    """`homeward calendar`."""
    group = DefaultGroup(
        "calendar", "show", help=help_text(_, _("Shows the days on which offices work, and changes them."))
    )
    group.add_command(_calendar_show(_))
    group.add_command(_calendar_change(_))
    return group


def _calendar_show(_: Texts) -> click.Command:
    @verb(
        _,
        "show",
        _(
            "Shows the days of a year on which offices do not work although it is a weekday, and the weekend days on "
            "which they do. Swaps are announced year by year: later years are provisional."
        ),
        examples=(("homeward calendar --year 2026", _("holidays and swapped days of that year")),),
    )
    @click.option("--year", type=Number(_, FIRST_YEAR, LAST_YEAR), help=_("The year (this one)."))
    @click.pass_obj
    def command(session: Session, year: int | None) -> None:
        from homeward.handover.v1 import directory_pb2

        answer = session.ask(
            session.calls.directory.ListRules, directory_pb2.ListRulesRequest(code="TRANSFER_ACKNOWLEDGE")
        )
        changed = {date.fromisoformat(day.on): day.working for day in answer.changed_days}
        _show_year(session, year or session.today().year, answer.calendar_version, changed)

    return command


def _show_year(session: Session, year: int, version: str, changed: Mapping[date, bool]) -> None:
    from services.chassis.country.calendars import viet_nam_calendar

    published = viet_nam_calendar()
    off, worked = published.days_changed(changed)
    days = sorted(day for day in {*off, *worked} if day.year == year and (day in worked or day.weekday() < _SATURDAY))
    provisional = published.is_provisional(date(year, 12, 31))
    _ = session.texts
    if session.as_json:
        rows = [{"on": day.isoformat(), "working": day in worked, "changed": day in changed} for day in days]
        output.document({"calendar_version": version, "year": year, "provisional": provisional, "days": rows})
        return
    output.say(_("Working calendar {version}", version=version))
    if provisional:
        output.say(_("This year is provisional: swaps are not announced yet."))
    output.table(
        (_("Day"), _("What"), _("Changed here")),
        [
            (written(day), _("worked") if day in worked else _("off"), _("yes") if day in changed else "")
            for day in days
        ],
    )


def _calendar_change(_: Texts) -> click.Command:
    @verb(
        _,
        "change",
        _(
            "Makes weekdays off or weekend days worked, such as a swap that was announced. Open due dates in working "
            "days are counted anew; those that have passed stand."
        ),
        examples=(
            (
                f"homeward --as {_ADMIN} calendar change --off 02/01/2027 --worked 09/01/2027",
                _("the Friday is off, the Saturday a week later is worked"),
            ),
        ),
    )
    @click.option("--off", type=Day(_), multiple=True, help=_("A day that is off; may be given several times."))
    @click.option("--worked", type=Day(_), multiple=True, help=_("A day that is worked; may be given several times."))
    @click.pass_obj
    def command(session: Session, off: Sequence[date], worked: Sequence[date]) -> None:
        from homeward.handover.v1 import directory_pb2

        if not off and not worked:
            raise click.UsageError(_("Name at least one day with --off or --worked."))
        request = directory_pb2.ChangeCalendarRequest(
            request_id=str(uuid.uuid4()),
            days_off=[day.isoformat() for day in off],
            days_worked=[day.isoformat() for day in worked],
        )
        answer = session.ask(session.calls.directory.ChangeCalendar, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        text = _(
            "The working calendar is now {version}; {moved} due dates of transfers moved, and those of looks again "
            "follow.",
            version=answer.calendar_version,
            moved=answer.moved,
        )
        output.say(text)

    return command

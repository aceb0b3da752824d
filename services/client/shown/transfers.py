"""How transfers are shown: a line of a list, all facts of one, and what was done for several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from services import terminal
from services.cli.commands.cases import enum_word, province_text
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.desk import Session
from services.client.refusals import CliFailure, Exit, bad_input, of_rpc
from services.client.texts import Translator
from services.client.travel import show_warnings, travel_facts, warning_codes

if TYPE_CHECKING:
    from homeward.handover.v1 import handover_pb2

MAX_CASES_AT_ONCE: Final = 60
"""Two buses."""


def titles(_: Translator) -> tuple[str, ...]:
    """Of a list of transfers."""
    return (_("Case number"), _("State"), _("From and to"), _("Expected"), _("Seen, accepted"), _("Acknowledge by"))


def row(each: Any, _: Translator) -> tuple[str, ...]:
    """A line of a list of transfers."""
    due = written(each.acknowledge_due_on)
    return (
        each.case_number,
        enum_word(_, each, "state", words.TRANSFER_STATES),
        f"{each.from_office_id} → {each.to_office_id}",
        written(each.expected_arrival_on),
        _known_there(each, _),
        _("{day} overdue", day=due) if each.overdue else due,
    )


def _known_there(each: Any, _: Translator) -> str:
    """Reading the message and accepting the duty are two facts; the arrival is a third."""
    parts = []
    if each.HasField("see_time"):
        parts.append(_("seen {day}", day=day_of(each.see_time)))
    if each.HasField("accept_time"):
        parts.append(_("accepted {day}", day=day_of(each.accept_time)))
    return "\n".join(parts)


def day_of(stamp: Any) -> str:
    """The local day of an instant, as officers write it."""
    return moment_of(stamp).partition(" ")[0]


def moment_of(stamp: Any) -> str:
    """An instant as officers write it."""
    return written_moment(plain.instant(stamp))


def transfer_facts(transfer: handover_pb2.Transfer, _: Translator) -> list[tuple[str, str]]:
    """All that is known of a transfer, as names and values."""

    def moment(name: str) -> str:
        present = transfer.HasField(name)  # type: ignore[arg-type]
        return moment_of(getattr(transfer, name)) if present else ""

    return [
        (_("Case number"), transfer.case_number),
        (_("State"), enum_word(_, transfer, "state", words.TRANSFER_STATES)),
        (_("Reason"), enum_word(_, transfer, "reject_reason", words.REJECT_REASONS)),
        (_("From"), transfer.from_office_id),
        (_("To"), transfer.to_office_id),
        (_("Age at the return"), enum_word(_, transfer, "age_band", words.AGE_BANDS)),
        (_("Home province"), province_text(transfer.home_province)),
        (_("Planned"), moment("create_time")),
        (_("To leave"), "" if transfer.departed_on else written(transfer.expected_departure_on)),
        (_("Left"), written(transfer.departed_on)),
        (_("Expected"), written(transfer.expected_arrival_on)),
        *travel_facts(transfer.travel, _),
        (_("Message seen"), moment("see_time")),
        (_("Accepted"), moment("accept_time")),
        (_("Arrived"), written(transfer.arrived_on)),
        (_("Acknowledge by"), _due(transfer, _)),
        (_("Ended"), moment("end_time")),
        (_("Journey"), transfer.journey_id),
        (_("Transfer"), transfer.transfer_id),
    ]


def _due(transfer: handover_pb2.Transfer, _: Translator) -> str:
    due = written(transfer.acknowledge_due_on)
    return _("{day} overdue", day=due) if transfer.overdue else due


def show_transfer(session: Session, transfer: handover_pb2.Transfer, done: str) -> None:
    """One transfer as facts or JSON; `done` says before it what was done."""
    _ = session.translator
    if session.as_json:
        terminal.document({"transfer": plain.as_dict(transfer)})
        return
    if done:
        terminal.say(done)
    terminal.facts(transfer_facts(transfer, _))


def show_with_warnings(session: Session, answer: Any, done: str) -> None:
    """The transfer of an answer, and what the office should think about."""
    _ = session.translator
    codes = warning_codes(answer.warnings)
    if session.as_json:
        terminal.document({"transfer": plain.as_dict(answer.transfer), "warnings": codes})
        return
    terminal.say(done)
    terminal.facts(transfer_facts(answer.transfer, _))
    show_warnings(codes, _)


# Several at once --------------------------------------------------------------------------------


def for_each(
    session: Session,
    cases: Sequence[str],
    one: Callable[[str], handover_pb2.Transfer],
    *,
    alone: str,
    result: Callable[[handover_pb2.Transfer], str],
    caption: str,
) -> int:
    """Do one thing for several cases. A service that is away ends it: the others would only wait as well.

    `alone` says what was done for a single case, `result` for each of several, `caption` ({done} of {count}) for all.
    Raises CliFailure when there are too many, or the only one failed.
    """
    from services.chassis.calls.client import RpcFailure

    _ = session.translator
    # The same number typed twice is a slip, not a second person.
    cases = list(dict.fromkeys(cases))
    if len(cases) > MAX_CASES_AT_ONCE:
        raise bad_input("TOO_MANY_CASES", _("At most {limit} cases at once.", limit=MAX_CASES_AT_ONCE))
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
    if session.as_json:
        terminal.document(_several(done, failed))
    elif len(done) == 1 and not failed:
        show_transfer(session, done[0], alone)
    else:
        rows = [(each.case_number, result(each)) for each in done]
        rows += [(case, _("not done: {problem} ({reason})", problem=f.message, reason=f.reason)) for case, f in failed]
        whole = caption.format(done=len(done), count=len(done) + len(failed))
        terminal.table((_("Case number"), _("Result")), rows, caption=whole)
    if not failed:
        return Exit.DONE
    return Exit.PARTLY_DONE if done else failed[0][1].exit_code


def _several(done: Iterable[Any], failed: Iterable[tuple[str, CliFailure]]) -> dict[str, Any]:
    return {
        "transfers": [plain.as_dict(each) for each in done],
        "failed": [{"case": case, "reason": failure.reason, "message": failure.message} for case, failure in failed],
    }

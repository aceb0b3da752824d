"""One thing done for several cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from services.cli.answers import show_transfer
from services.client import plain
from services.client.refusals import Kind, Refusal, bad_input, of_rpc
from services.client.session import Session
from services.terminal import output
from services.terminal.exits import Exit, exit_of

if TYPE_CHECKING:
    from homeward.handover.v1 import transfers_pb2


MAX_CASES_AT_ONCE: Final = 60
"""Two buses."""


def for_each(
    session: Session,
    cases: Sequence[str],
    one: Callable[[str], transfers_pb2.Transfer],
    *,
    alone: str,
    result: Callable[[transfers_pb2.Transfer], str],
    caption: str,
) -> int:
    """Do one thing for several cases. A service that is away ends it: the others would only wait as well.

    `alone` says what was done for a single case, `result` for each of several, `caption` ({done} of {count}) for all.
    Raises Refusal when there are too many, or the only one failed.
    """
    from services.chassis.calls.client import RpcFailure

    _ = session.texts
    # The same number typed twice is a slip, not a second person.
    cases = list(dict.fromkeys(cases))
    if len(cases) > MAX_CASES_AT_ONCE:
        raise bad_input("TOO_MANY_CASES", _("At most {limit} cases at once.", limit=MAX_CASES_AT_ONCE))
    done: list[transfers_pb2.Transfer] = []
    failed: list[tuple[str, Refusal]] = []
    for case in cases:
        try:
            done.append(one(case))
        except RpcFailure as failure:
            failed.append((case, of_rpc(failure, _)))
        except Refusal as failure:
            failed.append((case, failure))
            if failure.kind is Kind.UNREACHABLE:
                failed += [(left, failure) for left in cases[len(done) + len(failed) :]]
                break
    if len(cases) == 1 and failed:
        raise failed[0][1]
    if session.as_json:
        output.document(_several(done, failed))
    elif len(done) == 1 and not failed:
        show_transfer(session, done[0], alone)
    else:
        rows = [(each.case_number, result(each)) for each in done]
        rows += [(case, _("not done: {problem} ({reason})", problem=f.message, reason=f.reason)) for case, f in failed]
        whole = caption.format(done=len(done), count=len(done) + len(failed))
        output.table((_("Case number"), _("Result")), rows, caption=whole)
    if not failed:
        return Exit.DONE
    return Exit.PARTLY_DONE if done else exit_of(failed[0][1])


def _several(done: Iterable[Any], failed: Iterable[tuple[str, Refusal]]) -> dict[str, Any]:
    return {
        "transfers": [plain.as_dict(each) for each in done],
        "failed": [{"case": case, "reason": failure.reason, "message": failure.message} for case, failure in failed],
    }

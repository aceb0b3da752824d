"""Answers of the services on a terminal: as facts and tables, or as one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import plain
from services.client.pages import Found
from services.client.session import Session
from services.client.shown import transfers
from services.client.shown.cases import case_facts, person_facts
from services.client.shown.custody import custody_facts, stretch_rows, stretch_titles
from services.client.shown.transfers import transfer_facts
from services.client.travel import warning_codes, warning_text
from services.terminal import output

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from homeward.handover.v1 import custody_pb2, transfers_pb2
    from homeward.intake.v1 import cases_pb2


def show_one(
    session: Session, name: str, found: Message, facts: Iterable[tuple[str, str]], done: str = "", **beside: str
) -> bool:
    """One thing as facts, or as JSON under `name`; `done` says before it what was done. Whether it was facts.

    `beside`: what stands beside it in the answer, and among the facts.
    """
    if session.as_json:
        output.document({name: plain.as_dict(found), **beside})
        return False
    if done:
        output.say(done)
    output.facts(facts)
    return True


def show_transfer(session: Session, transfer: transfers_pb2.Transfer, done: str) -> None:
    """One transfer as facts or JSON; `done` says before it what was done."""
    show_one(session, "transfer", transfer, transfer_facts(transfer, session.texts), done)


def show_with_warnings(session: Session, answer: Any, done: str) -> None:
    """The transfer of an answer, and what the office should think about."""
    _ = session.texts
    codes = warning_codes(answer.warnings)
    if session.as_json:
        output.document({"transfer": plain.as_dict(answer.transfer), "warnings": codes})
        return
    output.say(done)
    output.facts(transfer_facts(answer.transfer, _))
    show_warnings(codes, _)


def show_case(session: Session, found: cases_pb2.Case, done: str = "") -> None:
    """One case as facts or JSON; `done` says before it what was done."""
    if show_one(session, "case", found, case_facts(found, session.texts), done) and found.HasField("person"):
        output.say("")
        output.facts(person_facts(found, session.texts))


def show_custody(session: Session, found: custody_pb2.Custody, done: str = "") -> None:
    """The custody of a case as facts and tables, or JSON; `done` says before it what was done."""
    _ = session.texts
    if not show_one(session, "custody", found, custody_facts(found, _), done):
        return
    if found.segments:
        output.table(stretch_titles(_), stretch_rows(found.segments, _))
    if found.transfers:
        output.table(transfers.titles(_), [transfers.row(each, _) for each in found.transfers])


def show_warnings(codes: Iterable[str], _: Texts) -> None:
    """What the office should think about, on the side: it was done all the same."""
    for code in codes:
        output.warn(_("Note: {text}", text=warning_text(code, _)))


def show_counts(
    session: Session, counts: Sequence[Any], titles: Sequence[str], row: Callable[[Any], Sequence[str]]
) -> None:
    """Counts as a table, or JSON."""
    if session.as_json:
        output.document({"counts": [plain.as_dict(each) for each in counts]})
    elif counts:
        output.table(titles, map(row, counts))
    else:
        output.say(session.texts("There is nothing in this list."))


def show_list(
    session: Session, found: Found, name: str, titles: Sequence[str], row: Callable[[Any], Sequence[str]], **beside: Any
) -> None:
    """A list as a table, or as JSON under `name`, with what stands `beside` it."""
    _ = session.texts
    if session.as_json:
        rows = [plain.as_dict(each) for each in found.rows]
        output.document({name: rows, "next_page_token": found.next_page_token, **beside})
        return
    if not found.rows:
        output.say(_("There is nothing in this list."))
        return
    output.table(titles, [row(each) for each in found.rows], caption=_caption(session, found))


def _caption(session: Session, found: Found) -> str:
    _ = session.texts
    caption = _.plural("{count} line.", "{count} lines.", len(found.rows))
    if found.next_page_token:
        caption += " " + _("There are more: --all, or --page-token {token}", token=found.next_page_token)
    return caption

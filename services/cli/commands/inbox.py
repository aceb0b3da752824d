"""The messages of an office. None of them says who a person is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.options import CaseName, page_options, verb
from services.client import plain
from services.client.pages import LARGEST_PAGE, every_page
from services.client.refusals import Kind, Refusal, bad_input
from services.client.session import Session
from services.client.shown.messages import SHORT_ID_CHARS, row
from services.terminal import output

MIN_ID_CHARS: Final = 4
MARKED_AT_ONCE: Final = 1_000
"""So many messages the service marks until a moment at a time (proto)."""


def inbox(_: Texts) -> click.Command:
    """`homeward inbox`."""

    @verb(
        _,
        "inbox",
        _("Shows what your office has to do, and after it what is new; with --old also what was read or is done."),
        _("What is marked with ! is to be done, whether or not it was read, and stays until its cause has ended."),
        _("A message names a case number and what to do, never the person."),
        examples=(
            ("homeward --as SA-24 inbox", _("what is to be done, and what is new")),
            ("homeward inbox --old", _("also what was read already, and by what the rest was done")),
            ("homeward inbox --read all", _("marks everything as read")),
            ("homeward inbox --read 3f2a9c1b", _("marks one message, by the id that the list shows")),
        ),
    )
    @click.option("--old", is_flag=True, help=_("Also what was read already, or asks for nothing any more."))
    @click.option("--case", type=CaseName(_), metavar=_("CASE"), help=_("Only messages about this case."))
    @click.option("--to-do", "to_do", is_flag=True, help=_("Only what is to be done."))
    @click.option("--read", "read_ids", multiple=True, metavar=_("ID"), help=_("Mark this message as read; or: all."))
    @page_options(_)
    @click.pass_obj
    def command(
        session: Session, /, old: bool, case: str | None, to_do: bool, read_ids: tuple[str, ...], **page: Any
    ) -> None:
        if read_ids:
            _mark(session, [each for each in read_ids if each != "all"], everything="all" in read_ids)
            return
        from homeward.notify.v1 import inbox_pb2

        unread = asked = 0

        def lines(answer: inbox_pb2.ListMessagesResponse) -> Sequence[inbox_pb2.Message]:
            nonlocal unread, asked
            unread, asked = answer.unread_count, answer.to_do_count
            return answer.messages

        request = inbox_pb2.ListMessagesRequest(
            include_read=old, language=_.language, case=case or "", to_do_only=to_do
        )
        found = every_page(session, session.calls.inbox.ListMessages, request, lines, **page)
        if session.as_json:
            messages = [plain.as_dict(each) for each in found.rows]
            counts = {"unread_count": unread, "to_do_count": asked}
            output.document({"messages": messages, **counts, "next_page_token": found.next_page_token})
            return
        titles = (_("Case number"), _("When"), _("Message"), _("Id"))
        show_list(session, found, "messages", titles, lambda each: row(each, _))
        if asked:
            output.say(_.plural("{count} thing to be done.", "{count} things to be done.", asked))
        if unread:
            output.say(_.plural("{count} unread message.", "{count} unread messages.", unread))

    return command


def read(_: Texts) -> click.Command:
    """`homeward read ID…`."""

    @verb(
        _,
        "read",
        _("Marks messages of your office as read. Doing it twice changes nothing."),
        examples=(
            ("homeward read 3f2a9c1b 77d0e4aa", _("two messages, by the ids that the inbox shows")),
            ("homeward read --all", _("all unread messages")),
            (
                'homeward read --until "22/11/2026 16:30"',
                _("all that were posted until then: what came since was not seen"),
            ),
        ),
    )
    @click.argument("ids", nargs=-1, metavar=_("[ID]..."))
    @click.option("--all", "everything", is_flag=True, help=_("All unread messages."))
    @click.option(
        "--until", "until", metavar=_("MOMENT"), help=_("All that were posted until this moment, or before this day.")
    )
    @click.pass_obj
    def command(session: Session, ids: tuple[str, ...], everything: bool, until: str | None) -> None:
        if (bool(ids), everything, until is not None).count(True) != 1:
            raise bad_input("NO_MESSAGE", _("Name the messages by their ids, or say --all, or --until and a moment."))
        if until is not None:
            _mark_until(session, until)
        else:
            _mark(session, list(ids), everything=everything)

    return command


def _mark_until(session: Session, text: str) -> None:
    """The oldest unread ones first, a thousand at a time, until none is left. Raises Refusal."""
    from homeward.notify.v1 import inbox_pb2
    from services.client.dates import DateProblem, parse_moment

    _ = session.texts
    try:
        until = parse_moment(text, session.today())
    except DateProblem as problem:
        message = _("{option}: {problem}", option="--until", problem=_(problem.text, **problem.params))
        raise bad_input("INVALID_MOMENT", message) from None
    total, marked = 0, MARKED_AT_ONCE
    while marked == MARKED_AT_ONCE:
        request = inbox_pb2.MarkMessagesReadRequest(request_id=str(uuid.uuid4()))
        request.until_time.FromDatetime(until)
        marked = session.ask(session.calls.inbox.MarkMessagesRead, request).marked_count
        total += marked
    _say_marked(session, total)


def _mark(session: Session, ids: Sequence[str], *, everything: bool) -> None:
    from homeward.notify.v1 import inbox_pb2

    wanted = _unread_ids(session) if everything else _whole_ids(session, ids)
    marked = 0
    for start in range(0, len(wanted), LARGEST_PAGE):
        request = inbox_pb2.MarkMessagesReadRequest(
            request_id=str(uuid.uuid4()), message_ids=wanted[start : start + LARGEST_PAGE]
        )
        marked += session.ask(session.calls.inbox.MarkMessagesRead, request).marked_count
    _say_marked(session, marked)


def _say_marked(session: Session, marked: int) -> None:
    if session.as_json:
        output.document({"marked_count": marked})
    else:
        output.say(session.texts.plural("{count} message marked as read.", "{count} messages marked as read.", marked))


def _messages(session: Session, *, include_read: bool) -> list[str]:
    from homeward.notify.v1 import inbox_pb2

    request = inbox_pb2.ListMessagesRequest(include_read=include_read, language=session.texts.language)
    found = every_page(
        session, session.calls.inbox.ListMessages, request, lambda answer: answer.messages, everything=True
    )
    return [each.message_id for each in found.rows]


def _unread_ids(session: Session) -> list[str]:
    return _messages(session, include_read=False)


def _whole_ids(session: Session, given: Sequence[str]) -> list[str]:
    """The ids of messages named by their beginnings, as the list shows them."""
    _ = session.texts
    if all(len(each) == len(str(uuid.UUID(int=0))) for each in given):
        return list(given)
    known = _messages(session, include_read=True)
    whole = []
    for start in given:
        fitting = [each for each in known if len(start) >= MIN_ID_CHARS and each.startswith(start.lower())]
        if len(fitting) != 1:
            text = _("There is not exactly one message whose id begins with {start}.", start=start[:SHORT_ID_CHARS])
            raise Refusal(Kind.NOT_FOUND, "MESSAGE_NOT_FOUND", text, advice=(_("Look at: homeward inbox --old"),))
        whole.append(fitting[0])
    return whole

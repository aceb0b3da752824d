"""How relatives are shown: by case numbers that the office may see, never by rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.shown.story import Line
from services.client.shown.values import day_of

if TYPE_CHECKING:
    from homeward.intake.v1 import cases_pb2


def relatives_text(relatives: Iterable[cases_pb2.Relative], _: Texts) -> str:
    """All relatives of a person in one line."""
    return "; ".join(relative_text(each, _) for each in relatives)


def relative_text(relative: cases_pb2.Relative, _: Texts) -> str:
    """One relative: the case number, what she is as far as that is told, and whether the two may be parted."""
    who = relative.case_number or _("a relative, elsewhere")
    said = [words.word(_, words.RELATIONS, relative.relation) if relative.relation else ""]
    said += [_("must not be parted") if relative.keep_together else ""]
    told = ", ".join(each for each in said if each)
    return f"{who} ({told})" if told else who


def tie_lines(ties: Iterable[Any], _: Texts) -> Iterator[Line]:
    """Who was said to be her relative, and was not after all: lines of her story."""
    for tie in ties:
        relative = relative_text(tie.relative, _)
        text = _("A relative: {relative}.", relative=relative)
        yield Line(plain.instant(tie.link_time), "FAMILY_LINKED", text, tie.link_office_id)
        if tie.HasField("unlink_time"):
            text = _("No longer said: {relative}.", relative=relative)
            yield Line(plain.instant(tie.unlink_time), "FAMILY_UNLINKED", text, tie.unlink_office_id)


def tie_titles(_: Texts) -> tuple[str, ...]:
    """Of the ties of a person."""
    return (_("Relative"), _("Is to her"), _("Must not be parted"), _("Said"), _("Taken back"))


def tie_row(tie: Any, _: Texts) -> tuple[str, ...]:
    """A tie with who said it, and who took it back."""
    relative = tie.relative
    back = f"{day_of(tie.unlink_time)} {tie.unlink_office_id}" if tie.HasField("unlink_time") else ""
    return (
        relative.case_number or _("a relative, elsewhere"),
        words.word(_, words.RELATIONS, relative.relation) if relative.relation else "",
        _("yes") if relative.keep_together else _("no"),
        f"{day_of(tie.link_time)} {tie.link_office_id}",
        back,
    )

"""Looking things up: offices, as they stand where Homeward runs, and without a network gates, provinces, codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.commands.administration import end, open_
from services.cli.options import Day, DefaultGroup, Word, help_text, verb
from services.client import words
from services.client.code_lists import CODE_LISTS, TITLES
from services.client.dates import written
from services.client.refusals import Kind, Refusal, bad_input
from services.client.session import Session
from services.client.texts import N_
from services.terminal import output

if TYPE_CHECKING:
    from services.chassis.country.offices import Office

MAX_OFFICES_SHOWN: Final = 60
"""Two screens; with more the officer is asked to say more."""

_SURE: Final = {
    "SOURCE": N_("named by a published source"),
    "DERIVED": N_("one for each gate or province"),
    "OPEN": N_("not confirmed, placeholder"),
    "INVENTED": N_("invented, for demonstration"),
    "CONFIGURED": N_("named by this installation"),
}


def offices(_: Texts) -> click.Command:
    """`homeward offices [WORDS]…`, and what administrators do with offices."""
    group = DefaultGroup("offices", "list", help=help_text(_, _("Looks up offices; administrators end and open them.")))
    group.add_command(_list(_))
    group.add_command(end(_))
    group.add_command(open_(_))
    return group


def _list(_: Texts) -> click.Command:
    @verb(
        _,
        "list",
        _(
            "Looks up offices by words of their name or id, role, province and day. An office that has ended shows its "
            "successor."
        ),
        lists=(_("Roles:") + "\n" + words.explained(_, words.ROLES),),
        examples=(
            ("homeward offices móng cái", _("by name; diacritics may be left out")),
            ('homeward offices --role support-agency --province "Bắc Ninh"', _("the agency of a province")),
            ("homeward offices SA-24", _("one office with all its facts")),
        ),
    )
    @click.argument("wanted", nargs=-1, metavar=_("[WORDS]..."))
    @click.option("--role", type=Word(_, words.ROLES), metavar=_("ROLE"), help=_("Only this role."))
    @click.option("--province", metavar=_("PROVINCE"), help=_("Only this province, by name or code."))
    @click.option("--on", type=Day(_), help=_("Only those that existed on this day (today)."))
    @click.option("--ended", is_flag=True, help=_("Also offices that have ended or not begun."))
    @click.pass_obj
    def command(
        session: Session, wanted: tuple[str, ...], role: str | None, province: str | None, on: date | None, ended: bool
    ) -> None:
        found = _find(session, " ".join(wanted), role, province, None if ended else on or session.today())
        if session.as_json:
            output.document({"offices": [_document(each) for each in found]})
            return
        if not found:
            text = _("No office was found.")
            advice = (_("Use fewer words, or look among those that have ended with --ended."),)
            raise Refusal(Kind.NOT_FOUND, "OFFICE_NOT_FOUND", text, advice=advice)
        if len(found) == 1:
            output.facts(_facts(found[0], _))
            return
        _show_table(found, _)

    return command


def codes(_: Texts) -> click.Command:
    """`homeward codes LIST`."""

    @verb(
        _,
        "codes",
        _("Shows a list of codes and the words that may be written for them."),
        lists=(
            _("Lists:")
            + "\n"
            + "\n".join(f"  {name:<15} {_(listing.meaning)}" for name, listing in CODE_LISTS.items()),
        ),
        examples=(("homeward codes gates", _("all border gates with their ids")),),
    )
    @click.argument("which", type=click.Choice(list(CODE_LISTS)), metavar=_("LIST"))
    @click.pass_obj
    def command(session: Session, which: str) -> None:
        listing = CODE_LISTS[which]
        rows = list(listing.rows(_))
        if session.as_json:
            output.document({which: [dict(zip(listing.fields, row, strict=True)) for row in rows]})
        else:
            output.table([_(TITLES[name]) for name in listing.fields], rows)

    return command


def _find(session: Session, text: str, role: str | None, province: str | None, on: date | None) -> tuple[Office, ...]:
    from services.chassis.kernel.roles import Role

    directory = session.directory
    # Exactly one office may be named by its id, ended or not.
    for office in directory.offices():
        if text and office.id == text.strip().upper():
            return (office,)
    return directory.offices(
        role=Role(role) if role else None,
        province=_province(session, province, on) if province else None,
        on=on,
        words=text,
    )


def _province(session: Session, text: str, on: date | None) -> Any:
    from services.client.people_file.values import ValueProblem, parse_province

    try:
        return parse_province(text, on or session.today()).ref
    except ValueProblem as problem:
        _ = session.texts
        raise bad_input(problem.code, _("--province: {problem}", problem=_(problem.text, **problem.params))) from None


def _name(office: Office, _: Texts) -> str:
    return office.name_vi if _.language == "vi" else office.name_en


def _document(office: Office) -> dict[str, Any]:
    return {
        "id": office.id,
        "role": office.role.value,
        "province": str(office.province) if office.province else None,
        "name_vi": office.name_vi,
        "name_en": office.name_en,
        "valid_from": office.valid_from.isoformat(),
        "valid_to": office.valid_to.isoformat() if office.valid_to else None,
        "successor_id": office.successor_id,
        "facility_kind": office.facility_kind.value if office.facility_kind else None,
        "capacity": office.capacity,
        "provenance": office.provenance.value,
    }


def _facts(office: Office, _: Texts) -> Iterable[tuple[str, str]]:
    return (
        (_("Office"), office.id),
        (_("Name"), _name(office, _)),
        (_("Role"), words.word(_, words.ROLES, office.role.value)),
        (_("Province"), str(office.province or _("whole country"))),
        (_("Since"), written(office.valid_from)),
        (_("Until"), written(office.valid_to or "")),
        (_("Successor"), office.successor_id or ""),
        (_("How sure"), _(_SURE[office.provenance.value])),
    )


def _show_table(found: tuple[Office, ...], _: Texts) -> None:
    rows = [
        (
            office.id,
            _name(office, _),
            words.word(_, words.ROLES, office.role.value),
            written(office.valid_to or ""),
            office.successor_id or "",
        )
        for office in found[:MAX_OFFICES_SHOWN]
    ]
    caption = _.plural("{count} office.", "{count} offices.", len(found))
    if len(found) > MAX_OFFICES_SHOWN:
        caption += " " + _("The first {limit} are shown; say more of the name.", limit=MAX_OFFICES_SHOWN)
    output.table((_("Office"), _("Name"), _("Role"), _("Until"), _("Successor")), rows, caption=caption)

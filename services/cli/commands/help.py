"""Explanations that belong to no single command."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import HELP_WIDTH, common_options, verb
from services.client.refusals import Kind, Refusal
from services.client.session import Session
from services.client.texts import N_
from services.terminal import output


def help_(_: Texts) -> click.Command:
    """`homeward help [TOPIC]`."""

    @verb(
        _,
        "help",
        _("Explains a topic, or a command as --help does."),
        lists=(_("Topics:") + "\n" + "\n".join(f"  {name:<14} {_(topic)}" for name, topic in _TOPICS.items()),),
        examples=(
            ("homeward help files", _("how to write the table of people")),
            ("homeward help dispatch", _("the command “dispatch”")),
        ),
    )
    @click.argument("topic", nargs=-1, metavar=_("[TOPIC]"))
    @click.pass_context
    def command(context: click.Context, topic: tuple[str, ...]) -> None:
        session = context.find_object(Session)
        assert session is not None, "every command runs in a session"
        if not topic:
            output.say(context.find_root().get_help())
            output.say("")
            _list_topics(_)
        elif len(topic) == 1 and topic[0] in _TEXTS:
            output.say(_folded(_TEXTS[topic[0]](_)))
        else:
            output.say(_help_of(context, topic, _))

    return command


_TOPICS: Final[Mapping[str, str]] = {
    "files": N_("how to write the table of people, and what stands beside it"),
    "journeys": N_("how to write who left together on one bus"),
    "dates": N_("how to write days and times"),
    "offices": N_("which office you act for"),
    "options": N_("options that every command takes"),
    "environment": N_("variables that replace options"),
    "exit-codes": N_("what a command returns to the shell"),
    "network": N_("what happens when the connection is bad"),
    "privacy": N_("what is shown to whom"),
}


def _folded(text: str) -> str:
    """Paragraphs and list items within the width of the help; tables stay as they are."""
    lines = []
    for line in text.split("\n"):
        hanging = "  " if line.startswith("- ") else ""
        lines += [line] if line.startswith(" ") else textwrap.wrap(line, HELP_WIDTH, subsequent_indent=hanging) or [""]
    return "\n".join(lines)


def _list_topics(_: Texts) -> None:
    output.say(_("Topics:"))
    for name, topic in _TOPICS.items():
        output.say(f"  {name:<14} {_(topic)}")


def _help_of(context: click.Context, topic: tuple[str, ...], _: Texts) -> str:
    above = context.find_root()
    command: click.Command | None = above.command
    for name in topic:
        command = command.get_command(above, name) if isinstance(command, click.Group) else None
        if command is None:
            raise Refusal(
                Kind.NOT_FOUND,
                "NO_SUCH_TOPIC",
                _("There is no topic and no command {name}.", name=repr(" ".join(topic))),
                advice=(_("All topics: homeward help"),),
            )
        above = click.Context(command, info_name=name, parent=above)
    return command.get_help(above) if command else ""


def _rows(_: Texts, rows: Mapping[str, str]) -> str:
    longest = max(map(len, rows))
    return "\n".join(f"  {name:<{longest}}  {_(text)}" for name, text in rows.items())


_EXIT_CODES: Final[Mapping[str, str]] = {
    "0": N_("done"),
    "1": N_("refused by a rule; the sentence says which and what to do"),
    "2": N_("the command, an option or the file is wrong; nothing was sent"),
    "3": N_("not permitted, or no valid token"),
    "4": N_("not found, or not yours to see"),
    "5": N_("the service cannot be reached; nothing is lost, run the same command again"),
    "6": N_("partly done; the list says what was not"),
    "70": N_("a mistake of this program"),
    "130": N_("stopped with Ctrl-C"),
}


def _exit_codes(_: Texts) -> str:
    return _("Exit codes:") + "\n" + _rows(_, _EXIT_CODES)


def _files(_: Texts) -> str:
    return _(
        "A list of people is a workbook (.xlsx, .xls, .ods) or CSV. Make one with: homeward template handover.xlsx\n"
        "\n"
        "- One row per person. Titles may be Vietnamese or English and stand in any order; columns that are not "
        "known are left out, and you are told so. All columns: homeward codes columns\n"
        "- Needed are the name and the sex. Leave empty what is not known.\n"
        "- Time, place, route, handing body and number of the minutes are those of the handover: write them in one "
        "row, or give them as options. Without a place, the gate of your own border post is taken.\n"
        "- Provinces by name (“Quảng Ninh”) or by code and list (22@2025). A name is that of the day of the "
        "handover; a code without its list is refused when it names two provinces.\n"
        "- Every row and every filled cell is accounted for: you are told of remarks, headings, totals and empty rows, "
        "and of columns that are not sent. A row that begins with # and a blank is a remark.\n"
        "- A workbook has its list in one sheet; hidden rows and columns are read and told. CSV is best saved as “CSV "
        "UTF-8”; UTF-16 and old Windows encodings are read too, with a warning.\n"
        "- At most 30 people a submission; a longer file is sent with --split.\n"
        "\n"
        "FILE.homeward.json beside the file keeps the ids of what was sent, the case numbers, and by what each "
        "person is known again when rows have moved, but no name. Keep the two together. If it is lost, or the "
        "file is a copy, the service knows whom your office has registered: nobody is registered twice, and "
        "homeward receipt FILE asks it. The file with the names is yours: keep it safe, and delete it when it is "
        "not needed any more."
    )


def _journeys(_: Texts) -> str:
    from services.client.journey_file.columns import COLUMNS

    titles = [(column.title_vi if _.language == "vi" else column.title_en, _(column.hint)) for column in COLUMNS]
    longest = max(len(title) for title, _hint in titles)
    columns = "\n".join(f"  {title:<{longest}}  {hint}" for title, hint in titles)
    return (
        _(
            "A journey is a table of those who left together: one bus, up to 60 people, one or several offices. Make "
            "one with: homeward template bus.csv --journey\n"
            "\n"
            "- One row per person. Needed is the case number; what was planned need not be said again.\n"
            "- What holds for everybody may be said once on the command line: --to, --left, --arrives, --escort, "
            "--means, --consent, --document, --choice. A row that says otherwise beats it.\n"
            "- Whether the home is safe is recorded before (homeward home-safety). A border post says it in the list: "
            "whether she wants to go there, whether she is afraid of anyone there, and of a child the guardian.\n"
            "- All of them are recorded as on the way, or none: one mistake refuses the file, and every mistake is "
            "named by row and column.\n"
            "- FILE.homeward.json beside the file keeps the id of the request: by it the same bus is never sent twice."
        )
        + "\n\n"
        + _("Columns:")
        + "\n"
        + columns
    )


def _dates(_: Texts) -> str:
    return _(
        "Days: 22/11/2026 (the day first), 2026-11-22, or a word: today, yesterday, tomorrow, hôm nay, hôm qua, "
        "ngày mai.\n"
        "Times: 22/11/2026 14:30, 14h30 22/11/2026, “today 14:30”. They are times in Viet Nam.\n"
        "Births: a day, a month (03/2004) or a year (2004), as far as known.\n"
        "A year always has four digits."
    )


def _offices(_: Texts) -> str:
    return _(
        "Every command acts for one office, named by --as or HOMEWARD_OFFICE, or by the token in HOMEWARD_TOKEN. "
        "Which office may do what is decided by the services.\n"
        "\n"
        "  BP-…  border posts, by gate: BP-CN-MONG-CAI\n"
        "  SA-…  support agencies, by province: SA-22\n"
        "  RC-…  reception centres, VF-… police, CM-… communes\n"
        "  SV-…  supervisors: SV-22, SV-NATIONAL\n"
        "\n"
        "Look one up with: homeward offices NAME"
    )


def _options(_: Texts) -> str:
    lines = []
    for option in common_options(_, hidden=False):
        name = option.opts[0] + (f" {option.metavar}" if option.metavar else "")
        lines.append(f"  {name:<16} {option.help}")
    return _("Every command takes these, before or behind its name:") + "\n" + "\n".join(lines)


_VARIABLES: Final[Mapping[str, str]] = {
    "HOMEWARD_OFFICE": N_("office to act for, as --as"),
    "HOMEWARD_TOKEN": N_("token from the sign-in"),
    "HOMEWARD_STATE": N_("folder of a Homeward on this machine, as --state"),
    "HOMEWARD_LANG": N_("vi or en, as --lang"),
    "HOMEWARD_INTAKE": N_("address host:port of the service intake"),
    "HOMEWARD_HANDOVER": N_("address of the service handover"),
    "HOMEWARD_FOLLOWUP": N_("address of the service followup"),
    "HOMEWARD_NOTIFY": N_("address of the service notify"),
    "HOMEWARD_TLS_CA": N_("file of the authority by which the services are checked"),
    "HOMEWARD_CLIENT_CERTIFICATE": N_("own certificate, where the services ask for one"),
    "HOMEWARD_CLIENT_KEY": N_("key of the own certificate"),
    "HOMEWARD_OFFICES_FILE": N_("the offices of this installation"),
    "HOMEWARD_DEBUG": N_("1 shows where a mistake of this program happened"),
}


def _environment(_: Texts) -> str:
    return _("Variables:") + "\n" + _rows(_, _VARIABLES)


def _network(_: Texts) -> str:
    return _(
        "Every change carries the id of its request, so repeating it takes effect once. While a service is away, a "
        "command goes on trying (--wait SECONDS) and says so; Ctrl-C is safe. “submit” and “register” keep the id "
        "beside the file: whatever happened, run the same command again. Other changes keep it while the command "
        "runs; if one ends with exit code 5, look at the case before you repeat it.\n"
        "Validating files, offices, codes and this help need no network."
    )


def _privacy(_: Texts) -> str:
    return _(
        "Who a person is, is shown by one command only, “case show --identity”, to the office that may know, and "
        "every such reading is recorded. Lists, messages, case numbers and the files that Homeward writes beside "
        "yours do not tell it. Write no names into reasons."
    )


_TEXTS: Final[Mapping[str, Callable[[Texts], str]]] = {
    "files": _files,
    "journeys": _journeys,
    "dates": _dates,
    "offices": _offices,
    "options": _options,
    "environment": _environment,
    "exit-codes": _exit_codes,
    "network": _network,
    "privacy": _privacy,
}

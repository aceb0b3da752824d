"""The command `homeward` as a whole: which commands there are, in which order they are shown, loaded when called."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli import LOCALE
from services.cli.options import HELP_WIDTH, common_options, help_text, with_common_options
from services.client.session import Session
from services.client.texts import N_, texts_in


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its name, where it is built (`module:function`, called with the texts), one line about it."""

    name: str
    target: str
    summary: str


@dataclass(frozen=True, slots=True)
class Section:
    """Commands that belong together in the help."""

    title: str
    entries: tuple[Entry, ...]


_COMMANDS: Final = "services.cli.commands"

SECTIONS: Final = (
    Section(
        N_("Receiving people"),
        (
            Entry("template", f"{_COMMANDS}.submissions:template", N_("Write an empty form for Excel.")),
            Entry("validate", f"{_COMMANDS}.submissions:validate", N_("Look for mistakes in a file; send nothing.")),
            Entry("submit", f"{_COMMANDS}.submissions:submit", N_("Submit the people of a handover.")),
            Entry("register", f"{_COMMANDS}.submissions:register", N_("Register a person who came back alone.")),
            Entry("receipt", f"{_COMMANDS}.receipts:receipt", N_("Show the case numbers of a file.")),
            Entry("handovers", f"{_COMMANDS}.handovers:handovers", N_("Show the handovers of your office.")),
            Entry("correct", f"{_COMMANDS}.corrections:correct", N_("Correct the record of a person.")),
            Entry("withdraw", f"{_COMMANDS}.submissions:withdraw", N_("Withdraw a case registered by mistake.")),
        ),
    ),
    Section(
        N_("Cases"),
        (
            Entry("inbox", f"{_COMMANDS}.inbox:inbox", N_("Show the messages of your office.")),
            Entry("read", f"{_COMMANDS}.inbox:read", N_("Mark messages as read.")),
            Entry("cases", f"{_COMMANDS}.cases:cases", N_("List cases.")),
            Entry("case", f"{_COMMANDS}.cases:case", N_("Show one case, or tell its whole story.")),
            Entry("family", f"{_COMMANDS}.family:family", N_("Show, link and unlink relatives.")),
            Entry("undecided", f"{_COMMANDS}.cases:undecided", N_("List who waits for a decision of the police.")),
            Entry(
                "assign-verifier",
                f"{_COMMANDS}.cases:assign_verifier",
                N_("Let another office of the police decide a case."),
            ),
            Entry(
                "reply-limit",
                f"{_COMMANDS}.legal_steps:reply_limit",
                N_("Say that a verification is complex, or that it is not."),
            ),
            Entry(
                "legal-step",
                f"{_COMMANDS}.legal_steps:legal_step",
                N_("Show and record what the law wants to be done at once."),
            ),
            Entry("consent", f"{_COMMANDS}.consents:consent", N_("Read, record and show what she agrees to.")),
            Entry(
                "legal-deadlines",
                f"{_COMMANDS}.legal_steps:legal_deadlines",
                N_("List what is due by law."),
            ),
            Entry("identify", f"{_COMMANDS}.cases:identify", N_("Record the decision on identification.")),
        ),
    ),
    Section(
        N_("The way home"),
        (
            Entry("transfers", f"{_COMMANDS}.transfers:transfers", N_("The board, the list, and one transfer.")),
            Entry("plan", f"{_COMMANDS}.leaving:plan", N_("Plan to send a person home.")),
            Entry("home-safety", f"{_COMMANDS}.home_safety:home_safety", N_("Record whether a home is safe.")),
            Entry("dispatch", f"{_COMMANDS}.leaving:dispatch", N_("Record that a person, or a whole bus, left.")),
            Entry("accept", f"{_COMMANDS}.arriving:accept", N_("Accept the duty to receive people.")),
            Entry("acknowledge", f"{_COMMANDS}.arriving:acknowledge", N_("Acknowledge that people arrived.")),
            Entry(
                "take-back", f"{_COMMANDS}.putting_right:take_back", N_("Take a mistaken answer to a transfer back.")
            ),
            Entry(
                "correct-arrival", f"{_COMMANDS}.putting_right:correct_arrival", N_("Correct the day of an arrival.")
            ),
            Entry("not-arrived", f"{_COMMANDS}.arriving:not_arrived", N_("Report that a person did not arrive.")),
            Entry("reject", f"{_COMMANDS}.arriving:reject", N_("Reject a transfer to your office.")),
            Entry("redirect", f"{_COMMANDS}.leaving:redirect", N_("Send a person on the way to another office.")),
            Entry("recall", f"{_COMMANDS}.leaving:recall", N_("Recall a transfer that your office made.")),
            Entry("home", f"{_COMMANDS}.arriving:home", N_("Record that a person is home without a transfer.")),
            Entry("custody", f"{_COMMANDS}.custody:custody", N_("Tell who was accountable, and who is now.")),
        ),
    ),
    Section(
        N_("In a facility"),
        (
            Entry("admit", f"{_COMMANDS}.facilities:admit", N_("Admit a person who reported at your facility.")),
            Entry("discharge", f"{_COMMANDS}.facilities:discharge", N_("Record that a person left your facility.")),
            Entry("facilities", f"{_COMMANDS}.facilities:facilities", N_("Show how full the facilities are.")),
        ),
    ),
    Section(
        N_("At home"),
        (
            Entry("week", f"{_COMMANDS}.week:week", N_("Show who is to be visited this week, wishes first.")),
            Entry("followups", f"{_COMMANDS}.followups:followups", N_("List follow-ups, and put entries right.")),
            Entry("record", f"{_COMMANDS}.followups:record", N_("Record a follow-up visit.")),
            Entry("wishes", f"{_COMMANDS}.care:wishes", N_("Show how she wishes to be contacted, and record it.")),
            Entry("visit", f"{_COMMANDS}.care:visit", N_("Take down a visit with what was said, and show it.")),
            Entry("contact", f"{_COMMANDS}.followups:contact", N_("Record an attempt to reach a person at home.")),
        ),
    ),
    Section(
        N_("At the end"),
        (
            Entry("close", f"{_COMMANDS}.closing:close", N_("Close a case with a reason.")),
            Entry(
                "withdraw-under-way",
                f"{_COMMANDS}.closing:withdraw_under_way",
                N_("Withdraw who left or is searched for; a supervisor approves."),
            ),
            Entry("reopen", f"{_COMMANDS}.closing:reopen", N_("Re-open a closed or withdrawn case.")),
        ),
    ),
    Section(
        N_("Watching over"),
        (
            Entry("overdue", f"{_COMMANDS}.boards:overdue", N_("List what is overdue.")),
            Entry("custodies", f"{_COMMANDS}.open_cases:custodies", N_("List or count open cases and what is due.")),
            Entry("trend", f"{_COMMANDS}.open_cases:trend", N_("How many there were, week by week.")),
            Entry("lost", f"{_COMMANDS}.boards:lost", N_("Count and list people who are lost.")),
            Entry("searches", f"{_COMMANDS}.searches:searches", N_("Look for people who are lost.")),
            Entry("returns", f"{_COMMANDS}.returns:returns", N_("Decide whether people came back again.")),
            Entry("reassign", f"{_COMMANDS}.putting_right:reassign", N_("Make another office accountable.")),
            Entry("access-log", f"{_COMMANDS}.access_log:access_log", N_("Show who read whom, and verify the logs.")),
            Entry(
                "break-glass",
                f"{_COMMANDS}.break_glass:break_glass",
                N_("Read who a person is without being entitled, with a reason that somebody reviews."),
            ),
            Entry("approvals", f"{_COMMANDS}.approvals:approvals", N_("Decide what takes more than one person.")),
            Entry(
                "administration",
                f"{_COMMANDS}.administration_log:administration",
                N_("List what administrators changed."),
            ),
            Entry("acts", f"{_COMMANDS}.acts:acts", N_("List who did what.")),
            Entry("audit", "services.operate.audit:build", N_("Check that nobody is without an office.")),
        ),
    ),
    Section(
        N_("Looking things up"),
        (
            Entry("offices", f"{_COMMANDS}.offices:offices", N_("Look up offices.")),
            Entry("rules", f"{_COMMANDS}.administration:rules", N_("Show the limits of deadlines, and change them.")),
            Entry("calendar", f"{_COMMANDS}.administration:calendar", N_("Show the working days, and change them.")),
            Entry("codes", f"{_COMMANDS}.offices:codes", N_("Look up gates, provinces and other lists.")),
            Entry("help", f"{_COMMANDS}.help:help_", N_("Explain files, dates, exit codes and more.")),
        ),
    ),
    Section(
        N_("Running Homeward"),
        (
            Entry("up", "services.local.command:build", N_("Start Homeward on this machine.")),
            Entry("demo", "services.demo.command:build", N_("Play a demonstration with invented people.")),
            Entry("sessions", f"{_COMMANDS}.sessions:sessions", N_("End sign-ins, and list those ended.")),
            Entry("token", f"{_COMMANDS}.token:token", N_("Make a token for an office of this machine.")),
            Entry("doctor", "services.operate.doctor:build", N_("Look for what is wrong with the services.")),
            Entry("events", "services.operate.events:build", N_("Look after the streams of events.")),
            Entry("kafka", "services.operate.kafka:build", N_("Let the services into a Kafka of your own.")),
            Entry("migrate", "services.operate.migrate:build", N_("Bring the databases up to date.")),
        ),
    ),
)

_ENTRIES: Final = {entry.name: entry for section in SECTIONS for entry in section.entries}


class Root(click.Group):
    """The group of all commands; a command's module is imported when the command is named."""

    def __init__(self, _: Texts, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._translate = _
        self._loaded: dict[str, click.Command] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return list(_ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded; None when there is none of that name."""
        entry = _ENTRIES.get(cmd_name)
        if entry is None:
            return None
        if cmd_name not in self._loaded:
            module, function = entry.target.split(":")
            command: click.Command = getattr(import_module(module), function)(_of_room(module, self._translate))
            self._loaded[cmd_name] = with_common_options(command, self._translate)
        return self._loaded[cmd_name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a guess at what was meant."""
        name = args[0]
        if name not in _ENTRIES and not name.startswith("-"):
            _ = self._translate
            text = _("There is no command {name}.", name=repr(name))
            if guesses := difflib.get_close_matches(name, _ENTRIES, n=1):
                text += " " + _("Did you mean {name}?", name=guesses[0])
            raise click.UsageError(text, ctx)
        found = super().resolve_command(ctx, args)
        self._hand_down(ctx, name, found[1])
        return found

    def _hand_down(self, ctx: click.Context, name: str, command: click.Command | None) -> None:
        """Let `homeward --state DIR up` be `homeward up --state DIR`, for commands with such options of their own."""
        session = ctx.find_object(Session)
        if session is None or command is None or _ENTRIES[name].target.startswith(_COMMANDS):
            return
        given = {"--state": session.state_option, "--json": session.as_json or None}
        ctx.default_map = {name: _defaults(command, {opt: value for opt, value in given.items() if value})}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Sections of commands that belong together."""
        longest = max(map(len, _ENTRIES))
        for section in SECTIONS:
            with formatter.section(self._translate(section.title)):
                formatter.write_dl(
                    [(entry.name.ljust(longest), self._translate(entry.summary)) for entry in section.entries]
                )


def _of_room(module: str, _: Texts) -> Texts:
    """The texts of the command line and of the room that a module is in, if the room has texts of its own."""
    room = import_module(module.rpartition(".")[0])
    return texts_in(_.language, room.LOCALE, LOCALE) if hasattr(room, "LOCALE") else _


def _defaults(command: click.Command, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values given before a command's name, by the parameters that it and those below it have for them."""
    if isinstance(command, click.Group):
        return {name: _defaults(below, given) for name, below in command.commands.items()}
    return {
        parameter.name: value
        for option, value in given.items()
        for parameter in command.params
        if option in parameter.opts and parameter.name
    }


def build(_: Texts) -> Root:
    """The command line in the language of the texts."""
    text = help_text(
        _,
        _("Nobody who comes back over a border is lost between two offices."),
        _(
            "Border posts submit the people they receive; the office at home acknowledges that each one arrived, "
            "and looks again after three months and three years."
        ),
        examples=_first_steps(_),
    )
    return Root(
        _,
        name="homeward",
        help=text,
        params=[*common_options(_, hidden=False)],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
        epilog=_("More about a command: homeward COMMAND --help. More about anything: homeward help."),
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGS]..."),
    )


def _first_steps(_: Texts) -> Sequence[tuple[str, str]]:
    return (
        ("homeward template handover.csv", _("writes a form to fill in with Excel")),
        ("homeward --as BP-CN-MONG-CAI submit handover.csv", _("submits it for the border post Móng Cái")),
        ("homeward --as SA-22 acknowledge HW-999-999-957 --on today", _("acknowledges an arrival in Quảng Ninh")),
    )

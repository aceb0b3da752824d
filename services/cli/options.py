"""What commands have in common: options, kinds of values, and the form of a help text."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from services.chassis.kernel.texts import LANGUAGES, Texts
from services.client.causes import cause_of
from services.client.pages import LARGEST_PAGE
from services.client.session import Session
from services.client.words import Words, find, slug

HELP_WIDTH: Final = 80
MAX_WAIT_S: Final = 86_400
"""A day: longer than any line was reported away."""
MAX_NUMBER: Final = 1_000_000
"""Of a version, revision, entry or check: the services number them from 1."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def verb(
    _: Texts, name: str, *paragraphs: str, examples: Sequence[tuple[str, str]] = (), lists: Sequence[str] = ()
) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with its help: paragraphs, lists as they are, and examples with what they do."""
    return click.command(name, help=help_text(_, *paragraphs, examples=examples, lists=lists))


def help_text(_: Texts, *paragraphs: str, examples: Sequence[tuple[str, str]] = (), lists: Sequence[str] = ()) -> str:
    """The text of `--help`; click leaves what follows a backspace as it is."""
    parts = list(paragraphs)
    parts += [f"\b\n{each}" for each in lists]
    if examples:
        lines = [_("Examples:") if len(examples) > 1 else _("Example:")]
        for command, meaning in examples:
            lines += [f"  {command}", f"      {meaning}"]
        parts.append("\b\n" + "\n".join(lines))
    return "\n\n".join(parts)


class Day(click.ParamType):
    """A day as officers write it; the value is a date."""

    name = "day"

    def __init__(self, _: Texts) -> None:
        self._translate = _

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """In the reader's language."""
        return self._translate("DAY")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Fails with how to write it."""
        from services.client.dates import DateProblem, parse_day

        if isinstance(value, date):
            return value
        session = ctx.find_object(Session) if ctx else None
        today = session.today() if session else date.min
        try:
            return parse_day(str(value), today)
        except DateProblem as problem:
            return self.fail(self._translate(problem.text, **problem.params))


class Number(click.ParamType):
    """A number between two bounds, both taken."""

    name = "number"

    def __init__(self, _: Texts, least: int, most: int) -> None:
        self._translate = _
        self._least = least
        self._most = most

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """In the reader's language."""
        return self._translate("NUMBER")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Fails with the bounds."""
        text = str(value).strip()
        if text.isascii() and text.isdigit() and self._least <= int(text) <= self._most:
            return int(text)
        return self.fail(self._translate("write a number from {least} to {most}", least=self._least, most=self._most))


class CaseName(click.ParamType):
    """A case number as it is said over the telephone, or a case id."""

    name = "case"

    def __init__(self, _: Texts) -> None:
        self._translate = _

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The number in its one form. Fails without repeating the text: people type names into number fields."""
        from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number

        text = str(value).strip()
        if _UUID.fullmatch(text):
            return text.lower()
        try:
            return parse_case_number(text)
        except InvalidCaseNumber:
            return self.fail(
                self._translate("a case number has nine or ten digits, as in HW-999-999-957; look at every digit again")
            )


class PeopleFile(click.ParamType):
    """A file of people or of a journey. `missing_ok`: it need not exist."""

    name = "file"

    def __init__(self, _: Texts, *, missing_ok: bool = False) -> None:
        self._translate = _
        self._missing_ok = missing_ok

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Fails when there is no such file."""
        path = Path(str(value))
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            if self._missing_ok:
                return path
            return self.fail(self._translate("there is no file {name} here", name=path.name))
        except PermissionError:
            return self.fail(self._translate("you may not open the folder of {name}", name=path.name))
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno not in (errno.ENAMETOOLONG, errno.EINVAL):
                cause = cause_of(error, self._translate)
                return self.fail(self._translate("{name} cannot be opened: {cause}", name=path.name, cause=cause))
            return self.fail(self._translate("the name or the path is too long, or no name of a file"))
        if stat.S_ISDIR(mode):
            return self.fail(self._translate("{name} is a folder; name the file in it", name=path.name))
        if not stat.S_ISREG(mode):
            return self.fail(self._translate("{name} is no file; save the list as a file first", name=path.name))
        return path


class DefaultGroup(click.Group):
    """A group whose most used verb may be left out: `homeward case HW-…` is `homeward case show HW-…`."""

    def __init__(self, name: str, default: str, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the verb in where it is left out, and in front where options stand before it."""
        verbs = [argument for argument in args if argument in self.commands]
        if verbs:
            args.remove(verbs[0])
            args.insert(0, verbs[0])
        elif (args and not {"-h", "--help"}.intersection(args)) or not (args or self._asks_for_more()):
            args.insert(0, self.default)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Those of the verb that may be left out, then the verbs."""
        self.commands[self.default].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def _asks_for_more(self) -> bool:
        return any(parameter.required for parameter in self.commands[self.default].params)


def case_argument(_: Texts, *, several: bool = False) -> Callable[[Any], Any]:
    """The argument CASE; several are bounded by what one bus holds, tested by the command."""
    return click.argument(
        "cases" if several else "case",
        type=CaseName(_),
        metavar=_("CASE") + ("..." if several else ""),
        nargs=-1 if several else 1,
        required=True,
    )


def province_option(_: Texts) -> Callable[[Any], Any]:
    """--province of a list or a count."""
    return click.option("--province", metavar=_("PROVINCE"), help=_("Only offices of this province, by name or code."))


def page_options(_: Texts) -> Callable[[Any], Any]:
    """--all, --page-size and --page-token of a list."""

    def decorate(function: Any) -> Any:
        for option in (
            click.option("--page-token", metavar=_("TOKEN"), help=_("Show the page that this token names.")),
            click.option("--page-size", type=Number(_, 1, LARGEST_PAGE), help=_("Lines of a page.")),
            click.option("--all", "everything", is_flag=True, help=_("Show all pages, one after the other.")),
        ):
            function = option(function)
        return function

    return decorate


def _keep(attribute: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        session = context.find_object(Session)
        # What is given behind the command beats what is given before it; nothing given changes nothing.
        if session is not None and value not in (None, False):
            setattr(session, attribute, value)

    return keep


def common_options(_: Texts, *, hidden: bool) -> list[click.Option]:
    """Options that every command takes, before or behind its name. `hidden`: only the two most used are shown."""
    return [
        click.Option(
            ["--as"],
            metavar=_("OFFICE"),
            help=_("Act for this office, such as BP-CN-MONG-CAI."),
            expose_value=False,
            callback=_keep("office_option"),
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            help=_("Print one JSON document instead of a table."),
            expose_value=False,
            callback=_keep("as_json"),
        ),
        click.Option(
            ["--state"],
            metavar=_("DIR"),
            help=_("Folder of a Homeward on this machine (else $HOMEWARD_STATE, else ./var)."),
            expose_value=False,
            hidden=hidden,
            callback=_keep("state_option"),
        ),
        click.Option(
            ["--wait"],
            type=Number(_, 0, MAX_WAIT_S),
            metavar=_("SECONDS"),
            help=_("Go on trying for so long when a service is away (submit: 120, others: 20)."),
            expose_value=False,
            hidden=hidden,
            callback=_keep_wait,
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            help=_("Vietnamese or English (else $HOMEWARD_LANG, else as the computer is set)."),
            expose_value=False,
            hidden=hidden,
        ),
    ]


def _keep_wait(context: click.Context, parameter: click.Parameter, value: int | None) -> None:
    session = context.find_object(Session)
    if session is not None and value is not None:
        session.wait_s = value


def with_common_options(command: click.Command, _: Texts) -> click.Command:
    """The command, and those below it, with the common options that it does not have itself."""
    known = {option for parameter in command.params for option in parameter.opts}
    if not isinstance(command, click.Group):
        command.params += [option for option in common_options(_, hidden=True) if not known.intersection(option.opts)]
    else:
        for below in command.commands.values():
            with_common_options(below, _)
        command.subcommand_metavar = _("COMMAND [ARGS]...")
    if command.options_metavar == "[OPTIONS]":
        command.options_metavar = _("[OPTIONS]")
    return command


class Word(click.ParamType):
    """An option whose value is one of a list: by code, or by its words in either language."""

    name = "word"

    def __init__(self, _: Texts, words: Words) -> None:
        self._translate = _
        self._words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Lists the values."""
        return "[" + "|".join(map(slug, self._words)) + "]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code. Fails with the list of what can be said."""
        _ = self._translate
        if code := find(self._words, str(value), _.language):
            return code
        return self.fail(
            _("{value} is not one of: {values}", value=repr(value), values=", ".join(map(slug, self._words)))
        )

"""Entry point of `homeward`: runs a command and makes every ending an exit code and a sentence."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import click

from services.chassis.kernel.texts import Texts
from services.cli import LOCALE
from services.cli.app import build
from services.cli.click_texts import localise_click
from services.client.refusals import Kind, Refusal, of_rpc
from services.client.session import Session
from services.client.texts import choose_language, texts_in
from services.terminal import output
from services.terminal.exits import Exit, exit_of

ENV_DEBUG = "HOMEWARD_DEBUG"


def main() -> NoReturn:
    """Run with the arguments of the process."""
    for stream in (sys.stdout, sys.stderr):
        # Names have letters that a console of Windows or a bare locale would refuse.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(
    arguments: Sequence[str],
    environ: Mapping[str, str] | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    now_s: Callable[[], float] = time.monotonic,
) -> int:
    """Run one command; returns its exit code. `sleep` and `now_s` are those of waiting for a service."""
    environ = os.environ if environ is None else environ
    _ = texts_in(choose_language(arguments, environ), LOCALE)
    localise_click(_.language)
    session = Session(_, environ, tell=output.warn, sleep=sleep, now_s=now_s)
    try:
        return _run(arguments, session)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Stopped."), err=True)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.DONE
    except Refusal as failure:
        show(failure, _)
        return exit_of(failure)
    except Exception as error:
        unexpected = _unexpected(error, session)
        show(unexpected, _)
        return exit_of(unexpected)
    finally:
        session.close()


def _run(arguments: Sequence[str], session: Session) -> int:
    result = build(session.texts).main(list(arguments), prog_name="homeward", standalone_mode=False, obj=session)
    return result if isinstance(result, int) else Exit.DONE


def show(failure: Refusal, _: Texts) -> None:
    """Tell why a command failed, on the side."""
    click.echo(f"{failure.message} ({failure.reason})", err=True)
    for detail in failure.details:
        click.echo(f"  - {detail}", err=True)
    for advice in failure.advice:
        click.echo(f"  > {advice}", err=True)


def _unexpected(error: Exception, session: Session) -> Refusal:
    from services.chassis.calls.client import RpcFailure
    from services.chassis.kernel.errors import HomewardError
    from services.operate.errors import SetUpError

    _ = session.texts
    if isinstance(error, RpcFailure):
        return of_rpc(error, _)
    if isinstance(error, HomewardError):
        return Refusal(Kind.REFUSED, error.reason, error.message)
    if isinstance(error, SetUpError):
        return Refusal(Kind.REFUSED, type(error).__name__, str(error))
    if session.environ.get(ENV_DEBUG):
        traceback.print_exc()
    return Refusal(
        Kind.INTERNAL,
        "INTERNAL",
        _("Something went wrong in this program: {kind}.", kind=type(error).__name__),
        # The text of an unknown error may hold what stands in a file: it is shown on request only.
        advice=(_("Run it again with {name}=1 to see where, and report that.", name=ENV_DEBUG),),
    )


if __name__ == "__main__":
    main()

"""`homeward up`: everything on this machine, in one command."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.local.launcher import Launcher, NotReady, Options, StopAsked
from services.operate.errors import SetUpError
from services.operate.home import Home

EXIT_NOT_STARTED = 5


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "up",
        help=t(
            "Start everything on this machine and keep it running: PostgreSQL, Kafka, the four services and the pages "
            "for browsers.\n\n"
            "The first start in a new state directory plays a handover of ten invented people on the screen. "
            "Ctrl-C stops everything; the next start goes on where it stopped.\n\n"
            "Existing servers are used instead of the embedded ones when HOMEWARD_DATABASE_URL "
            "(an administrator's address) or HOMEWARD_KAFKA (host:port) is set."
        ),
    )
    @click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: os.environ.get("HOMEWARD_STATE", "var"),
        show_default="var",
        help=t("Folder for the data, keys and logs."),
    )
    @click.option(
        "--play/--no-play",
        default=None,
        help=t("Play a handover again, or do not play the first one."),
    )
    @click.option(
        "--demonstration",
        is_flag=True,
        help=t("Make a new state directory in which business time may be moved. Never for real data."),
    )
    @click.option("--console/--no-console", default=True, help=t("Serve the pages for browsers, or do not."))
    @click.option("--tick-s", type=click.FloatRange(0.05, 60), default=1.0, hidden=True)
    @click.option("--preloaded/--not-preloaded", default=True, hidden=True)
    def up(state: Path, play: bool | None, **how: Any) -> None:
        sys.exit(_up(t, state, play, **how))

    return up


def _say(text: str) -> None:
    click.echo(text)
    sys.stdout.flush()


def _up(t: Texts, state: Path, play: bool | None, **how: Any) -> int:
    began_s = time.monotonic()
    home = Home(state.resolve())
    options = Options(
        database_url=os.environ.get("HOMEWARD_DATABASE_URL"),
        kafka=os.environ.get("HOMEWARD_KAFKA"),
        **how,
    )
    _say(t("Homeward starts. State directory: {path}", path=home.path))
    launcher = Launcher(home, options, t, _say)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: launcher.request_stop())
    try:
        launcher.start()
        _say(t("✓ Everything is ready after {seconds} s", seconds=f"{time.monotonic() - began_s:.1f}"))
        if launcher.console_address:
            _say("")
            _say(t("Open in a browser: {address}", address=launcher.console_address))
            _say("")
        # Never unasked into databases that are not this folder's alone.
        own = options.database_url is None
        first = own and not home.played_marker.exists() and not home.is_demonstration
        # Aside, because what runs must be watched meanwhile.
        showing = threading.Thread(target=_show, args=(t, launcher, first if play is None else play), daemon=True)
        showing.start()
        launcher.watch()
    except StopAsked:
        return 0
    except (SetUpError, NotReady) as error:
        click.echo(f"{t('Homeward could not start')}: {error}", err=True)
        return EXIT_NOT_STARTED
    finally:
        if launcher.owns_home:
            _stop(t, launcher)
    return 0


def _stop(t: Texts, launcher: Launcher) -> None:
    stopping_s = time.monotonic()
    _say(t("Stopping …"))
    launcher.stop()
    _say(
        t(
            "Stopped in {seconds} s. Nothing accepted is lost; `homeward up` goes on from here.",
            seconds=f"{time.monotonic() - stopping_s:.1f}",
        )
    )


def _show(t: Texts, launcher: Launcher, play: bool) -> None:
    if play:
        from services.local.play import play_first_handover

        play_first_handover(launcher.home, launcher.addresses, t, _say, launcher.is_stopping)
    if not launcher.is_stopping():
        _tell_what_next(t, launcher)


def _tell_what_next(t: Texts, launcher: Launcher) -> None:
    _say("")
    _say(t("Addresses"))
    if launcher.console_address:
        browser = t("browser")
        _say(f"  {browser:<10} {launcher.console_address}")
    for name, address in launcher.addresses.items():
        _say(f"  {name:<10} {address}")
    _say(f"  {'Kafka':<10} {launcher.kafka}")
    homeward = "homeward" if shutil.which("homeward") else os.path.relpath(Path(sys.executable).with_name("homeward"))
    state = "" if launcher.home.path == Path("var").resolve() else f" --state {shlex.quote(str(launcher.home.path))}"
    _say("")
    _say(t("Try next, in another terminal (--as OFFICE acts as that office with a demonstration token):"))
    for command, meaning in (
        ("submit examples/handover.csv --as BP-CN-MONG-CAI", t("a border post hands people over")),
        ("inbox --as SA-04", t("a home province opens its inbox")),
        ("transfers --incoming --as SA-38", t("who is on the way to it")),
        ("lost --as SV-NATIONAL", t("who is lost")),
        ("audit", t("proves that nobody is lost between two offices")),
    ):
        _say(f"  {homeward}{state} {command:<50} # {meaning}")
    _say(f"  {homeward} {'demo':<50} # {t('a year of handovers and three years of follow-up, in minutes')}")
    _say("")
    _say(t("Ctrl-C stops everything."))

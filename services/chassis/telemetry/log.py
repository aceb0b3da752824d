"""Logs: one JSON line per thing that happened, and never a person in it.

Three guards stand between personal data and the log. Values that are not plain are refused, since
a request, an event or a domain object can hold a name. Exceptions are told by class and code
location only, since a database error repeats the parameters of its statement. And lines of
libraries lose every argument that is not plain, and everything after their first line.
"""

from __future__ import annotations

import enum
import logging
import logging.handlers
import os
import sys
import sysconfig
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.contextvars import merge_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.kernel.errors import HomewardError

NOISY_LOGGERS: Final = ("aiokafka", "faust", "mode", "kafka")
"""An outage of the broker makes these say thousands of lines."""
CHATTY_LOGGERS: Final = ("apscheduler",)
"""These say two lines a tick when nothing is wrong: only their warnings are wanted."""
NOISY_LINES: Final = 5
"""So many lines of one noisy logger pass …"""
NOISY_WINDOW_S: Final = 10.0
"""… in so many seconds; how many did not is told with the next that does."""
MAX_TEXT_CHARS: Final = 500
MAX_FRAMES: Final = 25
"""Frames told per exception, the innermost ones."""
MAX_CHAIN: Final = 8
"""Exceptions told per chain of causes."""
MAX_FILE_BYTES: Final = 20_000_000
KEPT_FILES: Final = 3

_PACKAGES = tuple(
    f"{Path(root)}{os.sep}"
    for root in (
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
        sysconfig.get_path("stdlib"),
        Path(__file__).parents[3],
    )
)


def configure_logging(
    service: str,
    level: str = "INFO",
    *,
    file: Path | None = None,
    pretty: bool | None = None,
) -> None:
    """Send all logs of this process to stderr, or to a file that is kept bounded.

    `pretty` is for people; by default only when stderr is a terminal. Replaces what was
    configured before. Raises ValueError for an unknown level.
    """
    if pretty is None:
        pretty = file is None and sys.stderr.isatty()
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=MAX_FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    handler.addFilter(plain_foreign_record)
    handler.addFilter(NoisyLoggerFilter())
    handler.setFormatter(_formatter(service, pretty))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    # A line that cannot be formatted would be printed raw, arguments and all.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _log_uncaught()


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; configured whenever it is used, so it may be made at import."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def describe_exception(error: BaseException) -> dict[str, Any]:
    """What may be told of an exception: classes and code locations, with its causes.

    Never its text: that of a database error repeats the parameters of the statement. Our own
    errors add their reason, a code.
    """
    return {"exception": [_describe_one(link) for link in _chain(error)]}


def plain(value: object) -> object:
    """The value when it is plain (or made of plain ones), otherwise only its type.

    An exception becomes its class, and its errno where it has one.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case enum.Enum():
            return plain(value.value)
        case str():
            return value if len(value) <= MAX_TEXT_CHARS else f"{value[:MAX_TEXT_CHARS]}…"
        case uuid.UUID() | datetime() | date():
            return str(value)
        case BaseException():
            errno = getattr(value, "errno", None)
            name = _class_name(type(value))
            return f"{name}({errno})" if isinstance(errno, int) else name
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case dict():
            return {plain(key): plain(item) for key, item in value.items()}
        case _:
            return f"<refused: {type(value).__name__}>"


def guard_values(logger: WrappedLogger, method: str, event_dict: EventDict) -> EventDict:
    """structlog processor: let only plain values through."""
    # The formatter's own entries hold the record and are removed by it.
    return {key: value if key.startswith("_") else plain(value) for key, value in event_dict.items()}


def describe_exc_info(logger: WrappedLogger, method: str, event_dict: EventDict) -> EventDict:
    """structlog processor: tell `exc_info` by class and code location."""
    exc_info = event_dict.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exception()
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if isinstance(exc_info, BaseException):
        event_dict.update(describe_exception(exc_info))
    return event_dict


def plain_foreign_record(record: logging.LogRecord) -> bool:
    """Logging filter: take what is not plain out of a line of a library. Lets every line pass."""
    if isinstance(record.msg, dict) and hasattr(record, "_logger"):
        # One of ours: structlog has guarded it already.
        return True
    if isinstance(record.args, Mapping):
        record.args = {key: plain(value) for key, value in record.args.items()}
    elif record.args:
        record.args = tuple(plain(value) for value in record.args)
    if not isinstance(record.msg, str):
        record.msg, record.args = plain(record.msg), ()
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        # The format wanted the very object that was taken out.
        text = str(record.msg)
    # asyncio and mode append the repr of tasks and exceptions on further lines.
    record.msg, record.args = text.split("\n", 1)[0][:MAX_TEXT_CHARS], ()
    return True


@dataclass(slots=True)
class _Window:
    started_at: float
    passed: int = 0
    suppressed: int = 0


class NoisyLoggerFilter(logging.Filter):
    """Lets at most NOISY_LINES lines of each noisy logger pass in NOISY_WINDOW_S seconds.

    The first line of a later window carries how many were suppressed before it.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives seconds of any epoch that only run forward."""
        super().__init__()
        self._now = now
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line passes."""
        if record.name.split(".", 1)[0] not in NOISY_LOGGERS:
            return True
        now = self._now()
        with self._lock:
            window = self._windows.setdefault(record.name, _Window(now))
            if now - window.started_at >= NOISY_WINDOW_S:
                if window.suppressed:
                    record.suppressed = window.suppressed
                window = self._windows[record.name] = _Window(now)
            if window.passed >= NOISY_LINES:
                window.suppressed += 1
                return False
            window.passed += 1
            return True


def _shared_processors() -> list[Processor]:
    return [
        merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exc_info,
        guard_values,
    ]


def _formatter(service: str, pretty: bool) -> structlog.stdlib.ProcessorFormatter:
    def name_service(logger: WrappedLogger, method: str, event_dict: EventDict) -> EventDict:
        event_dict["service"] = service
        return event_dict

    renderers: list[Processor] = (
        [_exception_as_text, structlog.dev.ConsoleRenderer()]
        if pretty
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(allow=["suppressed"]),
            *_shared_processors(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            name_service,
            *renderers,
        ],
    )


def _exception_as_text(logger: WrappedLogger, method: str, event_dict: EventDict) -> EventDict:
    chain = event_dict.get("exception")
    if isinstance(chain, list):
        event_dict["exception"] = "\n".join("\n  ".join([str(link["class"]), *link["at"]]) for link in chain)
    return event_dict


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(links) < MAX_CHAIN:
        link = waiting.pop(0)
        if link is None or any(link is known for known in links):
            continue
        links.append(link)
        if isinstance(link, BaseExceptionGroup):
            waiting.extend(link.exceptions)
        if link.__cause__ is not None:
            waiting.append(link.__cause__)
        elif not link.__suppress_context__:
            waiting.append(link.__context__)
    return links


def _describe_one(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    described: dict[str, Any] = {
        "class": plain(error),
        "at": [f"{_short_path(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, HomewardError):
        described["reason"] = error.reason
    return described


def _class_name(cls: type[BaseException]) -> str:
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def _short_path(path: str) -> str:
    for root in _PACKAGES:
        if path.startswith(root):
            return path[len(root) :]
    return Path(path).name


def _log_uncaught() -> None:
    # Python's own hooks print the exception's text.
    log = get_logger("uncaught")

    def in_main(cls: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(cls, KeyboardInterrupt):
            sys.__excepthook__(cls, error, trace)
        else:
            log.critical("uncaught_exception", exc_info=error)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            log.critical("uncaught_exception_in_thread", exc_info=args.exc_value)

    def unraisable(args: sys.UnraisableHookArgs) -> None:
        log.error("unraisable_exception", exc_info=args.exc_value)

    sys.excepthook = in_main
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable

"""Logs: useful lines, and every way in which a person could slip into one."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from homeward.notify.v1 import inbox_pb2
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.roles import Role
from services.chassis.telemetry.log import (
    MAX_CHAIN,
    MAX_FRAMES,
    MAX_TEXT_CHARS,
    NOISY_LINES,
    NOISY_WINDOW_S,
    NoisyLoggerFilter,
    configure_logging,
    describe_exception,
    get_logger,
    plain,
)

ROOT = Path(__file__).parents[4]
SECRET = "Nguyen Thi Bi Mat"


@dataclass
class Person:
    name: str = SECRET


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Real logs, in a file; everything that configuring them changes is put back."""
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    path = tmp_path / "service.log"
    configure_logging("intake", file=path)
    yield path
    root.handlers[0].close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_is_one_json_object(log_file: Path) -> None:
    get_logger("room").info("case_moved", state="IN_TRANSIT", attempts=2)
    (line,) = lines(log_file)
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is not None
    assert line == {
        "event": "case_moved",
        "service": "intake",
        "logger": "room",
        "level": "info",
        "state": "IN_TRANSIT",
        "attempts": 2,
    }


def test_ids_are_on_every_line_within(log_file: Path) -> None:
    with bound_contextvars(correlation_id="c-1"):
        with bound_contextvars(case_id="k-1", event_id="e-1"):
            get_logger("room").info("inner")
        logging.getLogger("library").info("outer")
    get_logger("room").info("outside")
    inner, outer, outside = lines(log_file)
    assert (inner["correlation_id"], inner["case_id"], inner["event_id"]) == ("c-1", "k-1", "e-1")
    assert outer["correlation_id"] == "c-1"
    assert "case_id" not in outer
    assert "correlation_id" not in outside


@pytest.mark.parametrize(
    "value",
    [
        Person(),
        inbox_pb2.Message(title=SECRET),
        SECRET.encode(),
        bytearray(SECRET.encode()),
        memoryview(SECRET.encode()),
        ValueError(SECRET),
        [Person()],
        {"person": Person()},
        (SECRET.encode(),),
        {"nested": [{"deep": Person()}]},
        lambda: SECRET,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_can_hold_a_person_is_refused(log_file: Path, value: Any) -> None:
    get_logger("room").info("slip", value=value)
    logging.getLogger("library").warning("slip %s %r", value, value)
    logging.getLogger("library").warning(value)
    assert SECRET not in log_file.read_text()
    assert len(lines(log_file)) == 3


def test_plain_values_stay() -> None:
    moment = datetime(2025, 7, 1, tzinfo=UTC)
    identity = uuid.uuid4()
    assert plain([1, 1.5, None, True, "a", Role.NGO, moment, identity, {"k": {2}}]) == [
        1, 1.5, None, True, "a", "NGO", str(moment), str(identity), {"k": [2]},
    ]  # fmt: skip
    assert plain(ConnectionRefusedError(111, SECRET)) == "ConnectionRefusedError(111)"
    assert len(str(plain("x" * 10_000))) == MAX_TEXT_CHARS + 1


def failing() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise RuntimeError(SECRET) from error


def test_an_exception_is_told_by_class_and_place(log_file: Path) -> None:
    for log in (get_logger("room"), logging.getLogger("library")):
        try:
            failing()
        except RuntimeError:
            log.exception("broke")
    assert SECRET not in log_file.read_text()
    for line in lines(log_file):
        assert [link["class"] for link in line["exception"]] == ["RuntimeError", "KeyError"]
        assert line["exception"][0]["at"][-1].startswith("tests/unit/chassis/telemetry/test_log.py:")
        assert line["exception"][0]["at"][-1].endswith(" failing")


def test_our_own_errors_add_their_reason() -> None:
    described = describe_exception(OfficeNotFound(office_id="bp-01"))["exception"][0]
    assert described["reason"] == "OFFICE_NOT_FOUND"


def test_groups_and_long_chains_are_told_and_bounded() -> None:
    group = ExceptionGroup(SECRET, [ValueError(SECRET), OSError(5, SECRET)])
    assert [link["class"] for link in describe_exception(group)["exception"]] == [
        "ExceptionGroup",
        "ValueError",
        "OSError(5)",
    ]
    error: Exception = ValueError()
    for _ in range(MAX_CHAIN * 2):
        outer = ValueError()
        outer.__cause__ = error
        error = outer
    assert len(describe_exception(error)["exception"]) == MAX_CHAIN
    circle = ValueError()
    circle.__context__ = RuntimeError()
    circle.__context__.__context__ = circle
    assert len(describe_exception(circle)["exception"]) == 2


def test_a_deep_stack_is_bounded() -> None:
    def dive(depth: int) -> None:
        if depth == 0:
            raise ValueError
        dive(depth - 1)

    with pytest.raises(ValueError) as caught:
        dive(MAX_FRAMES * 2)
    assert len(describe_exception(caught.value)["exception"][0]["at"]) == MAX_FRAMES


def test_a_library_line_keeps_only_its_first_line(log_file: Path) -> None:
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {SECRET}")
    logging.getLogger("library").error("odd %d", Person())
    logging.getLogger("library").error("known %(who)s", {"who": Person()})
    first, second, third = lines(log_file)
    assert first["event"] == "Task exception was never retrieved"
    assert second["event"] == "odd %d"
    assert third["event"] == "known <refused: Person>"


def test_a_line_that_cannot_be_written_is_not_printed_raw(
    log_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(record: logging.LogRecord) -> str:
        raise ValueError(SECRET)

    monkeypatch.setattr(logging.getLogger().handlers[0], "format", fail)
    logging.getLogger("library").error(SECRET)
    assert SECRET not in capsys.readouterr().err


def noisy(name: str) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "x.py", 1, "away", (), None)


def test_noisy_loggers_are_held_back_each_by_itself() -> None:
    now = [0.0]
    limit = NoisyLoggerFilter(now=lambda: now[0])
    assert [limit.filter(noisy("aiokafka.conn")) for _ in range(NOISY_LINES + 3)].count(True) == NOISY_LINES
    assert limit.filter(noisy("aiokafka.cluster"))
    assert limit.filter(noisy("mode.worker"))
    assert all(limit.filter(noisy("services.intake")) for _ in range(NOISY_LINES * 3))
    assert all(limit.filter(noisy("modest")) for _ in range(NOISY_LINES * 3))
    now[0] = NOISY_WINDOW_S
    first, second = noisy("aiokafka.conn"), noisy("aiokafka.conn")
    assert limit.filter(first)
    assert limit.filter(second)
    assert vars(first)["suppressed"] == 3
    assert "suppressed" not in vars(second)


def test_the_count_of_suppressed_lines_reaches_the_log(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = next(f for f in logging.getLogger().handlers[0].filters if isinstance(f, NoisyLoggerFilter))
    now = [0.0]
    monkeypatch.setattr(limit, "_now", lambda: now[0])
    for _ in range(5_000):
        logging.getLogger("aiokafka.conn").error("no connection")
    now[0] = NOISY_WINDOW_S
    logging.getLogger("aiokafka.conn").error("no connection")
    written = lines(log_file)
    assert len(written) == NOISY_LINES + 1
    assert written[-1]["suppressed"] == 5_000 - NOISY_LINES


def test_the_level_counts_for_everything(log_file: Path) -> None:
    get_logger("room").debug("too detailed")
    logging.getLogger("library").debug("too detailed")
    assert lines(log_file) == []
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("intake", "LOUD", file=log_file)


UNCAUGHT = """
import threading
from services.chassis.telemetry.log import configure_logging, get_logger
configure_logging("intake", pretty={pretty})
def thread():
    raise ValueError("{secret}")
worker = threading.Thread(target=thread)
worker.start()
worker.join()
class Late:
    def __del__(self):
        raise KeyError("{secret}")
late = Late()
del late
try:
    raise OSError(5, "{secret}")
except OSError:
    get_logger("room").exception("caught")
raise RuntimeError("{secret}")
"""


@pytest.mark.parametrize("pretty", [True, False])
def test_what_nobody_catches_is_told_the_same_way(pretty: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNCAUGHT.format(secret=SECRET, pretty=pretty)],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    for told in ("ValueError", "KeyError", "OSError(5)", "RuntimeError", "uncaught_exception"):
        assert told in done.stderr
    assert "Logging error" not in done.stderr

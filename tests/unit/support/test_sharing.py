"""A shared thing is up while a test's file shares it, and no longer."""

from __future__ import annotations

from types import SimpleNamespace, TracebackType
from typing import Any

from tests.support.order import SHARES
from tests.support.sharing import Sharing


class Thing:
    """Counts its uses."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __enter__(self) -> Thing:
        self.said.append("up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.said.append("down")


def item(*shared: str) -> Any:
    return SimpleNamespace(user_properties=[(SHARES, one) for one in shared])


def test_it_goes_down_before_the_first_test_of_another_file_and_comes_up_for_a_late_one() -> None:
    sharing, thing = Sharing(), Thing()
    sharing.enter_for(item("calm"))
    assert sharing.enter("calm", thing) is thing
    sharing.leave_before(item("calm"))
    assert thing.said == ["up"]
    sharing.leave_before(item())
    sharing.enter_for(item())
    assert thing.said == ["up", "down"]
    sharing.enter_for(item("calm"))
    sharing.enter_for(item("calm"))
    assert thing.said == ["up", "down", "up"]
    sharing.leave_before(None)
    sharing.leave_before(None)
    assert thing.said == ["up", "down", "up", "down"]

"""Whatever changes something is answered in the one place that writes who did it."""

from __future__ import annotations

import inspect
from typing import Final

import pytest

from services.chassis.service.process import Definition
from services.followup import __main__ as followup
from services.handover import __main__ as handover
from services.handover.api.verbs import Verbs
from services.intake import __main__ as intake
from services.notify import __main__ as notify
from tests.support.clocks import FakeClock
from tests.support.contract import MUTATIONS
from tests.support.fixtures import ChassisFor

DEFINITIONS: Final[dict[str, Definition]] = {
    one.name: one for one in (intake.DEFINITION, handover.DEFINITION, followup.DEFINITION, notify.DEFINITION)
}
NOWHERE: Final = "postgresql+psycopg://nobody@127.0.0.1:1/none"
ANSWERED_ONCE: Final = ("self._answers.once(", "self._by_two.answer(", "self._register(", "self.carried_out(")
"""`_register`: submissions share a transaction; their rows hold the act as they hold the answer.
`_by_two`: when it is approved, in the name of whoever asked. `carried_out`: the way of handover's verbs."""


@pytest.mark.parametrize("service", MUTATIONS)
async def test_every_mutation_is_answered_where_acts_are_written(
    service: str, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    rooms = DEFINITIONS[service].build(chassis_for(service, NOWHERE, clock))
    servicers = {method: one.servicer for one in rooms.services for method in one.service.methods_by_name}
    assert "self._answers.once(" in inspect.getsource(Verbs.carried_out)
    elsewhere = []
    for method in MUTATIONS[service]:
        source = inspect.getsource(getattr(type(servicers[method.name]), method.name))
        if not any(call in source for call in ANSWERED_ONCE):
            elsewhere.append(method.name)
    assert elsewhere == []

"""`python -m services.notify`: the notify service as one process."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    lean.leave_out()

from homeward.notify.v1 import inbox_pb2
from services.chassis.calls.server import Served
from services.chassis.country.sight import Sight
from services.chassis.service import acts, log_heads, office_end
from services.chassis.service.process import Chassis, Definition, Parts, run
from services.notify import streams
from services.notify.api import InboxServicer
from services.notify.storage.holdings import NotifyHoldings


def build(chassis: Chassis) -> Parts:
    """The rooms of notify."""
    holdings = NotifyHoldings()
    sight = Sight(chassis.directory)
    return Parts(
        services=(
            Served(inbox_pb2.DESCRIPTOR, InboxServicer(chassis.units, sight, chassis.digest_key)),
            office_end.served(chassis, holdings),
            acts.served(chassis, acts.CasesHere("notify_case", id="case_id", number="case_number")),
        ),
        handlers={
            **streams.handlers(sight),
            **streams.office_handlers(sight, office_end.handlers(chassis.overlays, holdings)),
            **log_heads.handlers(chassis.service),
            **streams.audit_handlers(sight),
        },
        ticks=(office_end.stragglers_tick(chassis, holdings), log_heads.tick(chassis)),
    )


DEFINITION = Definition("notify", build)

if __name__ == "__main__":
    run(DEFINITION)

"""Intake that signs nothing, to measure what signing costs: `python -m tests.perf.unsigned_intake`. Nobody hears it."""

from __future__ import annotations

if __name__ == "__main__":
    from services.chassis.service import lean

    # As intake itself does, or the peer is another program.
    lean.leave_out()

import runpy

from services.chassis.events.signing import EventSigner, Said

SIGNATURE_BYTES = 64


def _unsigned(self: EventSigner, said: Said) -> bytes:
    return bytes(SIGNATURE_BYTES)


EventSigner.sign = _unsigned  # type: ignore[method-assign]

if __name__ == "__main__":
    runpy.run_module("services.intake", run_name="__main__", alter_sys=True)

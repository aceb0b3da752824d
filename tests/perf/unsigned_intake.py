"""Intake that signs nothing, to measure what signing costs: `python -m tests.perf.unsigned_intake`. Nobody hears it."""

from __future__ import annotations

import runpy

from services.chassis.events.signing import EventSigner, Said

SIGNATURE_BYTES = 64


def _unsigned(self: EventSigner, said: Said) -> bytes:
    return bytes(SIGNATURE_BYTES)


EventSigner.sign = _unsigned  # type: ignore[method-assign]

if __name__ == "__main__":
    runpy.run_module("services.intake", run_name="__main__", alter_sys=True)

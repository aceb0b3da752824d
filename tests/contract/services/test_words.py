"""A word once: what the wire and the domains call by the same codes is declared in one place."""

from __future__ import annotations

import importlib
import pkgutil
from enum import StrEnum

from homeward.handover.v1 import transfers_pb2
from homeward.intake.v1 import cases_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import codes

ROOMS = ("chassis", "followup", "handover", "intake", "notify")
WIRE = {
    name: getattr(module, name)
    for module in (types_pb2, transfers_pb2, cases_pb2)
    for name in module.DESCRIPTOR.enum_types_by_name
}
CALLED = {
    "Phase": "CasePhase",
    "Resolution": "SearchResolution",
    "StepKind": "SearchStepKind",
    "Consent": "TransferConsent",
    "Document": "TransferDocument",
    "Route": "RouteOfReturn",
    "Identification": "IdentificationStatus",
    "services.followup.domain.case.Kind": "FollowUpKind",
    "services.followup.domain.case.Outcome": "FollowUpOutcome",
}
"""Words that the wire calls by a longer name; by their whole name where two rooms mean different things."""
BESIDE = {"Direction": {"BOTH"}}
"""What a domain says for an UNSPECIFIED that means something."""


def words() -> dict[str, type[StrEnum]]:
    """All StrEnums of the services, by their whole names."""
    found = {}
    for room in ROOMS:
        package = importlib.import_module(f"services.{room}")
        names = [each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
        for name in names:
            if ".migrations" in name or name.endswith("__main__"):
                continue
            for each in vars(importlib.import_module(name)).values():
                if isinstance(each, type) and issubclass(each, StrEnum) and each.__module__ == name:
                    found[f"{name}.{each.__name__}"] = each
    return found


def wire_name(whole: str) -> str | None:
    """What the wire calls a word, if it knows it."""
    name = whole.rpartition(".")[2]
    called = CALLED.get(whole) or CALLED.get(name, name)
    return called if called in WIRE else None


def test_the_words_are_found() -> None:
    assert {"services.chassis.kernel.words.Phase", "services.intake.domain.access.IdentityView"} <= words().keys()


def test_the_domain_and_the_wire_say_the_same_words() -> None:
    differing = {}
    for whole, word in words().items():
        if (called := wire_name(whole)) is not None:
            difference = set(word) - BESIDE.get(word.__name__, set()) ^ codes(WIRE[called])
            if difference:
                differing[whole] = difference
    assert differing == {}


def test_every_word_of_the_wire_is_declared_once() -> None:
    places: dict[str, list[str]] = {}
    for whole in words():
        if (called := wire_name(whole)) is not None:
            places.setdefault(called, []).append(whole)
    assert {called: where for called, where in places.items() if len(where) > 1} == {}
    assert len(places) > 20


def test_no_word_is_declared_beside_the_shared_one() -> None:
    shared = {name: set(word) for name, word in words().items() if name.startswith("services.chassis.kernel.words.")}
    beside = set()
    for whole, word in words().items():
        said = set(word) - {"UNSPECIFIED"}
        if whole not in shared and len(said) > 2 and any(said <= members for members in shared.values()):
            beside.add(whole)
    assert beside == set()

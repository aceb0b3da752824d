"""How a person travels and what was asked before: options, the message they become, and the warnings that come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.texts import N_

if TYPE_CHECKING:
    from homeward.handover.v1 import transfers_pb2

DOCUMENTS: Final = "documents"
CODES: Final[Mapping[str, tuple[str, words.Words]]] = {
    "escort": ("ESCORT", words.ESCORTS),
    "means": ("TRAVEL_MEANS", words.MEANS),
    "consent": ("TRANSFER_CONSENT", words.CONSENTS),
    "choice": ("DESTINATION_CHOICE", words.DESTINATIONS),
    DOCUMENTS: ("TRANSFER_DOCUMENT", words.TRANSFER_DOCUMENTS),
}
"""Each thing that can be said of a journey: the enum of the contract, and its words. Whether her home is safe is not
said here: the accountable office records it (home-safety), and it counts from there."""
FIELD_OF: Final[Mapping[str, str]] = {"choice": "destination"}
"""Names of the contract where ours differ."""
_TITLES: Final = {
    "escort": N_("Who travels along (--escort):"),
    "means": N_("How (--means):"),
    "consent": N_("Whether she agrees (--consent):"),
    DOCUMENTS: N_("Papers that travel along (--document, several times):"),
    "choice": N_("Why there (--choice):"),
}

Said = Mapping[str, str | tuple[str, ...] | None]
"""What was said of a journey: codes by the names of CODES; of the documents a tuple."""


def travel_lists(_: Texts) -> tuple[str, ...]:
    """The values of the travel options, for a help text."""
    return tuple(_(_TITLES[name]) + "\n" + words.explained(_, known) for name, (_enum, known) in CODES.items())


def travel_plan(said: Said) -> transfers_pb2.TravelPlan | None:
    """What was said as the message of the contract; None when nothing was."""
    from homeward.handover.v1 import transfers_pb2
    from homeward.type.v1 import types_pb2

    if not any(said.get(name) for name in CODES):
        return None
    plan = transfers_pb2.TravelPlan()
    for name, (enum, _known) in CODES.items():
        value = said.get(name)
        if not value:
            continue
        numbers = getattr(types_pb2, _enum_name(enum))
        if isinstance(value, tuple):
            plan.documents.extend(number_of(numbers, code) for code in dict.fromkeys(value))
        else:
            setattr(plan, FIELD_OF.get(name, name), number_of(numbers, value))
    return plan


def _enum_name(prefix: str) -> str:
    """TRAVEL_MEANS is the prefix of the enum TravelMeans."""
    return "".join(map(str.capitalize, prefix.split("_")))


def travel_facts(travel: transfers_pb2.TravelPlan, _: Texts) -> list[tuple[str, str]]:
    """A travel plan as names and values; what is not recorded is left out."""
    descriptor = travel.DESCRIPTOR.fields_by_name

    def text(name: str) -> str:
        field = FIELD_OF.get(name, name)
        enum = descriptor[field].enum_type
        value = getattr(travel, field)
        codes = [plain.short_name(enum, each) for each in (value if name == DOCUMENTS else [value])]
        known = words.HOME_SAFETIES if name == "home_safety" else CODES[name][1]
        return "; ".join(words.word(_, known, code) for code in codes if code)

    return [
        (_("Escort"), text("escort")),
        (_("Means of travel"), text("means")),
        (_("Consent"), text("consent")),
        (_("Safety of the home"), text("home_safety")),
        (_("Papers"), text(DOCUMENTS)),
        (_("Destination"), text("choice")),
    ]


def warning_codes(warnings: Iterable[int]) -> list[str]:
    """Warnings of an answer by their short names; those not known here as the service numbered them are left out."""
    from homeward.type.v1 import types_pb2

    enum = types_pb2.TransferWarning.DESCRIPTOR
    return [code for each in warnings if (code := plain.short_name(enum, each))]


def warning_text(code: str, _: Texts) -> str:
    """The sentence of a warning."""
    return words.word(_, words.TRANSFER_WARNINGS, code)

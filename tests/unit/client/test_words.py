"""Every code that a service may send has the officer's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from homeward.type.v1 import types_pb2
from services.chassis.kernel.deadlines import RULES
from services.chassis.kernel.roles import FacilityKind
from services.client import words
from services.client.plain import short_name
from services.client.texts import translator

ENUMS: Mapping[str, Mapping[str, str]] = {
    "CasePhase": words.PHASES,
    "TransferState": words.TRANSFER_STATES,
    "RejectReason": words.REJECT_REASONS,
    "CustodyCause": words.CUSTODY_CAUSES,
    "CustodyKind": words.CUSTODY_KINDS,
    "LostReason": words.LOST_REASONS,
    "SearchResolution": words.SEARCH_RESOLUTIONS,
    "SearchStepKind": words.SEARCH_STEPS,
    "CloseReason": words.CLOSE_REASONS,
    "WithdrawReason": words.WITHDRAW_REASONS,
    "Escort": words.ESCORTS,
    "TravelMeans": words.MEANS,
    "TransferConsent": words.CONSENTS,
    "HomeSafety": words.HOME_SAFETIES,
    "TransferDocument": words.TRANSFER_DOCUMENTS,
    "DestinationChoice": words.DESTINATIONS,
    "TransferWarning": words.TRANSFER_WARNINGS,
    "ContactOutcome": words.CONTACTS,
    "FollowUpKind": words.FOLLOW_UP_KINDS,
    "FollowUpState": words.FOLLOW_UP_STATES,
    "FollowUpOutcome": words.OUTCOMES,
    "AgeBand": words.AGE_BANDS,
    "RouteOfReturn": words.ROUTES,
    "IdentificationStatus": words.IDENTIFICATIONS,
}


@pytest.mark.parametrize("name", ENUMS)
def test_every_value_has_words_and_no_words_are_for_nothing(name: str) -> None:
    enum: Any = types_pb2.DESCRIPTOR.enum_types_by_name[name]
    codes = {short_name(enum, number) for number in enum.values_by_number} - {""}
    assert codes == set(ENUMS[name])


def test_every_kind_of_facility_and_every_watched_rule_has_words() -> None:
    assert {kind.value for kind in FacilityKind} == set(words.FACILITY_KINDS)
    watched = {code for code in RULES if code.startswith(("FACILITY_STAY", "DISPATCH", "REDISPATCH"))}
    assert watched <= set(words.RULES)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", ENUMS)
def test_words_are_read_back_as_what_they_mean(name: str, language: Any) -> None:
    _ = translator(language)
    for code, text in ENUMS[name].items():
        for said in (code, words.slug(code), text, _(text)):
            assert words.find(ENUMS[name], said, _) == code


def test_other_words_mean_nothing() -> None:
    assert words.find(words.ESCORTS, "somebody", translator("vi")) is None

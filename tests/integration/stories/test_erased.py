"""SUPPORT's story 8: a case is erased. Texts of both services can no longer be opened; counts stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from homeward.followup.v1 import care_pb2, visits_pb2
from homeward.intake.v1 import consents_pb2, people_pb2
from homeward.type.v1 import types_pb2
from services.client.shown.cases import person_facts
from services.client.texts import texts_in
from tests.integration.followup.test_care import WORRIED, content
from tests.integration.intake.people import person
from tests.integration.stories.story import CENTRE, HER_SUPERVISOR, HOME, NATION, POLICE, POST, Story
from tests.support import homes
from tests.support.erasing import erase

SAID = "chỉ gặp ở chợ bịađặt"
WISHES = care_pb2.Wishes(how=["NO_UNIFORM"], who=SAID)
FIRST, SECOND = 2, 3
"""Entries: a short record with signs, and a visit."""


async def lived(told: Story) -> tuple[str, str]:
    """A woman and her sister were handed over together, and the sister stays; all that can be told of the first was."""
    linked = told.somebody(family_links=[people_pb2.FamilyLink(row=2, relation="SIBLING")])
    her, sister = await told.submitted(linked, told.somebody())
    await told.do(POLICE, "DecideIdentification", her, **decision(told))
    await told.arrived(await told.sent(her))
    await told.do(HOME, "RecordConsent", her, **by_guardian())
    await told.do(HOME, "SetWishes", her, wishes=WISHES)
    await told.do(HOME, "RecordContact", her, outcome="REACHED", wishes_read=1)
    await told.passes(85)
    await told.do(HOME, "RecordFollowUp", her, outcome="AT_RISK", warning_signs=[WORRIED], wishes_read=1)
    await told.passes(3)
    await told.do(HOME, "RecordVisit", her, **visit(wishes_read=1))
    await told.do(HOME, "SaveVisitDraft", her, visit=care_pb2.RecordVisitRequest(content=content(SAID)))
    return her, sister


def by_guardian() -> dict[str, Any]:
    """Somebody speaks for her, by name and relation."""
    said = {"state": types_pb2.CONSENT_STATE_GIVEN, "giver": types_pb2.CONSENT_GIVER_GUARDIAN, "text_version": 1}
    guardian = consents_pb2.Guardian(name=SAID, relation=types_pb2.GUARDIAN_RELATION_PARENT)
    return {"purpose": "SERVICES", "guardian": guardian, **said}


def decision(told: Story, status: str = "IDENTIFIED") -> dict[str, Any]:
    """What the police decided, with words."""
    grounds = ["SALE"] if status == "IDENTIFIED" else []
    return {"status": status, "grounds": grounds, "reason": SAID, "decided_on": told.day()}


def visit(**more: Any) -> dict[str, Any]:
    """A visit at which everything was said."""
    return {"outcome": "AT_RISK", "extra": True, "content": content(SAID), **more}


async def counted(told: Story, her: str, sister: str) -> dict[str, str]:
    """Lists, boards and figures, in which no text is; and the story."""
    asked: Mapping[str, tuple[str, str, dict[str, Any]]] = {
        "her": (HOME, "GetCase", {"case": her}),
        "cases": (POST, "ListCases", {}),
        "handovers": (POST, "ListHandovers", {}),
        "custody": (NATION, "GetCustody", {"case": her}),
        "open": (NATION, "CountOpen", {}),
        "follow-ups": (HOME, "ListFollowUps", {"filter": visits_pb2.FollowUpFilter(include_done=True)}),
        "due": (NATION, "CountDueFollowUps", {}),
        "overdue": (NATION, "CountOverdueFollowUps", {}),
        "workload": (HOME, "CountWorkload", {}),
        "trend": (HOME, "ListFollowUpTrend", {}),
        "consents": (HOME, "GetConsents", {"case": her}),
        "sister's family": (POST, "GetFamily", {"case": sister}),
    }
    return {name: str(await told.do(by, method, **fields)) for name, (by, method, fields) in asked.items()}


async def erased(told: Story, case: str) -> None:
    """Both keys are destroyed."""
    settings = {name: told.country.services[name].chassis.settings for name in ("intake", "followup")}
    at = {name: (one.database_url, one.kek) for name, one in settings.items()}
    await erase(case, at["intake"], at["followup"])  # type: ignore[arg-type]


async def test_texts_of_both_services_open_no_more_and_counts_stay(told: Story) -> None:
    her, sister = await lived(told)
    opened = (await told.do(NATION, "OpenBreakGlass", her, reason="DANGER", words=SAID)).break_glass.break_glass_id
    before = await counted(told, her, sister)
    await erased(told, her)

    # That her sister has a relative stays; what she is to her was sealed with the key of this case.
    ties = before["sister's family"].replace('    relation: "SIBLING"\n', "")
    assert await counted(told, her, sister) == before | {"sister's family": ties}
    purpose: dict[str, Any] = {"include_identity": True, "purpose": "reception"}
    refused: Mapping[str, tuple[str, str, dict[str, Any]]] = {
        "her name": (HOME, "GetCase", {"case": her, **purpose}),
        "a decision": (POLICE, "DecideIdentification", {"case": her, **decision(told, "NOT_IDENTIFIED")}),
        "to break the glass": (NATION, "OpenBreakGlass", {"case": her, "reason": "DANGER", "words": SAID}),
        "why it was broken": (HER_SUPERVISOR, "GetBreakGlass", {"break_glass_id": opened}),
        "who spoke for her": (HOME, "GetGuardian", {"case": her, "number": 1}),
        "who speaks for her": (HOME, "RecordConsent", {"case": her, **by_guardian()}),
        "wishes": (HOME, "GetWishes", {"case": her}),
        "other wishes": (HOME, "SetWishes", {"case": her, "wishes": WISHES}),
        "a visit": (HOME, "GetVisit", {"case": her, "entry_number": SECOND}),
        "the latest visit": (HOME, "GetVisit", {"case": her}),
        "a draft": (HOME, "GetVisitDraft", {"case": her}),
        "another draft": (HOME, "SaveVisitDraft", {"case": her, "visit": care_pb2.RecordVisitRequest()}),
        "another visit": (HOME, "RecordVisit", {"case": her, **visit()}),
        "a correction": (
            HOME,
            "CorrectVisit",
            {"case": her, "entry_number": SECOND, "revision": 1, "content": content(SAID), "reason": SAID},
        ),
        "signs": (HOME, "RecordFollowUp", {"case": her, "outcome": "AT_RISK", "warning_signs": [WORRIED]}),
        "her home": (HOME, "GetHomeSafety", {"case": her}),
        "another home": (HOME, "RecordHomeSafety", _about_home(her)),
    }
    await told.passes(1)
    found = {name: await told.refused(told.do(by, method, **fields)) for name, (by, method, fields) in refused.items()}
    assert found == dict.fromkeys(refused, "CASE_ERASED")
    with pytest.raises(Exception, match="was erased"):
        await told.do(HOME, "GetWishes", her)
    # Who may not see her learns nothing of it.
    for stranger in (CENTRE, "SA-24"):
        assert await told.refused(told.do(stranger, "GetCase", her, **purpose)) == "CASE_NOT_FOUND"
        assert await told.refused(told.do(stranger, "GetCustody", her)) == "CASE_NOT_FOUND"
    assert await told.refused(told.do("SA-24", "GetWishes", her)) == "CASE_NOT_FOUND"

    line = next(one for one in (await told.do(HOME, "GetStory", her)).entries if one.number == FIRST).versions[-1]
    assert (line.signs_erased, list(line.warning_signs)) == (True, [])


async def test_of_people_who_came_together_one_is_erased_and_then_the_last(told: Story) -> None:
    first, second = await told.submitted(told.somebody(), told.somebody())
    handover_id = (await told.do(POST, "ListHandovers")).handovers[0].handover_id
    letter = {"handover_id": handover_id, "purpose": "letter"}
    await erased(told, first)
    shown = await told.do(POST, "GetHandover", **letter)
    assert [(one.case_id, one.erased, one.HasField("person")) for one in shown.cases] == [
        (first, True, False),
        (second, False, True),
    ]
    assert shown.handing_body
    assert dict(person_facts(shown.cases[0], texts_in("en"))) == {"Person": "was erased"}
    await erased(told, second)
    assert await told.refused(told.do(POST, "GetHandover", **letter)) == "CASE_ERASED"


async def test_the_record_of_a_relative_is_put_right_as_before(told: Story) -> None:
    mother = told.somebody(family_links=[people_pb2.FamilyLink(row=2, relation="CHILD")])
    son = told.somebody(birth_date="2021")
    her, his = await told.submitted(mother, son)
    await erased(told, her)
    son.birth_date = "2004"
    assert (await told.do(POST, "CorrectCase", his, person=son, reason="mistyped")).case.case_id == his
    (tie,) = (await told.do(POST, "GetFamily", his)).ties
    assert tie.relative.case_number
    assert not tie.relative.relation


async def test_deadlines_of_an_erased_case_go_on_and_nothing_is_found_by_her_name(told: Story) -> None:
    her, _ = await lived(told)
    log = (await told.do("AUDIT-NATIONAL", "ListAccessLog")).chain_intact
    await erased(told, her)
    await told.passes(1_060)
    assert her in await told.overdue(HOME)
    # What has no text goes on being recorded, and her wishes, which nobody can read, hinder nobody.
    await told.do(HOME, "RecordFollowUp", her, outcome="SETTLED")
    assert {kind: one.visited_on for kind, one in (await told.follow_ups(her)).items()}["YEARS_3"] == told.day()
    assert [log, (await told.do("AUDIT-NATIONAL", "ListAccessLog")).chain_intact] == [True, True]
    # The post may register somebody of that name: it has no trace of her any more.
    again = person("Nguyễn Thị Ví Dụ I")
    assert await told.submitted(again)


def _about_home(case: str) -> dict[str, Any]:
    asked = homes.full_check(case, "SA-24")
    fields = ("to_office_id", "questionnaire_version", "verdict", "guardian")
    return {"case": case, "answers": list(asked.answers)} | {name: getattr(asked, name) for name in fields}

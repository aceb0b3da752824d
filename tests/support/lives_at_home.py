"""What an agency does with somebody who is at home: looks after her well, late, wrongly or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from homeward.followup.v1 import care_pb2, contacts_pb2, entries_pb2, steps_pb2, visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.questionnaires import FULL, questionnaire
from tests.support.officers import SECOND, Officers

VISIT_AHEAD_DAYS = 7
PUT_OFF_AHEAD_DAYS = 60
AT_HOME = """
    SELECT c.case_id, c.keeper_id, c.contact_asked_on IS NOT NULL AS asks_for_contact, c.decision_open,
           c.safety_number IS NOT NULL AS in_danger, n.due_on, n.kind, d.kind AS droppable,
           (SELECT min(f.kind) FROM follow_up f
            WHERE f.case_id = c.case_id AND f.set_number = c.set_number AND f.dropped IS NOT NULL) AS dropped,
           (SELECT max(e.number) FROM entry e WHERE e.case_id = c.case_id) AS last_entry
    FROM followup_case c
    LEFT JOIN LATERAL (
        SELECT f.due_on, f.kind FROM follow_up f
        WHERE f.case_id = c.case_id AND f.state = 'OPEN' ORDER BY f.due_on LIMIT 1
    ) n ON true
    LEFT JOIN LATERAL (
        SELECT f.kind FROM follow_up f
        WHERE f.case_id = c.case_id AND f.state = 'OPEN' AND NOT f.always_made ORDER BY f.due_on LIMIT 1
    ) d ON true
"""


class AtHome:
    """The agency that makes somebody's follow-ups."""

    def __init__(self, officers: Officers) -> None:
        self._all = officers

    async def look_after(self, home: Any, months: float) -> bool:
        """Whatever is to be done now, if anything is done; False: nothing."""
        soon = home.due_on is not None and home.due_on - self._all.today <= timedelta(days=VISIT_AHEAD_DAYS)
        if home.in_danger and self._all.chance(0.7):
            await self._make_safe(home)
        elif home.asks_for_contact and self._all.chance(0.6):
            await self._make_contact(home)
        elif home.kind is not None and self._all.chance(0.1 if soon else 0.06 * months):
            await self._put_off(home)
        elif soon:
            await self._visit(home, months)
        elif home.droppable is not None and self._all.chance(0.05 * months):
            await self._drop(home)
        elif home.dropped is not None and self._all.chance(0.1 * months):
            await self._take_up(home)
        elif home.last_entry and self._all.chance(0.01 * months):
            await self._take_back(home)
        else:
            return False
        return True

    async def _make_contact(self, home: Any) -> None:
        outcome = self._all.dice.choices(("REACHED", "NOT_AT_ADDRESS", "MOVED_AWAY"), (8, 1, 1))[0]
        contact = contacts_pb2.RecordContactRequest(outcome=types.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome}"))
        await self._all.ask_at_home("RecordContact", contact, home)

    async def _visit(self, home: Any, months: float) -> None:
        # Some offices come at once, some late, and some never.
        diligence = home.case_id.int % 10
        if diligence == 0 or not self._all.chance(min(1.0, (0.1 + 0.15 * diligence) * max(months, 0.3))):
            return
        dice = self._all.dice
        outcome = dice.choices(("SETTLED", "AT_RISK", "NOT_REACHED", "DECLINED"), (70, 10, 15, 5))[0]
        then = types.AFTER_DECLINED_UNSPECIFIED
        if outcome == "DECLINED":
            then = dice.choice((types.AFTER_DECLINED_CLOSE, types.AFTER_DECLINED_KEEP))
        found: dict[str, Any] = {"outcome": types.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{outcome}"), "then": then}
        if outcome != "NOT_REACHED" and self._all.chance(0.4):
            risk = dice.choices(("LOW", "RAISED", "HIGH", "IMMEDIATE"), (60, 20, 12, 8))[0]
            visit = care_pb2.RecordVisitRequest(**found, content=said(risk))
            await self._all.ask_at_home("RecordVisit", visit, home)
        else:
            await self._all.ask_at_home("RecordFollowUp", visits_pb2.RecordFollowUpRequest(**found), home)

    async def _make_safe(self, home: Any) -> None:
        done = care_pb2.ConfirmSafetyActRequest(measures=["SHELTER"], note="Ví dụ")
        await self._all.ask_at_home("ConfirmSafetyAct", done, home, subject=SECOND)

    async def _put_off(self, home: Any) -> None:
        ahead = (home.due_on - self._all.today).days
        if not 0 <= ahead <= PUT_OFF_AHEAD_DAYS and not self._all.chance(0.1):
            return
        later = steps_pb2.RescheduleFollowUpRequest(
            kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{home.kind}"),
            due_on=self._all.day(ahead + self._all.dice.randint(-7, 14)),
            reason=self._all.dice.choice(("PERSON_ASKED", "ROAD_OR_WEATHER", "NO_STAFF")),
        )
        await self._all.ask_at_home("RescheduleFollowUp", later, home)

    async def _drop(self, home: Any) -> None:
        no_more = steps_pb2.DropFollowUpRequest(
            kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{home.droppable}"),
            reason=self._all.dice.choice(types.StepDropReason.values()[1:]),
        )
        await self._all.ask_at_home("DropFollowUp", no_more, home)

    async def _take_up(self, home: Any) -> None:
        after_all = steps_pb2.TakeUpFollowUpRequest(kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{home.dropped}"))
        await self._all.ask_at_home("TakeUpFollowUp", after_all, home)

    async def _take_back(self, home: Any) -> None:
        mistake = entries_pb2.TakeBackEntryRequest(entry_number=home.last_entry, reason=types.ENTRY_REASON_WRONG_CASE)
        await self._all.ask_at_home("TakeBackEntry", mistake, home)


def said(risk: str) -> care_pb2.VisitContent:
    """A visit of which she tells nothing, and what the worker makes of it."""
    asked = questionnaire()
    core = [care_pb2.Answer(question=one.id, codes=["NOT_SAID"]) for one in asked.of_set(FULL) if one.core]
    return care_pb2.VisitContent(
        set=FULL,
        questionnaire_version=asked.version,
        mode="HOME",
        visitor="SOCIAL_WORKER",
        consent="GIVEN",
        privacy="ALONE",
        interpreter="NOT_NEEDED",
        risk=risk,
        risk_reason="" if risk == "LOW" else "Ví dụ",
        next_steps=["AS_PLANNED"],
        answers=core,
    )

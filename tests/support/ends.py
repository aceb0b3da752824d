"""To which end each obligation came, by rows and by what was said, and not by the rules that wrote them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from homeward.type.v1 import types_pb2 as types
from services.chassis.events.envelope import decode
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.kernel.clock import local_date
from services.followup.domain.entry import Kind
from services.followup.domain.policy import OVERDUE_RULE_OF_KIND, RULE_OF_KIND, Policy, policy_of, policy_on
from tests.support.pair import Pair, Service

ENDS = ("done", "done late", "overdue and escalated", "suspended", "cancelled with reason")
ASKED_TO_STOP = "she asked to stop"
STAY, LOST = "FACILITY_STAY", "LOST_TO_FOLLOW_UP"
_STAYS = {f"FACILITY_STAY_{kind}": STAY for kind in ("ASSESSMENT_CENTRE", "SOCIAL_PROTECTION_CENTRE", "SHELTER")}
_FIRED = "SELECT count(*) AS fired, count(*) FILTER (WHERE late) AS late FROM obligation WHERE state = 'FIRED'"
_FOLLOW_UPS = """
    SELECT f.*, coalesce(f.due_first_on, f.due_on) AS first_due_on,
           c.phase, c.close_reason, c.set_number AS current_set,
           c.lost OR c.search_reason IS NOT NULL AS is_suspended,
           EXISTS (SELECT FROM follow_up l WHERE l.case_id = f.case_id AND l.set_number = f.set_number
                   AND l.state = 'RECORDED' AND l.due_on > f.due_on) AS later_was_made
    FROM follow_up f JOIN followup_case c ON c.case_id = f.case_id ORDER BY f.case_id, f.set_number, f.due_on
"""
_SETS = """
    SELECT f.id, f.case_id, f.set_number, f.kind, f.state, f.always_made, c.policy_version, c.set_number AS current_set
    FROM follow_up f JOIN followup_case c ON c.case_id = f.case_id
"""


async def ends_of(pair: Pair, today: date) -> Counter[str]:
    """To which end each obligation to look again has come: exactly one each.

    Raises AssertionError for one that came to none, or to two.
    """
    said = await _said(pair.followup)
    ends: Counter[str] = Counter()
    for row in await pair.followup.rows(_FOLLOW_UPS):
        of_this = said[str(row.id)]
        holds = {
            "done": row.state == "RECORDED" and row.visited_on <= row.first_due_on,
            "done late": row.state == "RECORDED" and row.visited_on > row.first_due_on,
            "overdue and escalated": _is_escalated(row, of_this, today),
            "suspended": row.state == "OPEN" and row.is_suspended,
            "cancelled with reason": _reason(row, of_this, said[str(row.case_id)]) is not None,
            "asked for, and never overdue": _is_never_overdue(row, of_this, today),
        }
        found = [name for name, is_so in holds.items() if is_so]
        assert len(found) == 1, f"{row.kind} of {row.case_id}: {found}; {row}"
        if found[0].startswith("done"):
            assert of_this["FollowUpRecorded"] >= 1, f"{row.id} was done, and nobody was told"
        ends[found[0]] += 1
        if found[0].startswith("cancelled"):
            ends[f"cancelled: {_reason(row, of_this, said[str(row.case_id)])}"] += 1
    return ends


def _is_escalated(row: Any, said: Counter[str], today: date) -> bool:
    """Nobody looked again: it was told that it is overdue, once, and then again and again, without a gap."""
    passed = (row.state == "OPEN" and not row.is_suspended) or row.state == "MISSED"
    if not passed or row.overdue_after_days is None:
        return False
    if row.due_on + timedelta(days=row.overdue_after_days) > today:
        return False
    levels = [said[f"FollowUpEscalated {level}"] for level in range(1, row.escalation_level + 1)]
    return said["FollowUpOverdue"] == 1 and levels == [1] * row.escalation_level and row.escalation_level > 0


def _is_never_overdue(row: Any, said: Counter[str], today: date) -> bool:
    """The policy wants it so of what she agreed to for research: it was asked for, and never told to be overdue."""
    passed = row.state == "OPEN" and not row.is_suspended and row.overdue_after_days is None and row.due_on <= today
    return passed and said["FollowUpDue"] >= 1 and not said["FollowUpOverdue"]


def _reason(row: Any, said_of_this: Counter[str], said_of_case: Counter[str]) -> str | None:
    """Why it is asked for no more: the office dropped it, the case ended, or a later look, a later arrival, or taking
    the arrival back, took its place."""
    if row.state == "MISSED" and not said_of_this["FollowUpEscalated 1"]:
        return "a later look was made" if row.later_was_made else None
    if row.state != "CANCELLED":
        return None
    if row.dropped is not None:
        return f"dropped: {row.dropped}"
    if row.set_number < row.current_set:
        return "a later arrival"
    if row.close_reason is not None:
        return str(row.close_reason)
    if row.phase == "WITHDRAWN":
        return str(row.phase)
    if said_of_case[ASKED_TO_STOP]:
        # Whoever is accountable has not closed her case yet.
        return ASKED_TO_STOP
    return "arrival taken back" if said_of_case["FollowUpsCancelled"] else None


async def _said(service: Service) -> Mapping[str, Counter[str]]:
    """What was said of each follow-up, and of each case, by name; escalations with their level."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, message, _ in await _events(service):
        level = f" {message.level}" if name == "FollowUpEscalated" else ""
        if name == "FollowUpRecorded" and message.then == types.AFTER_DECLINED_CLOSE:
            found[message.case_id][ASKED_TO_STOP] += 1
        for about in (getattr(message, "follow_up_id", ""), message.case_id):
            if about:
                found[about][name + level] += 1
    return found


async def _events(service: Service) -> list[tuple[str, Any, datetime]]:
    rows = await service.rows(
        "SELECT type, payload, time FROM outbox WHERE subject <> :office ORDER BY id", office=OFFICE_SUBJECT
    )
    said = [(row.type.rpartition(".")[2], decode(row.type, row.payload), row.time) for row in rows]
    return [each for each in said if "case_id" in each[1].DESCRIPTOR.fields_by_name]


async def assert_told_once(pair: Pair) -> None:
    """Each deadline that fired was told once, and nothing was told of which none fired."""
    for service, rule_told in ((pair.handover, _by_handover), (pair.followup, _by_followup)):
        rows = await service.rows("SELECT case_id, rule, fired_at FROM obligation WHERE state = 'FIRED'")
        fired = Counter((str(row.case_id), _STAYS.get(row.rule, row.rule)) for row in rows)
        lost_at = {(str(row.case_id), row.fired_at) for row in rows if row.rule == LOST}
        told: Counter[tuple[str, str]] = Counter()
        for name, message, at in await _events(service):
            rule = rule_told(name, message)
            # She is told to be lost by what an office records, too.
            if rule is not None and (rule != LOST or (message.case_id, at) in lost_at):
                told[message.case_id, _STAYS.get(rule, rule)] += 1
        assert told == fired, f"{service.name}: {(told - fired) + (fired - told)}"


def _by_handover(name: str, message: Any) -> str | None:
    """The rule of the deadline that said this; None for what a command said."""
    match name:
        case "TransferOverdue":
            return str(message.rule)
        case "StayEnding":
            return STAY
        case "SearchEscalated":
            return "SEARCH_ESCALATE"
        case "FollowUpsUnconfirmed":
            return "OBLIGATIONS_CONFIRM"
        case "PersonLost" if message.reason == types.LOST_REASON_NOT_ACKNOWLEDGED:
            return "TRANSFER_LOST"
    return None


def _by_followup(name: str, message: Any) -> str | None:
    match name:
        case "FollowUpDueSoon" | "FollowUpDue" | "FollowUpOverdue":
            kind = Kind(types.FollowUpKind.Name(message.kind).removeprefix("FOLLOW_UP_KIND_"))
            return (OVERDUE_RULE_OF_KIND if name == "FollowUpOverdue" else RULE_OF_KIND)[kind]
        case "FollowUpEscalated" if message.rule == "SAFETY_ANSWER" and message.level > 1:
            return "SAFETY_ANSWER_ESCALATE"
        case "FollowUpEscalated":
            return str(message.rule)
        case "LostToFollowUp" | "FollowUpNeglected":
            return LOST
    return None


async def assert_nothing_silent(pair: Pair, versions: Sequence[Policy]) -> Counter[int]:
    """Each follow-up was told when it was asked for, none vanished, and each set keeps the version of its first day.

    `versions`: of the policy. Returns how many sets kept which.
    """
    told: dict[str, date] = {}
    for name, message, at in await _events(pair.followup):
        added = {"FollowUpsScheduled": "follow_ups", "StepsChanged": "added"}.get(name)
        for each in getattr(message, added) if added else ():
            told.setdefault(each.follow_up_id, local_date(at))
    rows = await pair.followup.rows(_SETS)
    assert told.keys() <= {str(row.id) for row in rows}, "a follow-up vanished"
    # Of what nobody is to make, because a later look was made or she asked to stop, nothing is told.
    untold = [row for row in rows if str(row.id) not in told]
    assert {row.state for row in untold} <= {"MISSED", "CANCELLED"}, "a follow-up is asked for, and nobody was told"
    begun: dict[Any, date] = {}
    for row in rows:
        key, day = (row.case_id, row.set_number), told.get(str(row.id), date.max)
        begun[key] = min(begun.get(key, date.max), day)
    kept: Counter[int] = Counter()
    for row in rows:
        if row.set_number == row.current_set:
            policy = policy_of(row.policy_version, versions)
            first_day = begun[row.case_id, row.set_number]
            assert policy == policy_on(first_day, versions), f"{row.case_id} does not keep the version of {first_day}"
            assert policy.step(Kind(row.kind)) is not None, f"{row.kind} is no step of version {policy.version}"
            kept[policy.version] += row.always_made and row.kind == Kind.YEARS_3
    return kept


async def fired(pair: Pair) -> tuple[int, int]:
    """How many deadlines fired, and how many of them late."""
    rows = [row for one in pair.services for row in await one.rows(_FIRED)]
    return sum(row.fired for row in rows), sum(row.late for row in rows)

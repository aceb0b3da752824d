"""Everything that can be told in confidence, told: each text and each code of each call of care bears a mark.

The fields are those of the contracts, so that one which comes later is marked as well; whatever changes anything needs
a right request here, and each text that is taken in its line in TEXTS. What is taken in is sealed, what is refused is
forgotten; whoever looks for the mark elsewhere finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from homeward.followup.v1 import (
    care_pb2,
    contacts_pb2,
    entries_pb2,
    home_safety_pb2,
    oversight_pb2,
    steps_pb2,
    visits_pb2,
)
from homeward.intake.v1 import consents_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.policy import full_name
from services.chassis.country.questionnaires import FULL, QuestionKind, questionnaire
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.client.stubs import Stubs
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.test_authorisation import METHODS, POLICIES, call, token
from tests.support.homes import full_check, short_check, short_checks
from tests.support.whole import Whole

SECOND_MEASURE = "POLICE_PROTECTION"
"""A measure that is told to care staff alone."""
AFRAID_OF = "TRAFFICKER_OR_BROKER"
"""An answer that is."""
RELATION = "GRANDPARENT"
"""What the guardian who is named is to the child."""


CONSENTS = consents_pb2.DESCRIPTOR.services_by_name["ConsentService"]
DRAFTS = "SaveVisitDraft"
"""Takes in whatever was typed, and seals it as a whole."""
TEXTS = frozenset(
    {
        "ConfirmSafetyAct.note",
        "CorrectVisit.content.answers.text",
        "CorrectVisit.content.note",
        "CorrectVisit.content.risk_reason",
        "CorrectVisit.reason",
        "RecordConsent.guardian.name",
        "RecordHomeSafety.guardian",
        "RecordHomeSafety.reason",
        "RecordShortChecks.rows.guardian",
        "RecordVisit.content.answers.text",
        "RecordVisit.content.note",
        "RecordVisit.content.risk_reason",
        "RecordVisit.wishes.hours",
        "RecordVisit.wishes.reason",
        "RecordVisit.wishes.who",
        "SetWishes.wishes.hours",
        "SetWishes.wishes.reason",
        "SetWishes.wishes.who",
    }
)
"""Each text that somebody may write about her; all other fields are codes, days and ids, which take nothing else."""


@dataclass
class Told:
    """What became of the marks: fields taken in by their methods, those of methods that keep them, and the refusals in
    all that they said."""

    taken: set[str] = field(default_factory=set)
    sealed: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)


def content(mark: str, risk: str = "LOW") -> care_pb2.VisitContent:
    """A visit in which every question is answered, and every text bears a mark."""
    asked = questionnaire()
    made = care_pb2.VisitContent(
        set=FULL,
        questionnaire_version=asked.version,
        mode="OTHER_PLACE",
        visitor="SOCIAL_WORKER",
        consent="GIVEN",
        privacy="ALONE",
        interpreter="NOT_NEEDED",
        warning_signs=["RF26"],
        risk=risk,
        risk_reason=mark,
        next_steps=["AS_PLANNED"],
        note=mark,
    )
    # Those in words last: what is put into the last answer is then taken in.
    for each in sorted(asked.of_set(FULL), key=lambda one: one.kind is QuestionKind.TEXT):
        if each.kind is QuestionKind.TEXT:
            made.answers.add(question=each.id, text=mark)
        elif AFRAID_OF in {one.code for one in each.answers} and each.restricted:
            made.answers.add(question=each.id, codes=[AFRAID_OF])
        elif each.core:
            made.answers.add(question=each.id, codes=["NOT_SAID"])
    return made


def wishes(mark: str) -> care_pb2.Wishes:
    """Wishes whose every text bears a mark."""
    return care_pb2.Wishes(how=["NO_UNIFORM"], who=mark, hours=mark, reason=mark)


def care_methods() -> Iterator[tuple[str, MethodDescriptor]]:
    """All that followup may be asked by people, and what is said of consents, each with its service."""
    for service, method in METHODS:
        if POLICIES[full_name(method)].roles and (service == "followup" or method.containing_service is CONSENTS):
            yield service, method


def changes(method: MethodDescriptor) -> bool:
    """Whether it takes anything in."""
    return "request_id" in method.input_type.fields_by_name


def right_requests(stubs: Stubs, case: str, agency: str, mark: str, child: str) -> Mapping[str, Callable[[], Message]]:
    """A request of each method with which nothing is wrong as things stand then; `child`: with the border post."""

    def stands() -> int:
        return stubs.care.GetWishes(care_pb2.GetWishesRequest(case=case)).version

    def taken_back() -> None:
        """What was recorded today before: on one day she is visited once."""
        for entry in stubs.entries.GetStory(entries_pb2.GetStoryRequest(case=case)).entries:
            latest = entry.versions[-1]
            if latest.contact == types.CONTACT_OUTCOME_REACHED and latest.state != types.ENTRY_STATE_TAKEN_BACK:
                again = entries_pb2.TakeBackEntryRequest(
                    request_id=work.request_id(),
                    case=case,
                    entry_number=entry.number,
                    reason=types.ENTRY_REASON_ENTERED_TWICE,
                )
                stubs.entries.TakeBackEntry(again)

    def visit(risk: str = "LOW") -> care_pb2.RecordVisitRequest:
        taken_back()
        return care_pb2.RecordVisitRequest(
            request_id=work.request_id(),
            case=case,
            outcome=types.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT,
            extra=True,
            wishes_read=stands(),
            content=content(mark, risk),
            wishes=wishes(mark),
        )

    def correction() -> care_pb2.CorrectVisitRequest:
        made = stubs.care.RecordVisit(visit())
        return care_pb2.CorrectVisitRequest(
            request_id=work.request_id(),
            case=case,
            entry_number=made.entry_number,
            revision=1,
            content=content(mark),
            reason=mark,
        )

    def confirmation() -> care_pb2.ConfirmSafetyActRequest:
        if not stubs.oversight.ListSafetyActs(oversight_pb2.ListSafetyActsRequest()).acts:
            stubs.care.RecordVisit(visit("IMMEDIATE"))
        return care_pb2.ConfirmSafetyActRequest(
            request_id=work.request_id(), case=case, measures=[SECOND_MEASURE], note=mark
        )

    def contact() -> contacts_pb2.RecordContactRequest:
        return contacts_pb2.RecordContactRequest(
            request_id=work.request_id(),
            case=case,
            attempt="NO_ANSWER",
            mode="HOME",
            visitor="SOCIAL_WORKER",
            wishes_read=stands(),
        )

    def last_entry() -> int:
        return stubs.entries.GetStory(entries_pb2.GetStoryRequest(case=case)).entries[-1].number

    def draft() -> care_pb2.SaveVisitDraftRequest:
        return care_pb2.SaveVisitDraftRequest(request_id=work.request_id(), case=case, visit=visit())

    return {
        "SetWishes": lambda: care_pb2.SetWishesRequest(
            request_id=work.request_id(), case=case, wishes=wishes(mark), replaces=stands()
        ),
        "RecordVisit": visit,
        "SaveVisitDraft": draft,
        "CorrectVisit": correction,
        "ConfirmSafetyAct": confirmation,
        "RecordContact": contact,
        "RecordFollowUp": lambda: visits_pb2.RecordFollowUpRequest(
            request_id=work.request_id(),
            case=case,
            outcome=types.FOLLOW_UP_OUTCOME_AT_RISK,
            warning_signs=["RF26"],
            wishes_read=stands(),
        ),
        "CorrectEntry": lambda: entries_pb2.CorrectEntryRequest(
            request_id=work.request_id(), case=case, entry_number=1, reason=types.ENTRY_REASON_WRONG_DAY
        ),
        "TakeBackEntry": lambda: entries_pb2.TakeBackEntryRequest(
            request_id=work.request_id(),
            case=case,
            entry_number=last_entry(),
            reason=types.ENTRY_REASON_ENTERED_TWICE,
        ),
        "RescheduleFollowUp": lambda: steps_pb2.RescheduleFollowUpRequest(
            request_id=work.request_id(),
            case=case,
            kind=types.FOLLOW_UP_KIND_MONTHS_3,
            due_on=(local_date(work.real_now()) + timedelta(days=80)).isoformat(),
            reason="NO_INTERPRETER",
        ),
        "DropFollowUp": lambda: steps_pb2.DropFollowUpRequest(
            request_id=work.request_id(),
            case=case,
            kind=types.FOLLOW_UP_KIND_YEARS_2,
            reason=types.STEP_DROP_REASON_RISK_FELL,
        ),
        "TakeUpFollowUp": lambda: steps_pb2.TakeUpFollowUpRequest(
            request_id=work.request_id(), case=case, kind=types.FOLLOW_UP_KIND_YEARS_2
        ),
        "RecordConsent": lambda: consents_pb2.RecordConsentRequest(
            request_id=work.request_id(),
            case=child,
            purpose="SERVICES",
            state=types.CONSENT_STATE_GIVEN,
            giver=types.CONSENT_GIVER_GUARDIAN,
            guardian=consents_pb2.Guardian(
                name=mark, relation=types.GuardianRelation.Value(f"GUARDIAN_RELATION_{RELATION}")
            ),
            language="vi",
            text_version=1,
        ),
        "RecordHomeSafety": lambda: full_check(case, agency, reason=mark, guardian=mark),
        "RecordShortChecks": lambda: short_checks(short_check(child, agency, guardian=mark)),
        "ConfirmHomeSafety": lambda: home_safety_pb2.ConfirmHomeSafetyRequest(
            request_id=work.request_id(), case=case, number=1
        ),
    }


def tell_everything(whole: Whole, desks: OfficeCalls, case: str, child: str, agency: str, mark: str) -> Told:
    """Put the mark into each text and code of each request of care in turn, all else being right.

    `case` is followed up by the agency, `child` is with the border post. AssertionError for a method that changes
    anything and has no right request.
    """
    right, told = right_requests(desks.at(agency), case, agency, mark, child), Told()
    lacking = [method.name for _, method in care_methods() if changes(method) and method.name not in right]
    assert not lacking, f"what these take in is not looked for: {lacking}"
    for service, method in care_methods():
        roles = POLICIES[full_name(method)].roles
        post = service == "intake" and Role.BORDER_POST in roles
        role = Role.BORDER_POST if post else Role.SUPPORT_AGENCY if Role.SUPPORT_AGENCY in roles else min(roles)
        bearer = token(whole, role, agency if role is Role.SUPPORT_AGENCY else None)
        make = right.get(method.name, partial(_empty, method.input_type, case))
        for path in _paths(method.input_type):
            request = make()
            _put(request, path, mark)
            told.marked.add(f"{method.name}.{'.'.join(path)}")
            refused = call(whole, service, method, request, bearer)
            if refused is None:
                told.taken.add(f"{method.name}.{'.'.join(path)}")
                told.sealed |= (
                    {f"{method.name}.{'.'.join(path)}"} if changes(method) and method.name != DRAFTS else set()
                )
            else:
                told.refusals.append(all_of(refused))
        if method.name in right and (refused := call(whole, service, method, make(), bearer)) is not None:
            told.refusals.append(all_of(refused))
    return told


def all_of(refused: RpcFailure) -> str:
    """All that a refusal says."""
    violations = [str(each) for each in refused.violations]
    return "\n".join((refused.reason, refused.message, str(dict(refused.metadata)), *violations))


def _empty(kind: Any, case: str) -> Message:
    fields = {each.name for each in kind.fields}
    known = {"request_id": work.request_id(), "case": case}
    request: Message = GetMessageClass(kind)(**{name: value for name, value in known.items() if name in fields})
    return request


def _paths(kind: Any) -> Iterator[tuple[str, ...]]:
    """Where texts and codes stand in a request, by the names of their fields."""
    for each in kind.fields:
        if each.type == FieldDescriptor.TYPE_STRING:
            yield (each.name,)
        elif each.type == FieldDescriptor.TYPE_MESSAGE and each.message_type.full_name.startswith("homeward."):
            for rest in _paths(each.message_type):
                yield (each.name, *rest)


def _put(request: Any, path: tuple[str, ...], mark: str) -> None:
    """The mark in a field: beside what stands in a list, in the place of a text; in the last of several parts."""
    name, *rest = path
    each = request.DESCRIPTOR.fields_by_name[name]
    value = getattr(request, name)
    if rest:
        part = (value[-1] if len(value) else value.add()) if each.is_repeated else value
        part.SetInParent()
        _put(part, tuple(rest), mark)
    elif each.is_repeated:
        value.append(mark)
    else:
        setattr(request, name, mark)

"""What one person asked for and others approve, as it is shown."""

from __future__ import annotations

import re

from homeward.handover.v1 import approvals_pb2, directory_pb2
from homeward.type.v1 import options_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import number_of
from services.handover.domain.approvals import Given, Shown


def approval(one: Shown) -> approvals_pb2.Approval:
    """A request with what was asked for, word for word."""
    asked, matter, decision = one.approval, one.approval.matter, one.approval.decision
    shown = approvals_pb2.Approval(
        approval_id=str(asked.id),
        method=matter.method,
        object=matter.object,
        state=number_of(types.ApprovalState, one.state),
        asked_by_office_id=asked.asked_by.office_id,
        asked_by_subject=asked.asked_by.subject,
        expires_on=asked.expires_on.isoformat(),
        approvers=[number_of(options_pb2.Approver, each) for each in sorted(one.approvers)],
        approving_office_ids=one.approving_office_ids,
        given=[given_approval(each) for each in asked.given],
        awaited=[number_of(options_pb2.Approver, each) for each in sorted(one.awaited)],
        for_you=one.for_caller,
        refusable_by_you=one.refusable,
        from_you=one.from_caller,
    )
    shown.ask_time.FromDatetime(asked.asked_at)
    if decision is not None:
        shown.decided_by_office_id = decision.office_id
        shown.decided_by_subject = decision.subject
        shown.decide_time.FromDatetime(decision.at)
        shown.refusal = number_of(types.ApprovalRefusal, decision.refusal)
    getattr(shown, field_of(matter.method)).MergeFromString(asked.request)
    return shown


def given_approval(given: Given) -> directory_pb2.GivenApproval:
    """That somebody approved it."""
    shown = directory_pb2.GivenApproval(
        approver=number_of(options_pb2.Approver, given.approver),
        office_id=given.by.office_id,
        subject=given.by.subject,
    )
    shown.approve_time.FromDatetime(given.at)
    return shown


def field_of(method: str) -> str:
    """The field that holds what was asked by a method: change_rule for ChangeRule."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", method).lower()

"""A case is given to another office of the police, at the command line."""

from __future__ import annotations

from homeward.intake.v1 import cases_pb2, identification_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.case_number import keyed_case_number
from tests.integration.cli.commands.conftest import Desk

CASE = keyed_case_number(5)


def test_another_office_is_named_with_a_reason(desk: Desk) -> None:
    case = cases_pb2.Case(case_number=CASE, verifier_office_id="VF-04")
    desk.services.answer("AssignVerifier", identification_pb2.AssignVerifierResponse(case=case))
    done = desk.homeward("--as", "SV-22", "assign-verifier", CASE, "--to", "VF-04", "--reason", "not-impartial")
    assert done.code == 0, done.err
    assert "VF-04" in done.out
    [request] = desk.services.requests("AssignVerifier")
    assert (request.office_id, request.reason) == ("VF-04", types_pb2.VERIFIER_REASON_NOT_IMPARTIAL)

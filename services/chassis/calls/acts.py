"""Who did what: one row for each mutation that was answered, written in its unit of work and never changed.

An act says who, by which token, from where, when and about which cases; never what was asked, for that may name
somebody. What was refused changed nothing and is no act; the same request again is none either.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from services.chassis.calls.security import CallContext
from services.chassis.kernel.roles import Caller
from services.chassis.storage.database import plain_array


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call came from: the address of who called, and the id that its trace goes by."""

    correlation_id: str
    peer: str

    @classmethod
    def of(cls, call: CallContext) -> Self:
        """That of a call."""
        return cls(call.correlation_id, call.peer)


def act_row(
    caller: Caller, origin: Origin, method: str, request_id: uuid.UUID, case_ids: Iterable[uuid.UUID], now: datetime
) -> Mapping[str, object]:
    """The row of the table `act`."""
    return {
        "at": now,
        "method": method,
        # As text: many rows are given as an array for each column, and an array of arrays would be one.
        "case_ids": plain_array(sorted(set(case_ids))),
        "office_id": caller.office_id,
        "role": caller.role.value,
        "subject": caller.subject,
        "token_id": caller.token_id,
        "request_id": request_id,
        "correlation_id": origin.correlation_id,
        "peer": origin.peer,
    }


_COLUMNS: Final = "at, method, case_ids, office_id, role, subject, token_id, request_id, correlation_id, peer"
INSERT_ACT: Final = f"""
    INSERT INTO act ({_COLUMNS})
    VALUES (:at, :method, CAST(:case_ids AS uuid[]), :office_id, :role, :subject, :token_id, :request_id,
            :correlation_id, :peer)
"""
"""SQL with the columns of `act_row` as parameters."""

"""What offices are told that need be about no case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.notify.domain.duties import Ending
from services.notify.domain.facts import Param
from services.notify.domain.messages import Kind


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom something concerns: these offices, the supervisors of these, every supervisor, and the nation."""

    office_ids: Sequence[str] = ()
    supervisors_of: Sequence[str] = ()
    all_supervisors: bool = False
    nation: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What offices are told, if anything. `case_id`: the case it is about, or what stands for none.

    `once_an_hour`: what is told once in an hour, whoever says it how often; empty: each event is told.
    """

    case_id: UUID
    kind: Kind | None
    concerned: Concerned = Concerned()
    params: Mapping[Param, str] = field(default_factory=dict)
    about: str = ""
    ends: Sequence[Ending] = ()
    once_an_hour: str = ""

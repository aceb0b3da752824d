"""The offices of the country as a running Homeward lists them, kept here for as long as its edition stands."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from google.protobuf.json_format import MessageToDict, ParseDict, ParseError

from homeward.handover.v1 import directory_pb2
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office, Provenance
from services.chassis.country.provinces import DirectoryError
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role
from services.client.files import write_file

OFFICES_PER_PAGE: Final = 200
PAGES_MAX: Final = 100
"""Twenty thousand offices: more is no country's list."""

Ask = Callable[[directory_pb2.ListOfficesRequest], directory_pb2.ListOfficesResponse]


@dataclass(frozen=True, slots=True)
class _Kept:
    edition: str = ""
    offices: Sequence[directory_pb2.Office] = ()


def listed(ask: Ask, kept_in: Path | None) -> Directory:
    """All offices, asked for only when the edition is another one than that kept in the file.

    Raises what `ask` raises; DirectoryError when the answer makes no directory.
    """
    kept = _read(kept_in)
    answer = ask(directory_pb2.ListOfficesRequest(page_size=OFFICES_PER_PAGE, edition=kept.edition))
    if answer.unchanged:
        return _directory(kept.offices)
    offices = list(answer.offices)
    edition = answer.edition
    for _ in range(PAGES_MAX):
        if not answer.next_page_token:
            break
        request = directory_pb2.ListOfficesRequest(page_size=OFFICES_PER_PAGE, page_token=answer.next_page_token)
        answer = ask(request)
        offices += answer.offices
    found = _directory(offices)
    # Of a list that changed between two pages no edition is known.
    if answer.edition == edition:
        _keep(kept_in, _Kept(edition, offices))
    return found


def _directory(offices: Sequence[directory_pb2.Office]) -> Directory:
    try:
        known = [_office(each) for each in offices]
    except ValueError as error:
        raise DirectoryError(f"an office of the list cannot be read: {error}") from error
    # Whether two agencies may be a province's at once was decided where they were opened.
    return Directory(known, [each.id for each in known], [each.office_id for each in offices if each.ended])


def _office(told: directory_pb2.Office) -> Office:
    province = told.province if told.HasField("province") else None
    return Office(
        id=told.office_id,
        role=Role(told.role),
        province=ProvinceRef(province.code, province.vintage) if province is not None else None,
        name_en=told.name_en,
        name_vi=told.name_vi,
        valid_from=date.fromisoformat(told.valid_from),
        valid_to=date.fromisoformat(told.valid_to) if told.valid_to else None,
        successor_id=told.successor_id or None,
        facility_kind=FacilityKind(told.facility_kind) if told.facility_kind else None,
        provenance=Provenance(told.provenance),
        capacity=told.capacity or None,
    )


def _read(file: Path | None) -> _Kept:
    if file is None:
        return _Kept()
    try:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        answer = ParseDict(document, directory_pb2.ListOfficesResponse(), ignore_unknown_fields=True)
        _directory(answer.offices)
    except (OSError, ValueError, ParseError, DirectoryError):
        # Nothing kept, or nothing that can be read: it is asked for anew.
        return _Kept()
    return _Kept(answer.edition, answer.offices)


def _keep(file: Path | None, kept: _Kept) -> None:
    if file is None or not file.parent.is_dir():
        return
    document = MessageToDict(directory_pb2.ListOfficesResponse(edition=kept.edition, offices=kept.offices))
    # A folder that cannot be written to costs a longer answer the next time.
    with contextlib.suppress(OSError):
        write_file(file, json.dumps(document, ensure_ascii=False))

"""By what a person is found again without being read: digests under a key that is no part of the database.

The same record gives the same digests, and whoever has the database alone can tell nothing from them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Final

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.who import is_whole, name_key
from services.intake.domain.people import Person
from services.intake.domain.registered import Trace
from services.intake.domain.submissions import Submission

DIGEST_BYTES: Final = 16
_YEAR_CHARS: Final = 4
_AFTER_NAME: Final = 1
"""Where what follows the name begins in a record."""


class Traces:
    """Makes the traces of people."""

    __slots__ = ("_key",)

    def __init__(self, digest_key: bytes) -> None:
        self._key = digest_key

    def __repr__(self) -> str:
        return "Traces(…)"

    def of_submission(self, submission: Submission) -> list[Trace]:
        """Of each person of a checked submission."""
        assert submission.handover_time is not None, "a checked submission has a time"
        day = local_date(submission.handover_time)
        place = submission.place
        about = (
            submission.route or "",
            submission.handover_time.isoformat(),
            place.kind.value if place else "",
            place.text if place else "",
            submission.handing_body,
            submission.joint_minutes_number,
        )
        return [self._trace(person, day, about) for person in submission.people]

    def of_person(self, person: Person, day: date) -> Trace:
        """Of a person whose handover is not at hand: what is made of it is like no other."""
        return self._trace(person, day, ("", secrets.token_hex()))

    def _trace(self, person: Person, day: date, about: Sequence[str]) -> Trace:
        known = (person.sex, name_key(person.full_name))
        record = _record(person)
        whole = is_whole(person.birth_date)
        return Trace(
            digest=self._digest("person", known),
            year=self._digest("year", (*known, person.birth_date[:_YEAR_CHARS])),
            birth=self._digest("birth", (*known, person.birth_date)) if whole else None,
            day=day,
            handover=self._digest("handover", (*known, *about)),
            record=self._digest("record", (about, record)),
            nameless=self._digest("nameless", (about, record[_AFTER_NAME:])) if whole else None,
        )

    def _digest(self, purpose: str, content: Sequence[object]) -> bytes:
        text = json.dumps(["homeward.intake", purpose, content], ensure_ascii=False, separators=(",", ":"))
        return hmac.digest(self._key, text.encode(), hashlib.sha256)[:DIGEST_BYTES]


def _record(person: Person) -> list[object]:
    """All of a record but what names other cases and rows: ties change with the order of a list."""
    return [
        person.full_name,
        person.sex,
        person.birth_date,
        person.nationality,
        person.ethnicity,
        person.language,
        person.home_province,
        person.home_address,
        person.returned_from_country,
        person.health_remarks,
        person.documents,
        person.belongings,
        person.victim_declaration,
        person.return_certificate_number,
        person.handover_certificate_number,
        person.remarks,
    ]

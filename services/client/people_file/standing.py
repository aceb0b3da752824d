"""Who stands in which row of a file that was sent: found by who she is, never by the row.

Lists are sorted, headings are put above them, birth dates are set right. Marks beside the file say whose case is
whose: digests under the id of the request, of name and sex, of these and the birth, and of the whole record.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from functools import cached_property
from typing import Final

from services.chassis.kernel.who import name_key
from services.client.people_file.content import HandoverContent, PersonContent
from services.client.sidecar import BatchState, Entry, Mark, SentBatch

_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Stands:
    """A registered person: her row now, her case, the batch and her position in it from 1.

    `changed`: something else of her stands there than was sent.
    """

    row: int
    entry: Entry
    batch: SentBatch
    position: int
    changed: bool


@dataclass(frozen=True)
class Standing:
    """A file beside what was sent of it.

    Attributes:
        registered: those who are, in the order of the file.
        new: rows of people who are not.
        gone: cases of people who are not in the file any more, with the rows that they had.
    """

    registered: tuple[Stands, ...]
    new: tuple[int, ...]
    gone: tuple[Entry, ...]

    @property
    def has_moved(self) -> bool:
        """Whether anybody stands in another row than when the file was sent."""
        return any(each.row != each.entry.row for each in self.registered)

    @cached_property
    def changed(self) -> tuple[int, ...]:
        """Rows in which something else of the person stands than was sent."""
        return tuple(each.row for each in self.registered if each.changed)

    @property
    def is_as_sent(self) -> bool:
        """Whether the very same people stand there, wherever."""
        return not (self.new or self.gone or self.changed)

    def in_row(self, row: int) -> Stands | None:
        """Who stands in a row, if she is registered."""
        return next((each for each in self.registered if each.row == row), None)


def marks_of(content: HandoverContent, request_id: str) -> tuple[tuple[Mark, ...], str]:
    """The marks of a submission, person by person, and that of what concerns them all."""
    about = asdict(content) | {"handover_time": content.handover_time.astimezone(UTC).isoformat()}
    del about["people"]
    return marks_of_people(content.people, request_id), _digest(request_id, ["about", about])


def marks_of_people(people: Sequence[PersonContent], request_id: str) -> tuple[Mark, ...]:
    """The marks of people of one list."""
    return tuple(_Plain.of(person, people).mark(request_id) for person in people)


@dataclass(frozen=True, slots=True)
class _Plain:
    """What marks are made of; found once, whatever the number of requests."""

    name: tuple[str, str]
    birth: str
    record: str

    @classmethod
    def of(cls, person: PersonContent, people: Sequence[PersonContent]) -> _Plain:
        """Of a person among others of her list: a tie is to somebody, not to a row."""
        record = asdict(person)
        record["family_links"] = sorted(
            [link.relation, name_key(people[link.row - 1].full_name)]
            for link in person.family_links
            if 1 <= link.row <= len(people)
        )
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return cls((name_key(person.full_name), person.sex), person.birth_date, text)

    def mark(self, request_id: str) -> Mark:
        """Under the id of a request."""
        return Mark(
            name=_digest(request_id, ["name", self.name]),
            who=_digest(request_id, ["who", self.name, self.birth]),
            record=_digest(request_id, ["record", self.record]),
        )


def _digest(request_id: str, content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(request_id.encode(), text.encode(), hashlib.sha256).hex()[:_DIGITS]


def delivered_of(batches: Sequence[SentBatch]) -> tuple[SentBatch, ...]:
    """Those that became cases."""
    return tuple(each for each in batches if each.state is BatchState.DELIVERED)


def has_marks(batches: Sequence[SentBatch]) -> bool:
    """Whether all of them can be compared with a file."""
    return all(len(each.marks) == len(each.rows) for each in batches)


@dataclass(slots=True)
class _Sent:
    batch: SentBatch
    position: int
    mark: Mark
    entry: Entry


class _Matching:
    def __init__(self, batches: Sequence[SentBatch], rows: Sequence[int], people: Sequence[PersonContent]) -> None:
        self.found: dict[int, tuple[_Sent, bool]] = {}
        self.left = list(_sent(batches))
        plain = [_Plain.of(person, people) for person in people]
        self._marks = {
            row: {batch.request_id: each.mark(batch.request_id) for batch in batches}
            for row, each in zip(rows, plain, strict=True)
        }

    def match(self, key: Callable[[Mark], object], *, changed: bool, only_one: bool = False) -> None:
        """Give everybody who is left whom the key names; of several alike the one whose row it was, then the next.

        `only_one`: where it names two of them, or two rows, nobody can tell.
        """
        sent: dict[tuple[str, object], list[_Sent]] = {}
        for one in self.left:
            sent.setdefault((one.batch.request_id, key(one.mark)), []).append(one)
        keys = {
            row: [(request_id, key(mark)) for request_id, mark in marks.items()]
            for row, marks in self._marks.items()
            if row not in self.found
        }
        wanted = Counter(each for of_row in keys.values() for each in of_row)
        for by_row in (True, False):
            for row, of_row in keys.items():
                alike = [one for each in of_row if not only_one or wanted[each] == 1 for one in sent.get(each, ())]
                if row in self.found or (only_one and len(alike) > 1):
                    continue
                chosen = next((one for one in alike if not by_row or one.entry.row == row), None)
                if chosen is not None:
                    sent[chosen.batch.request_id, key(chosen.mark)].remove(chosen)
                    self.found[row] = (chosen, changed)
        self.left = [one for several in sent.values() for one in several]


def _sent(batches: Sequence[SentBatch]) -> Iterator[_Sent]:
    for batch in batches:
        entries = {entry.row: entry for entry in batch.entries}
        for position, (row, mark) in enumerate(zip(batch.rows, batch.marks, strict=True), start=1):
            if row in entries:
                yield _Sent(batch, position, mark, entries[row])


def standing_of(batches: Sequence[SentBatch], rows: Sequence[int], people: Sequence[PersonContent]) -> Standing:
    """The people of a file, with the rows they stand in, beside batches that were delivered and have marks.

    A record that is the same in all is found first, then one of the same name, sex and birth; last, where there is no
    doubt, one whose birth was changed. A name that was changed is another person here: the officer knows better.
    """
    matching = _Matching(batches, rows, people)
    matching.match(lambda mark: (mark.who, mark.record), changed=False)
    matching.match(lambda mark: mark.who, changed=True)
    matching.match(lambda mark: mark.name, changed=True, only_one=True)
    registered = [
        Stands(row, one.entry, one.batch, one.position, changed)
        for row, (one, changed) in sorted(matching.found.items())
    ]
    new = tuple(row for row in rows if row not in matching.found)
    gone = tuple(one.entry for one in sorted(matching.left, key=lambda one: one.entry.row))
    return Standing(tuple(registered), new, gone)

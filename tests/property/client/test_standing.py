"""Whatever is done to a file that was sent, nobody is taken for somebody else, and everybody is told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.kernel.who import name_key
from services.client.people_file.batches import part_of, split
from services.client.people_file.content import HandoverContent, PersonContent
from services.client.people_file.standing import marks_of, standing_of
from services.client.sidecar import BatchState, Entry, SentBatch
from tests.property.client.strategies import handovers
from tests.support.examples import examples

EDITS = ("none", "birth", "health", "name", "drop")


def sent_of(content: HandoverContent, rows: Sequence[int]) -> tuple[SentBatch, ...]:
    """What stands beside the file once it is delivered; a case is numbered by the person's place in the list."""
    batches = []
    for batch in split(content, rows):
        request_id = str(uuid.uuid4())
        marks, about = marks_of(batch.content, request_id)
        entries = tuple(Entry(row, f"case-{rows.index(row)}", f"HW-{rows.index(row)}") for row in batch.rows)
        batches.append(
            SentBatch(
                request_id, batch.content.digest(), batch.rows, BatchState.DELIVERED, "h", "", entries, marks, about
            )
        )
    return tuple(batches)


def edited(person: PersonContent, edit: str, number: int) -> PersonContent:
    match edit:
        case "birth":
            return replace(person, birth_date="2001-02-03" if person.birth_date != "2001-02-03" else "1977")
        case "health":
            return replace(person, health_remarks=person.health_remarks + " x")
        case "name":
            return replace(person, full_name=f"Người Mới {number}")
        case _:
            return person


@given(data=st.data(), content=handovers(most=6))
@settings(max_examples=examples(60), deadline=None)
def test_nobody_is_taken_for_another_whatever_was_done_to_the_file(
    data: st.DataObject, content: HandoverContent
) -> None:
    rows = list(range(2, len(content.people) + 2))
    batches = sent_of(content, rows)
    order = data.draw(st.permutations(range(len(rows))))
    edits = [data.draw(st.sampled_from(EDITS)) for _ in rows]
    kept = [was for was in order if edits[was] != "drop"]
    now = {was: place + 1 for place, was in enumerate(kept)}
    people = [
        replace(
            edited(content.people[was], edits[was], was),
            # A tie is to the same person still, where she is.
            family_links=tuple(
                replace(link, row=now[link.row - 1]) for link in content.people[was].family_links if link.row - 1 in now
            ),
        )
        for was in kept
    ]
    top = data.draw(st.integers(2, 9))
    rows_now = list(range(top, top + len(people)))
    standing = standing_of(batches, rows_now, people)

    # Everybody once: in the file or out of it, registered or not.
    assert sorted([each.row for each in standing.registered] + list(standing.new)) == rows_now
    cases = [each.entry.case_id for each in standing.registered] + [each.case_id for each in standing.gone]
    assert sorted(cases) == sorted(f"case-{was}" for was in range(len(rows)))
    for each in standing.registered:
        was = int(each.entry.case_id.removeprefix("case-"))
        person = people[rows_now.index(each.row)]
        assert name_key(person.full_name) == name_key(content.people[was].full_name)
        assert each.batch.rows[each.position - 1] == rows[was]
    for was, row in zip(kept, rows_now, strict=True):
        found = standing.in_row(row)
        if edits[was] == "name":
            assert found is None
        else:
            assert found is not None
            assert found.entry.case_id == f"case-{was}"
            touched = edits[was] != "none" or any(
                edits[link.row - 1] in ("name", "drop") for link in content.people[was].family_links
            )
            assert found.changed == touched
    if all(edit == "none" for edit in edits):
        assert standing.is_as_sent
        assert standing.has_moved == (rows_now != rows or list(order) != sorted(order))


@given(data=st.data(), content=handovers(most=6))
@settings(max_examples=examples(25), deadline=None)
def test_a_part_of_a_list_is_its_people_with_their_ties_among_one_another(
    data: st.DataObject, content: HandoverContent
) -> None:
    rows = list(range(2, len(content.people) + 2))
    wanted = data.draw(st.lists(st.sampled_from(rows), min_size=1, unique=True))
    part, of_part, cut = part_of(content, rows, wanted)
    assert list(of_part) == sorted(wanted)
    for row, person in zip(of_part, part.people, strict=True):
        before = content.people[rows.index(row)]
        assert person.full_name == before.full_name
        meant = {rows[link.row - 1] for link in before.family_links}
        assert {of_part[link.row - 1] for link in person.family_links} == meant & set(wanted)
        assert (row in cut) == bool(meant - set(wanted))

"""Any handover that a form can hold. Everybody in it is made of random letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import ethnic_groups, gates
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.names import is_name
from services.chassis.kernel.record import INVERSE_RELATIONS
from services.chassis.kernel.who import name_key
from services.client.people_file import values
from services.client.people_file.content import FamilyLink, HandoverContent, PersonContent

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

# Letters that Excel, the separators and the quoting have to get through; every text begins with a plain letter, since
# a row that begins with # is not read and a cell of blanks is an empty one. Two vowels of Western Europe side by
# side, as in "aà", would be a font of old; so those letters are left out here.
_LETTERS = st.sampled_from([*"aảạăầbcdđeếghiklmnoốơpqrstuưvxyABCĐ 0123456789", ",", '"', "'", "\t", "|", "=", "@"])


def texts(longest: int) -> st.SearchStrategy[str]:
    """Texts as a file keeps them: one line, no blanks at the ends or in a row; they may be names."""
    return st.text(_LETTERS, max_size=longest - 2).map(lambda rest: " ".join(("Th" + rest).split()))


items = st.lists(texts(40), max_size=3).map(tuple)
births = st.one_of(
    st.just(""),
    st.integers(1930, 2025).map(str),
    st.dates(datetime(1930, 1, 1).date(), datetime(2025, 12, 31).date()).map(lambda day: day.isoformat()),  # noqa: DTZ001
    st.dates(datetime(1930, 1, 1).date(), datetime(2025, 12, 31).date()).map(lambda day: day.isoformat()[:7]),  # noqa: DTZ001
)
people = st.builds(
    PersonContent,
    full_name=texts(120).filter(is_name),
    sex=st.sampled_from(values.SEXES),
    birth_date=births,
    nationality=st.sampled_from(["", "VN", "CN", "KH"]),
    ethnicity=st.sampled_from(["", "UNKNOWN", "FOREIGNER", *(f"2008:{each.gso_2008}" for each in ethnic_groups())]),
    language=st.sampled_from(["", "vi", "hmn", "km"]),
    home_province=st.sampled_from(["", *map(str, provinces())]),
    home_address=st.one_of(st.just(""), texts(300)),
    returned_from_country=st.sampled_from(["", "CN", "LA"]),
    health_remarks=st.one_of(st.just(""), texts(200)),
    documents=items,
    belongings=items,
    victim_declaration=st.booleans(),
    return_certificate_number=st.one_of(st.just(""), texts(60)),
    handover_certificate_number=st.one_of(st.just(""), texts(60)),
    remarks=st.one_of(st.just(""), texts(200)),
)


def _back(linked: Sequence[PersonContent], row: int, position: int) -> str:
    """What the person in a row is to the one at a position, by what she said before; empty when she did not."""
    if row > len(linked):
        return ""
    return next((INVERSE_RELATIONS[each.relation] for each in linked[row - 1].family_links if each.row == position), "")


@st.composite
def handovers(draw: st.DrawFn, most: int = 4) -> HandoverContent:
    """A handover with people, some of them linked."""
    several = draw(st.lists(people, min_size=1, max_size=most, unique_by=lambda one: name_key(one.full_name)))
    linked: list[PersonContent] = []
    for position, person in enumerate(several, start=1):
        others = [row for row in range(1, len(several) + 1) if row != position]
        rows = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
        # What the other said of this one already has to agree with what this one says.
        said = {row: _back(linked, row, position) for row in rows}
        links = tuple(FamilyLink(row, said[row] or draw(st.sampled_from(values.RELATIONS))) for row in rows)
        earlier = draw(st.sampled_from(["", format_case_number(position)]))
        linked.append(replace(person, family_links=links, earlier_case=earlier))
    place = draw(st.sampled_from(["gate", "marker", "other_place"]))
    return HandoverContent(
        route=draw(st.sampled_from(values.HANDOVER_ROUTES)),
        handover_time=NOW - timedelta(seconds=draw(st.integers(0, 10_000_000))),
        gate=draw(st.sampled_from(sorted(gates()))) if place == "gate" else "",
        marker=draw(texts(40)) if place == "marker" else "",
        other_place=draw(texts(200)) if place == "other_place" else "",
        handing_body=draw(st.one_of(st.just(""), texts(200))),
        joint_minutes_number=draw(st.one_of(st.just(""), texts(60))),
        people=tuple(linked),
    )

"""The table: who gets which answer, when; as cells, and as few lines as a person can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from tests.integration.matrix.asking import METHODS, SHOWS, is_list, is_read
from tests.integration.matrix.stories import RELATIONS, ROLES

NOT_LISTED: Final = "not listed"
NO_CASE: Final = "about no one case"
DENIED: Final = "PERMISSION_DENIED"


@dataclass(frozen=True, order=True)
class Cell:
    """A place in the table."""

    method: str
    who: str
    state: str


# What is shown of a case.

Shown = Mapping[str, int]
"""The names of what is told of a case, and how much of each: rows, or one."""
IDENTITY: Final = "identity_view"
PLAIN: Final = frozenset({"ListMessages", "ListActs", "ListAccessLog"})
"""Lists in which there are several rows about a case, for each office others: only whether there are any is told."""
OF_THE_ASKER: Final = frozenset(
    {"arrival_still_taken", "take_back_until", "for_you", "refusable_by_you", "from_you", "etag", "identity_view"}
)
"""What an answer tells of whoever asks, and not of the case."""
OF_HER: Final = frozenset({"age_band", "home_province", "arrived_on", "travel", "office_id", "to_office_id"})
"""Of the parts of an answer only these stand in the table by name."""


def shown(message: Message, about: Collection[str], *, rows: bool) -> Shown:
    """What an answer tells; of a list (`rows`), what the rows about a case do, which these are."""
    if rows:
        return _most([_names(row) for row in _rows_about(message, about)])
    parts = message.ListFields()
    if len(parts) == 1 and parts[0][0].message_type is not None and not parts[0][0].is_repeated:
        return _names(parts[0][1])
    return _names(message)


def _rows_about(message: Any, about: Collection[str]) -> Iterator[Any]:
    for each, value in message.ListFields():
        if each.message_type is not None and each.is_repeated:
            yield from (row for row in value if _is_about(row, about))


def _is_about(row: Any, about: Collection[str]) -> bool:
    named = [(each, value) for each, value in row.ListFields() if each.name in SHOWS]
    said = {one for each, value in named for one in (value if each.is_repeated else [value])}
    return not said.isdisjoint(about)


def _names(message: Any) -> Shown:
    found: dict[str, int] = {}
    for each, value in message.ListFields():
        if each.name in OF_THE_ASKER or each.name == "person":
            continue
        found[each.name] = len(value) if each.is_repeated else 1
        if each.message_type is not None and each.message_type.full_name.startswith("homeward."):
            parts = [_names(one) for one in (value if each.is_repeated else [value])]
            found |= {f"{each.name}.{name}": 1 for name in _most(parts) if name in OF_HER}
    return found


def _most(each: Collection[Shown]) -> dict[str, int]:
    return {name: max(one.get(name, 0) for one in each) for one in each for name in one}


def identity_of(message: Any) -> str:
    """How much of a person an answer tells; empty where it is not about that."""
    case = getattr(message, "case", None)
    if case is None or IDENTITY not in case.DESCRIPTOR.fields_by_name:
        return ""
    view = case.DESCRIPTOR.fields_by_name[IDENTITY].enum_type.values_by_number[case.identity_view]
    return str(view.name.rpartition("_")[2])


def in_words(seen: Shown, most: Shown) -> str:
    """What is shown, as against the most that anybody is shown of the case then."""
    missing = {name for name in most if name not in seen}
    some = {name for name in seen if seen[name] < most[name]}
    less = [*_short(missing, set(seen)), *(f"some {name}" for name in sorted(some))]
    only = [f"some {name}" if name in some else name for name in _short(set(seen), missing)]
    if not less:
        return "all"
    return ", ".join(only) if len(only) <= len(less) else f"all but {', '.join(less)}"


def _short(names: Set[str], others: Set[str]) -> list[str]:
    """Without the parts of what is told, or not told, as a whole."""
    whole = {_top(name) for name in names} - {_top(name) for name in others}
    return sorted({_top(name) if _top(name) in whole else name for name in names})


def _top(name: str) -> str:
    return name.partition(".")[0]


# As lines.


def lines(cells: Mapping[Cell, str], denied: Mapping[str, Collection[str]], states: Sequence[str]) -> Iterator[str]:
    """The table. `denied`: the words of the roles that may never call, by method."""
    by_method: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for cell, answer in cells.items():
        by_method[cell.method][cell.who][cell.state] = answer
    for method in denied:
        yield f"\n{method}"
        if method not in by_method:
            called = [word for word in ROLES.values() if word not in denied[method]]
            yield f"  {NO_CASE:24} | every {', '.join(called)}" if called else f"  {NO_CASE:24} | another service"
        yield from (f"  {answer:24} | {whom}" for answer, whom in _of_method(by_method[method], states))
        if denied[method]:
            yield f"  {DENIED:24} | every {', '.join(denied[method])}"


def _of_method(by_who: Mapping[str, Mapping[str, str]], states: Sequence[str]) -> Iterator[tuple[str, str]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for who, answers in by_who.items():
        for answer in set(answers.values()):
            when = [state for state in states if answers.get(state) == answer]
            found[answer][_when(when, [state for state in states if state in answers])].append(who)
    for answer in sorted(found, key=lambda one: (not one.startswith("OK"), one)):
        by_when = sorted(found[answer].items(), key=lambda one: _place(one[1]))
        yield answer, "; ".join(", ".join(_grouped(who, list(by_who))) + when for when, who in by_when)


def _when(when: Sequence[str], possible: Sequence[str]) -> str:
    if len(when) == len(possible):
        return ""
    missing = [each for each in possible if each not in when]
    return f" [not {', '.join(missing)}]" if len(missing) < len(when) / 2 else f" [{', '.join(when)}]"


def _grouped(who: Sequence[str], everybody: Sequence[str]) -> Iterator[str]:
    """Who, in the order of the relations; "relation *" for everybody in it."""
    for relation in RELATIONS:
        mine = [each for each in who if _relation(each) == relation]
        if len(mine) > 1 and len(mine) == sum(_relation(each) == relation for each in everybody):
            yield f"{relation} *"
        else:
            yield from mine


def _place(who: Iterable[str]) -> list[int]:
    return sorted(RELATIONS.index(_relation(each)) for each in who)


def _relation(who: str) -> str:
    return next(who.removesuffix(word).strip() for word in ROLES.values() if who.endswith(f" {word}"))


# From answers to cells.


def cells_of(
    answers: Mapping[tuple[Cell, str], Message | str], names: Mapping[str, Collection[str]]
) -> Mapping[Cell, str]:
    """What stands in each cell. `answers`: by cell and case; `names`: how rows of lists name a case."""
    seen: dict[tuple[str, str], dict[Cell, tuple[str, Shown]]] = defaultdict(dict)
    found: dict[Cell, set[str]] = defaultdict(set)
    for (cell, case), answer in answers.items():
        _, method = METHODS[cell.method]
        if isinstance(answer, str):
            found[cell].add(answer)
        elif not is_read(method):
            found[cell].add("OK")
        elif shows := shown(answer, names.get(case, ()), rows=is_list(method)):
            seen[cell.method, case][cell] = identity_of(answer), {} if method.name in PLAIN else shows
        else:
            found[cell].add(NOT_LISTED if is_list(method) else "OK: nothing")
    for by_cell in seen.values():
        most = _most([shows for _, shows in by_cell.values()])
        for cell, (identity, shows) in by_cell.items():
            found[cell].add(f"OK{identity and ' ' + identity}: {in_words(shows, most)}")
    return {cell: " / ".join(sorted(said)) for cell, said in found.items()}
